import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, scratch } from '../support/plumb.ts'
import { modelProject, promoteFile, type Served, served } from '../support/serving.ts'

const PYTHON = join(ROOT, '.work', 'interop-python')
const installed = existsSync(join(PYTHON, 'installed.txt'))
const GUARD = 'guard: { output: { on_violation: fallback }, fallback: { model: logistic } }\n'
const running: Served[] = []
afterAll(async () => {
  for (const server of running) await server.stop()
})

/** What `ask.py` found out about a server. */
async function askedByTriton({ ready }: Served, folder: string): Promise<Record<string, unknown>> {
  const token = readFileSync(join(folder, ready.tokenFile), 'utf8').trim()
  const { stdout } = await promisify(execFile)(join(PYTHON, 'bin', 'python'), [
    join(import.meta.dirname, 'ask.py'),
    ready.url,
    ready.model,
    token,
  ])
  return JSON.parse(stdout) as Record<string, unknown>
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return ports
}

const suite = describe.skipIf(!installed)

suite('tritonclient (skipped without Python: tests/interop/setup.sh)', () => {
  let said: Record<string, unknown>
  beforeAll(async () => {
    const folder = modelProject('interop-triton', '')
    await promoteFile(folder, 'models/forest.onnx')
    const server = await served(folder, 'guard', '--port', '0')
    running.push(server)
    said = await askedByTriton(server, folder)
  })

  it('finds a server, and what its model takes and gives', () => {
    expect([said['live'], said['ready'], said['modelReady']]).toEqual([true, true, true])
    expect(said['server']).toMatchObject({ name: 'plumbline', extensions: ['binary_tensor_data', 'model_repository'] })
    expect(said['model']).toMatchObject({
      name: 'independent-models',
      inputs: [{ name: 'limit_bal', datatype: 'FP64', shape: [-1] }, {}, {}, {}, {}, {}],
      outputs: [
        { name: 'risk', datatype: 'FP64', shape: [-1] },
        { name: 'decision', datatype: 'BOOL' },
      ],
    })
  })

  it('gets the same answer in every encoding, the default one being binary', () => {
    const { risk, decision } = said['binary'] as { risk: readonly number[]; decision: readonly boolean[] }
    expect(risk).toHaveLength(2)
    expect(decision).toEqual(risk.map((each) => each >= 0.4))
    for (const encoding of ['json', 'mixed', 'float64'])
      expect([encoding, said[encoding]]).toEqual([encoding, said['binary']])
    // 50000.5 and -5.25 are float32 numbers, too.
    expect(said['float32']).toEqual(said['binary'])
    expect(said['id']).toBe('r-1')
    expect((said['async'] as readonly string[]).map((each) => JSON.parse(each))).toEqual([
      said['binary'],
      said['binary'],
    ])
  })

  it('is told in its own terms what was refused', () => {
    expect(said['rejected']).toEqual(['400', 'Row 1 is rejected: accounts.age.range.'])
    expect(said['missing']).toEqual(['400', 'Row 1 is rejected: accounts.limit_bal.required.'])
    expect(said['noSuchModel']).toEqual(['404', 'There is no such model or version.'])
    expect(said['noSuchOutput']).toEqual(['400', 'There is no output "x"; there are risk, decision.'])
    expect(said['classification']).toEqual(['400', '`classification` is not offered.'])
  })

  it('steers the repository with the token, and not without it', () => {
    expect(said['index']).toMatchObject([{ name: 'independent-models', state: 'READY' }])
    expect(said['indexWithout']).toMatchObject(['401', expect.any(String)])
    expect(said['loadConfig']).toMatchObject(['400', expect.stringContaining('Only `digest` can be given')])
    expect(said['unloaded']).toEqual([false, ['503', 'Nobody could answer: model-failed.']])
    expect(said['loaded']).toEqual([true, said['binary']])
  })

  it('and a Prometheus parser reads the metrics', () => {
    expect(said['metrics']).toMatchObject({ 'plumbline_requests_total{"verdict": "rejected"}': 2 })
    expect(said['families']).toMatchObject({
      plumbline_requests: 'counter',
      plumbline_guard_seconds: 'histogram',
      plumbline_serving_info: 'gauge',
    })
  })
})

