import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, digestOf, makeEvidence, type SystemEvent } from '@plumbline/core'
import { declaredRequests, logColumnsOf, openRequestLog } from '@plumbline/engine'
import { type LedgerRecord, nodeHost, openLedger } from '@plumbline/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readAccounts } from '../examples/credit-default/traffic/accounts.js'
import { waitFor } from '../examples/credit-default/traffic/clock.js'
import { requestsOf } from '../examples/credit-default/traffic/day.js'
import { readOptions } from '../examples/credit-default/traffic/options.js'
import { createChildren } from '../tools/start/children.ts'
import { startGuard } from '../tools/start/production.ts'
import { plumb, ROOT, scratch } from './support/plumb.ts'

const KILLS = Number(process.env['PLUMB_KILLS'] ?? 5)
const KILLS_A_ROUND = 3
const ROUNDS = Math.ceil(KILLS / KILLS_A_ROUND)
/** Longest time before a kill, as a share of what a whole retraining takes here: the later ones go on where the first were ended. */
const LONGEST_SHARE = 0.6

const BIN = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')
const EXAMPLE = join(ROOT, 'examples', 'credit-default')
const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const NAMES = [
  ...'limit_bal sex education marriage age pay_0 pay_2 pay_3 pay_4 pay_5 pay_6'.split(' '),
  ...[1, 2, 3, 4, 5, 6].map((month) => `bill_amt${month}`),
  ...[1, 2, 3, 4, 5, 6].map((month) => `pay_amt${month}`),
]
const typeOf = (name: string): string => (/amt|limit/.test(name) ? 'number' : 'integer')
const columns = NAMES.map((name) => `      ${name}: { type: ${typeOf(name)} }`).join('\n')

const SPEC = `plumbline: 1
system: { name: killed, version: 1.0.0 }
data:
  accounts:
    source: data/accounts.parquet
    key: [id]
    splits: { test: 'split == "test"' }
    columns:
      id: { type: integer, role: key }
${columns}
      split: { type: text, role: split }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: models/first.onnx
    task: binary-classification
    input: { from: accounts, columns: [${NAMES.join(', ')}] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  ranks-well: { says: It ranks., of: [champion.test, requests], must: roc_auc() >= 0.6 }
monitor:
  windows: [1d]
  labels: { source: data/outcomes.csv, join: id, within: 3d, min_share: 10% }
pipeline:
  candidate: models/first.onnx
  stages:
    first: { run: node train.js --trees 4 --depth 2 --out models/first.onnx, needs: [data/accounts.parquet], makes: [models/first.onnx] }
    more:
      run: node train.js --trees 4 --depth 2 --window data/window.parquet --out models/next.onnx
      needs: [data/accounts.parquet, data/window.parquet]
      makes: [models/next.onnx]
  retrain: { when: [ranks-well], stages: [more], candidate: models/next.onnx, window: data/window.parquet }
release:
  production: { requires: [data, model] }
`

let project: string
const children = createChildren()
afterAll(() => children.close())
const clock = (): string => join(project, 'clock')
const ledger = () => openLedger(nodeHost(), join(project, '.plumb', 'ledger'))

beforeAll(async () => {
  project = scratch('loop-kill')
  for (const part of ['train.js', 'trainer', 'data'])
    cpSync(join(EXAMPLE, part), join(project, part), { recursive: true })
  mkdirSync(join(project, 'models'))
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'))
  writeFileSync(join(project, 'plumb.yaml'), SPEC)
  writeFileSync(clock(), new Date(START).toISOString())
  await writeTraffic()
  for (const args of [['run', 'first', '--trust'], ['test'], ['promote']]) {
    const ran = plumb(project, '--clock', clock(), ...args)
    expect(ran.err + ran.out, args.join(' ')).not.toContain('error')
    expect(ran.code, args.join(' ')).toBe(0)
  }
})

/** Requests of every round, and their labels; a log as the guard writes it. */
async function writeTraffic(): Promise<void> {
  const { value: program } = compile({ main: { path: 'plumb.yaml', text: SPEC }, others: [] })
  const declared = program === undefined ? undefined : declaredRequests(program)
  if (declared === undefined) throw new Error('the spec does not compile')
  const log = await openRequestLog({
    host: nodeHost(),
    directory: join(project, '.plumb', 'requests'),
    columns: logColumnsOf(declared),
  })
  if (!log.ok) throw new Error('no log')
  const { accounts } = await readAccounts(join(EXAMPLE, 'data', 'accounts.parquet'), 'later')
  const lines = ['id,default,arrived_at']
  for (let day = 0; day <= ROUNDS; day++) {
    const rows = requestsOf(accounts, day, readOptions(['--url', 'http://x', '--rows-per-day', '100']))
    for (const row of rows) lines.push(`${row.id},${row.label},${new Date(row.at + HOUR).toISOString()}`)
    await log.value.append(
      rows.map(({ id, at, inputs }) => ({
        requestId: `${id}`,
        row: 0,
        at: at * 1000,
        model: 'sha256:any',
        guard: 'accepted' as const,
        clauses: [],
        request: { id, ...inputs },
        answer: { risk: 0.5, decision: true },
      })),
    )
  }
  await log.value.close()
  writeFileSync(join(project, 'data', 'outcomes.csv'), `${lines.join('\n')}\n`)
}

