import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'

const PYTHON = join(ROOT, '.work', 'models-python', 'bin', 'python')
const MLSERVER = join(ROOT, '.work', 'interop-python', 'bin', 'mlserver')
const installed = existsSync(join(ROOT, '.work', 'models-python', 'installed.txt'))
const withMlserver = existsSync(join(ROOT, '.work', 'interop-python', 'installed.txt'))
process.env['PYTHONPATH'] = join(ROOT, 'python')
process.env['PYTHONDONTWRITEBYTECODE'] = '1'

let folder = ''
const started: ChildProcess[] = []
afterAll(() => {
  for (const each of started) each.kill('SIGKILL')
})

const COLUMNS = `      age: { type: integer, range: [18, 79] }
      income: { type: number, optional: true }
      town: { type: category, values: [Ulm, Gera, Kiel] }
      default: { type: boolean, role: label }
      filled: { type: number }
      says_pipeline: { type: number }
      says_answer: { type: boolean }
      says_logistic: { type: number }
      says_regression: { type: number }
      says_booster: { type: number }
      says_trees: { type: number }
      says_mlflow: { type: boolean }`

const worker = (file: string, ...options: readonly string[]): string =>
  `{ command: ${JSON.stringify([PYTHON, '-m', 'plumbline.worker', ...options])}, file: ${file}, batch: 128 }`
const byArrow = (artifact: string): string => artifact.replace(/ }$/, ', format: arrow }')