suite('in front of MLServer (skipped without Python: tests/interop/setup.sh)', () => {
  let mlserver: ChildProcess
  let guard: Served
  let folder: string
  beforeAll(async () => {
    const models = scratch('interop-mlserver-models')
    cpSync(join(import.meta.dirname, 'mlserver'), models, { recursive: true })
    const [port, grpc, metrics] = await freePorts(3)
    writeFileSync(
      join(models, 'settings.json'),
      JSON.stringify({
        host: '127.0.0.1',
        http_port: port,
        grpc_port: grpc,
        metrics_port: metrics,
        parallel_workers: 0,
        debug: false,
      }),
    )
    mlserver = spawn(join(PYTHON, 'bin', 'mlserver'), ['start', models], {
      env: { ...process.env, PYTHONPATH: models },
      stdio: 'ignore',
    })
    const ready = async (): Promise<boolean> => {
      try {
        return (await fetch(`http://127.0.0.1:${port}/v2/models/scorer/ready`)).status === 200
      } catch {
        return false
      }
    }
    while (mlserver.exitCode === null && !(await ready())) await new Promise((resolve) => setTimeout(resolve, 100))
    folder = modelProject('interop-mlserver', GUARD)
    guard = await served(
      folder,
      'guard',
      '--port',
      '0',
      '--timeout',
      '2s',
      '--upstream',
      `http://127.0.0.1:${port}/v2/models/scorer`,
    )
    running.push(guard)
  })
  afterAll(() => {
    mlserver.kill('SIGKILL')
  })

  const infer = async (row: Readonly<Record<string, number>>) => {
    const all = { limit_bal: 50000.5, sex: 1, age: 50, pay_0: 0, pay_2: 0, bill_amt1: 1000, ...row }
    const inputs = Object.entries(all).map(([name, value]) => ({ name, shape: [1], datatype: 'FP64', data: [value] }))
    const response = await fetch(`${guard.ready.url}/v2/models/${guard.ready.model}/infer`, {
      method: 'POST',
      body: JSON.stringify({ id: 'x', inputs }),
    })
    const body = (await response.json()) as { outputs?: readonly { readonly data: readonly unknown[] }[] }
    return { status: response.status, verdict: response.headers.get('plumbline-verdict'), body }
  }

  it('passes on what satisfies the clauses', async () => {
    const { status, verdict, body } = await infer({})
    expect([status, verdict]).toEqual([200, 'accepted'])
    expect(body).toMatchObject({ id: 'x', model_version: 'v5', outputs: [{ data: [0.25] }, { data: [false] }] })
    expect((await infer({ age: 7 })).status).toBe(400)
  })

  it.each([
    [4, 'fails'],
    [5, 'hangs'],
    [6, 'answers NaN'],
    [7, 'answers 1.25'],
    [8, 'answers a row too many'],
  ])('falls back where the model, asked with %i, %s; and serves the next request', async (pay) => {
    const { status, verdict, body } = await infer({ pay_0: pay })
    expect([status, verdict]).toEqual([200, 'fallback'])
    expect(body.outputs?.[0]?.data[0]).not.toBe(0.25)
    expect((await infer({})).verdict).toBe('accepted')
  })

  it('is asked by tritonclient, in binary, and has MLServer load its model again', async () => {
    const said = await askedByTriton(guard, folder)
    expect(said['binary']).toEqual({ risk: [22 / 128, 6 / 128], decision: [false, false] })
    expect(said['json']).toEqual(said['binary'])
    expect(said['loaded']).toEqual([true, said['binary']])
  })
})