/** Evidence that the version in production ranked badly on a day, as a watch would write it. */
async function violate(day: number): Promise<string> {
  const champion = (await records()).findLast(({ body }) => body.kind === 'promotion')?.body['digest']
  const text = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')
  const [from, to] = [START + day * 24 * HOUR, START + (day + 1) * 24 * HOUR]
  const evidence = makeEvidence(
    {
      clause: 'ranks-well',
      form: 'must',
      stage: 'runtime',
      severity: 'block',
      relation: 'requests',
      slice: 'all',
      window: `${text(from)}/${text(to)}`,
      method: 'interval',
      digests: {
        spec: digestOf('s'),
        clause: digestOf('c'),
        data: {},
        models: { champion: String(champion) },
        tool: '0',
      },
      verdict: 'violated',
      n: 100,
      measured: 0.5,
      missing: 0,
      excluded: 0,
      unassigned_rows: 0,
      terms: [],
      comparisons: [],
    },
    { at: text(to), durationMs: 1, host: { os: 'linux', arch: 'x64', node: '24' }, session: 's' },
  )
  const written = await ledger().append([{ kind: 'evidence', evidence: evidence as never }])
  expect(written.ok).toBe(true)
  writeFileSync(clock(), new Date(to + HOUR).toISOString())
  return evidence.id
}

async function records(): Promise<readonly LedgerRecord[]> {
  const read = await ledger().select()
  if (!read.ok) throw new Error(read.failure.kind)
  return read.value
}

const eventsOf = (all: readonly LedgerRecord[]): readonly SystemEvent[] =>
  all.flatMap(({ body }) => (body.kind === 'event' ? [body['event'] as unknown as SystemEvent] : []))

function loop(): ChildProcess {
  return spawn(process.execPath, [BIN, '-C', project, '--clock', clock(), 'run', '--watch', '--once', '--trust'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

it('told to stop, it ends with 0 and says who told it', async () => {
  const child = spawn(process.execPath, [BIN, '-C', project, '--clock', clock(), 'run', '--watch', '--trust'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const ended = once(child, 'close')
  await waitFor(join(project, '.plumb', 'retrain', 'position'), START, 60_000)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(said).toBe('stopped by SIGTERM\n')
})

it(`${ROUNDS} retrainings, killed ${KILLS} times: none begins twice, stops half way or loses a step`, async () => {
  let seed = 20_261_122
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const causes: string[] = []
  let killed = 0
  const production = { project, plumb: ['node', BIN], clock: clock(), children, say: () => undefined }
  await startGuard(production)
  // One that nobody ends says how long it takes on this machine.
  causes.push(await violate(0))
  const began = performance.now()
  expect(await once(loop(), 'close')).toEqual([0, null])
  const longest = LONGEST_SHARE * (performance.now() - began)
  for (let round = 0; round < ROUNDS; round++) {
    causes.push(await violate(round + 1))
    for (let kill = 0; kill < KILLS_A_ROUND && round * KILLS_A_ROUND + kill < KILLS; kill++) {
      const child = loop()
      const ended = once(child, 'close')
      // The time of a kill is the point of the test; there is no event to wait for.
      const timer = setTimeout(() => child.kill('SIGKILL'), random() * longest)
      const [, signal] = (await ended) as [number | null, string | null]
      clearTimeout(timer)
      if (signal === 'SIGKILL') killed++
    }
    expect(await once(loop(), 'close')).toEqual([0, null])
  }
  const all = await records()
  const events = eventsOf(all).filter(({ kind }) => kind.startsWith('retrain.'))
  expect(events.map(({ kind, detail }) => `${kind} ${String(detail?.['cause'])}`)).toEqual(
    causes.flatMap((cause) =>
      ['suspected', 'decided', 'trained', 'validated', 'staged', 'promoted', 'verified'].map(
        (step) => `retrain.${step} ${cause}`,
      ),
    ),
  )
  const promoted = all.filter(({ body }) => body.kind === 'promotion').map(({ body }) => body['digest'])
  expect(new Set(promoted).size).toBe(ROUNDS + 2)
  expect(promoted.filter((digest, i) => digest !== promoted[i - 1])).toHaveLength(ROUNDS + 2)
  expect(events.filter(({ kind }) => kind === 'retrain.promoted').map(({ digest }) => digest)).toEqual([
    ...new Set(promoted.slice(1)),
  ])
  // What is promoted is what answers, and each promotion was read back; no other version was ever found.
  const verified = events.filter(({ kind }) => kind === 'retrain.verified')
  expect(verified.every(({ detail }) => detail?.['readBack'] === true)).toBe(true)
  const found = eventsOf(all).filter(({ kind }) => /^version\.(deployed|mismatch)$/.test(kind))
  expect(found.every(({ kind }) => kind === 'version.deployed')).toBe(true)
  expect([...new Set(found.map(({ digest }) => digest))]).toEqual([...new Set(promoted.slice(1))])
  const serving = JSON.parse(readFileSync(join(project, '.plumb', 'serving', 'production.json'), 'utf8')) as object
  expect(serving).toMatchObject({ digest: promoted.at(-1) })
  await children.close()
  expect(plumb(project, 'verify').code).toBe(0)
  expect(killed).toBeGreaterThanOrEqual(ROUNDS)
  console.log(`${killed} of ${KILLS} loops were killed before they had settled`)
}, 3_600_000)