/** Asks one model whether it says what its library said. */
function ask(artifact: string, input: string, outputs: string, ...conditions: readonly string[]): readonly Statement[] {
  const clauses = conditions.map(
    (condition, i) => `  same-${i}: { of: champion, every: "${condition}", missing: pass }`,
  )
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: models, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
${COLUMNS}
models:
  champion: { artifact: ${artifact}, input: { from: rows, columns: [${input}] }, outputs: { ${outputs} } }
clauses:
${clauses.join('\n')}
`,
  )
  const ran = plumb(folder, 'test', '--stage', 'model', '--trust', '--json')
  if (ran.out === '') throw new Error(ran.err)
  return ran
    .json<{ readonly evidence: readonly Statement[] }>()
    .evidence.filter(({ clause }) => clause.startsWith('same-'))
}

const near = (column: string): string => `risk - ${column} < 1e-7 && ${column} - risk < 1e-7`
const suite = describe.skipIf(!installed)

suite('models of Python (skipped without its libraries: tests/models/setup.sh)', () => {
  beforeAll(() => {
    folder = scratch('python-models')
    const trained = spawnSync(PYTHON, [join(import.meta.dirname, 'train.py'), folder], { encoding: 'utf8' })
    if (trained.status !== 0) throw new Error(trained.stderr)
  })

  it.each([
    [
      'a pipeline of scikit-learn',
      'pipeline.joblib',
      'age, income, town',
      'says_pipeline',
      { 'scikit-learn': '1.9.1' },
    ],
    ['LightGBM', 'booster.lgb', 'age, income', 'says_booster', { lightgbm: '4.7.0' }],
    ['XGBoost', 'trees.ubj', 'age, income', 'says_trees', { xgboost: '3.2.0' }],
  ])('%s', (_, file, input, truth, says) => {
    const [same] = ask(worker(file), input, 'risk: { type: number, range: [0, 1] }', near(truth))
    expect(same).toMatchObject({
      verdict: 'satisfied',
      n: 300,
      failing: 0,
      runners: { champion: { kind: 'command', says, repeated: { rows: 32, differing: 0 } } },
    })
    const [byOther] = ask(byArrow(worker(file)), input, 'risk: { type: number, range: [0, 1] }', near(truth))
    expect(byOther).toMatchObject({
      verdict: 'satisfied',
      n: 300,
      failing: 0,
      runners: { champion: { says, repeated: { differing: 0 } } },
    })
  })

  it('a pickled regression, fitted without names', () => {
    expect(
      ask(worker('regression.pkl'), 'age, filled', 'risk: { type: number }', near('says_regression')),
    ).toMatchObject([{ verdict: 'satisfied', n: 300 }])
  })

  it('several outputs of one model', () => {
    const outputs =
      'risk: { type: number, tensor: predict_proba, index: 1 }, answer: { type: boolean, tensor: predict }'
    const [risk, answer] = ask(
      worker('pipeline.joblib'),
      'age, income, town',
      outputs,
      near('says_pipeline'),
      'answer == says_answer',
    )
    expect([risk, answer]).toMatchObject([{ verdict: 'satisfied' }, { verdict: 'satisfied', n: 300 }])
    const conditions = [near('says_pipeline'), 'answer == says_answer']
    expect(ask(byArrow(worker('pipeline.joblib')), 'age, income, town', outputs, ...conditions)).toMatchObject([
      { verdict: 'satisfied' },
      { verdict: 'satisfied', n: 300 },
    ])
  })

  it('skops, which loads only the types that are trusted', () => {
    const outputs = 'risk: { type: number }'
    expect(ask(worker('logistic.skops'), 'age, income', outputs, near('says_logistic'))).toMatchObject([
      {
        verdict: 'error',
        reason: 'model-unreadable',
        cause: expect.stringContaining('types that nobody trusts: ["numpy.dtype"]'),
      },
    ])
    const trusted = worker('logistic.skops', '--trust-type', 'numpy.dtype')
    expect(ask(trusted, 'age, income', outputs, near('says_logistic'))).toMatchObject([
      { verdict: 'satisfied', runners: { champion: { says: { model: 'Pipeline', skops: '0.16.0' } } } },
    ])
  })

  it('an MLflow model, which is a folder', () => {
    for (const artifact of [worker('mlflow'), byArrow(worker('mlflow'))]) {
      const [same] = ask(artifact, 'age, income', 'answer: { type: boolean }', 'answer == says_mlflow')
      const says = { mlflow: '3.17.2' }
      expect(same).toMatchObject({ verdict: 'satisfied', n: 300, runners: { champion: { says } } })
    }
  })

  it('a file that is none, and columns that the model was not fitted on', () => {
    writeFileSync(join(folder, 'broken.joblib'), 'no model')
    expect(ask(worker('broken.joblib'), 'age', 'risk: { type: number }', 'risk > 0.0')).toMatchObject([
      { verdict: 'error', reason: 'model-unreadable' },
    ])
    for (const artifact of [worker('pipeline.joblib'), byArrow(worker('pipeline.joblib'))])
      expect(ask(artifact, 'age', 'risk: { type: number }', 'risk > 0.0')).toMatchObject([
        { verdict: 'error', reason: 'model-failed', cause: expect.stringContaining('columns are missing: {') },
      ])
  })

  it('a model behind `mlflow models serve`', async () => {
    const [port = 0] = await freePorts(1)
    await begun(
      spawn(
        PYTHON,
        [
          '-m',
          'mlflow',
          'models',
          'serve',
          '-m',
          join(folder, 'mlflow'),
          '-p',
          String(port),
          '--env-manager',
          'local',
          '-w',
          '1',
        ],
        {
          env: { ...process.env, PATH: `${join(PYTHON, '..')}:${process.env['PATH']}` },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      ),
      `http://127.0.0.1:${port}/ping`,
    )
    const [same] = ask(
      `{ http: "http://127.0.0.1:${port}", protocol: mlflow }`,
      'age, income',
      'answer: { type: boolean }',
      'answer == says_mlflow',
    )
    expect(same).toMatchObject({
      verdict: 'satisfied',
      n: 300,
      runners: {
        champion: { kind: 'http', says: { protocol: 'mlflow', mlflow: '3.17.2' }, repeated: { differing: 0 } },
      },
    })
  })

  it.skipIf(!withMlserver)('a model behind MLServer', async () => {
    const models = join(folder, 'mlserver')
    cpSync(join(import.meta.dirname, 'mlserver'), models, { recursive: true })
    const [port = 0, grpc, metrics] = await freePorts(3)
    const settings = {
      host: '127.0.0.1',
      http_port: port,
      grpc_port: grpc,
      metrics_port: metrics,
      parallel_workers: 0,
      debug: false,
    }
    writeFileSync(join(models, 'settings.json'), JSON.stringify(settings))
    await begun(
      spawn(MLSERVER, ['start', models], {
        env: { ...process.env, PYTHONPATH: models },
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
      `http://127.0.0.1:${port}/v2/models/half/ready`,
    )
    const artifact = `{ http: "http://127.0.0.1:${port}", protocol: oip-v2, model: half, batch: 100 }`
    const [same] = ask(artifact, 'filled, age', 'risk: { type: number }', '2.0 * risk == filled + double(age)')
    expect(same).toMatchObject({
      verdict: 'satisfied',
      n: 300,
      runners: { champion: { says: { model: 'half', version: 'v1' } } },
    })
  })
})

/** Waits until a server answers; what it said where it ends before. */
async function begun(server: ChildProcess, ready: string): Promise<void> {
  started.push(server)
  let said = ''
  server.stderr?.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-4000)
  })
  const answers = async (): Promise<boolean> => {
    try {
      return (await fetch(ready)).status === 200
    } catch {
      return false
    }
  }
  while (!(await answers())) {
    if (server.exitCode !== null) throw new Error(`The server ended: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return ports
}
