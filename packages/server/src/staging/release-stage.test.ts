import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Decided, digestBytes, type Statement, statementIdentity } from '@plumbline/core'
import { type ReleaseStageRequest, runReleaseStage, type StageCandidate } from '@plumbline/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardServer, startServer } from '../http/http-server.ts'
import { openOnnxVersion } from '../models/onnx-version.ts'
import { guardOf, modelPath, programOf } from '../testing/guarded.ts'
import type { ModelVersion } from '../versions/model-version.ts'
import { guardBench } from './guard-bench.ts'
import { openOipClient } from './oip-client.ts'
import { type Passing, type Tamper, tamperingServer } from './testing/tampering-server.ts'

const ROOT = fileURLToPath(new URL('../../../../examples/credit-default/', import.meta.url))
const SECTION = `  rich-or-old: { says: a, of: requests, every: limit_bal > 20_000.0 || age > 30, severity: warn }
  bill-of-credit: { says: a, of: requests, every: bill_amt1 <= 3.0 * limit_bal, slices: [young, late] }
  half-in-time: { says: a, of: release, must: latency_ms(0.5) < 400.0 }
  never-sure: { says: a, of: requests, every: risk < 0.99 }
guard:
  output: { on_violation: fallback }
  fallback: { model: logistic }
  budget: { added_latency_p99: 500ms, severity: block }
release: { production: { requires: [data, model, release] } }
`
const LIMIT_MS = 500
/** Enough for a fault to show. */
const FEWER = { real: 60, valid: 20, batch: 20, single: 20 }
const CHECKS = ['release.contract', 'release.parity', 'release.guard']

const program = programOf(SECTION)
const files = new Map(
  ['forest.onnx', 'logistic.onnx'].map((file) => {
    const path = modelPath(file)
    const digest = digestBytes(readFileSync(path))
    return [digest, { path, digest }] as const
  }),
)
const [candidate = '', fallback = ''] = [...files.keys()]
const closers: (() => Promise<void> | void)[] = []
let versions: { readonly model: ModelVersion; readonly fallback: ModelVersion }
let honest: GuardServer

async function start(model: ModelVersion, guard = SECTION): Promise<GuardServer> {
  const server = await startServer({
    name: 'credit',
    guard: await guardOf(guard),
    model,
    fallback: versions.fallback,
    mostRows: 4096,
  })
  closers.push(() => server.close())
  return server
}

beforeAll(async () => {
  const { plan } = await guardOf(SECTION)
  const open = async (file: string, model: string): Promise<ModelVersion> => {
    const opened = await openOnnxVersion(readFileSync(modelPath(file)), { program, plan, model })
    if (!opened.ok) throw new Error(opened.refusal.message)
    closers.push(() => opened.value.close())
    // A server closes what it served; several serve the same here.
    return { ...opened.value, close: () => Promise.resolve() }
  }
  versions = { model: await open('forest.onnx', 'champion'), fallback: await open('logistic.onnx', 'logistic') }
  honest = await start(versions.model)
})
afterAll(async () => {
  for (const close of closers) await close()
})

/** What is served somewhere as the staged candidate; `section`: the guard in process. */
async function staged(url: string, section: string, digest = candidate): ReturnType<StageCandidate> {
  const client = openOipClient({ url, model: 'credit', digest }, { timeoutMs: 5000 })
  const bench = guardBench(await guardOf(section))
  return { ok: true, value: { staged: client, bench, close: () => Promise.resolve(client.close()) } }
}

/** Decides the release stage on a server; the statements by clause. */
async function decided(url: string, more: Partial<ReleaseStageRequest> = {}): Promise<ReadonlyMap<string, Statement>> {
  const found = new Map<string, Statement>()
  const request: ReleaseStageRequest = {
    program,
    root: ROOT,
    toolVersion: '0.1.0',
    versions: { candidate, others: { logistic: fallback } },
    files,
    load: { clients: 4, requests: 600, warmUp: 50 },
    stageCandidate: () => staged(url, SECTION),
    ...more,
  }
  for await (const statement of runReleaseStage(request)) found.set(statement.clause, statement)
  return found
}

const verdicts = (found: ReadonlyMap<string, Statement>): Record<string, string> =>
  Object.fromEntries([...found].map(([id, { verdict }]) => [id, verdict]))
const only =
  (...ids: readonly string[]) =>
  (instance: { readonly clause: { readonly id: string } }): boolean =>
    ids.includes(instance.clause.id)

describe('an honest server', () => {
  it('passes, with numbers that say on what', async () => {
    const found = await decided(honest.url)
    const failing = [...found.values()].filter(({ verdict }) => verdict !== 'satisfied')
    expect(
      failing.map(({ clause }) => clause),
      'some accounts of the data are young and have little credit',
    ).toEqual(['rich-or-old'])
    const { n: requests, method } = found.get('release.contract') as { n: number; method: string }
    expect(requests).toBeGreaterThan(300)
    expect(method).toBe('requests')
    const parity = found.get('release.parity') as {
      n: number
      notes: readonly string[]
      digests: { models: object; data: object }
    }
    expect(parity.n).toBeGreaterThan(1000)
    expect(Number(/^\d+/.exec(parity.notes[0] ?? '')?.[0])).toBeGreaterThanOrEqual(1000)
    expect(parity.digests.models).toEqual({ champion: candidate, logistic: fallback })
    expect(Object.keys(parity.digests.data)).toEqual(['accounts.test'])
    const bites = found.get('release.guard') as { method: string; notes: readonly string[] }
    expect(bites.method).toBe('requests, doctored answers')
    expect(bites.notes.join(' ')).toMatch(/made-up answers/)
    const latency = found.get('release.latency') as { n: number; measured: number; notes: readonly string[] }
    expect(latency.n).toBe(600)
    expect(latency.measured).toBeGreaterThan(0)
    expect(latency.measured).toBeLessThan(LIMIT_MS)
    expect(latency.notes[0]).toContain('4 clients')
    expect(latency.notes[1]).toContain('without the time')
    expect(found.get('half-in-time')).toMatchObject({ verdict: 'satisfied', n: 600 })
    for (const id of ['never-sure', 'bill-of-credit', 'champion.risk.range', 'accounts.age.range'])
      expect(found.get(id)?.relation, id).toBe('release')
  })

  const POLICIES = {
    'rejects, and withholds': '',
    'falls back on the input, too':
      'guard: { input: { on_violation: fallback }, output: { on_violation: fallback }, fallback: { model: logistic } }\n',
    'falls back on a value': 'guard: { output: { on_violation: fallback }, fallback: { value: { risk: 0.5 } } }\n',
    'has a fallback that breaks a clause itself':
      'guard: { output: { on_violation: fallback }, fallback: { value: { risk: 0.65 } } }\n',
    'only flags': 'guard: { input: { on_violation: flag }, output: { on_violation: flag } }\n',
  }
  const SEEN: Readonly<Record<keyof typeof POLICIES, readonly string[]>> = {
    'rejects, and withholds': ['200 accepted', '400 rejected', '502 withheld'],
    'falls back on the input, too': ['200 fallback'],
    'falls back on a value': ['200 fallback', '400 rejected'],
    'has a fallback that breaks a clause itself': ['400 rejected', '503 unavailable'],
    'only flags': ['200 flagged'],
  }
  it.each(Object.entries(POLICIES))('passes when it %s', async (name, guard) => {
    const section = `  not-so-sure: { says: a, of: requests, every: risk < 0.6, slices: [all, late] }
  bill-of-credit: { says: a, of: requests, every: bill_amt1 <= 3.0 * limit_bal, slices: [young, late] }
${guard}release: { production: { requires: [release] } }
`
    const server = await start(versions.model, section)
    const seen = new Set<string>()
    const between = await tamperingServer(server.url, ({ status, headers }) => {
      seen.add(`${status} ${headers['plumbline-verdict'] ?? ''}`)
      return {}
    })
    closers.push(between.close)
    const found = await decided(between.url, {
      program: programOf(section),
      counts: { real: 300, valid: 60, batch: 5, single: 100 },
      stageCandidate: () => staged(between.url, section),
      select: only(...CHECKS),
    })
    expect([...found.values()].flatMap((each) => ('witnesses' in each ? (each.witnesses ?? []) : []))).toEqual([])
    expect(verdicts(found)).toEqual(Object.fromEntries(CHECKS.map((id) => [id, 'satisfied'])))
    expect([...seen]).toEqual(expect.arrayContaining([...SEEN[name as keyof typeof SEEN]]))
  })

  it('says the same again: seeds follow from digests, and another seed is exploratory', async () => {
    const select = only(...CHECKS)
    const first = await decided(honest.url, { select })
    const again = await decided(honest.url, { select })
    expect([...again.values()].map(statementIdentity)).toEqual([...first.values()].map(statementIdentity))
    const other = await decided(honest.url, { select, seed: 'another' })
    expect([...other.values()].every(({ exploratory }) => exploratory === true)).toBe(true)
  })

  it('is not charged for a slow model', async () => {
    const slow: ModelVersion['answer'] = async (rows, deadline, about) => {
      await new Promise((resolve) => setTimeout(resolve, LIMIT_MS + 20))
      return versions.model.answer(rows, deadline, about)
    }
    const server = await start({ ...versions.model, answer: slow })
    const select = only('release.latency')
    const found = await decided(server.url, { select, load: { clients: 40, requests: 400, warmUp: 40 } })
    expect(found.get('release.latency')).toMatchObject({ verdict: 'satisfied' })
  })
})

/** The outputs of an answer with one of them changed. */
function withOutput(body: string, name: string, change: (tensor: Record<string, unknown>) => object): string {
  const answer = JSON.parse(body) as { outputs?: readonly Record<string, unknown>[] }
  const outputs = answer.outputs?.map((each) => (each['name'] === name ? { ...each, ...change(each) } : each))
  return JSON.stringify(outputs === undefined ? answer : { ...answer, outputs })
}
const numbers = (tensor: Record<string, unknown>): readonly number[] => tensor['data'] as readonly number[]
const isInfer = ({ path }: Passing): boolean => path.endsWith('/infer')
const answers =
  (change: (passing: Passing) => string): Tamper =>
  (passing) =>
    isInfer(passing) && passing.status === 200 ? { body: change(passing) } : {}

describe('a planted fault', () => {
  const risk = (change: (tensor: Record<string, unknown>) => object): Tamper =>
    answers(({ body }) => withOutput(body, 'risk', change))
  const faults: readonly (readonly [string, readonly string[], Tamper])[] = [
    [
      'the last bit of one row',
      ['parity'],
      risk((tensor) => ({ data: numbers(tensor).with(0, lastBit(numbers(tensor)[0] ?? 0)) })),
    ],
    ['other numbers', ['parity'], risk((tensor) => ({ data: numbers(tensor).map((each) => each * 0.99) }))],
    [
      'another decision',
      ['parity'],
      answers(({ body }) =>
        withOutput(body, 'decision', ({ data }) => ({ data: (data as boolean[]).map((each) => !each) })),
      ),
    ],
    ['a wrong shape', ['contract'], risk((tensor) => ({ shape: [1, numbers(tensor).length] }))],
    ['a row too few', ['contract', 'parity'], risk((tensor) => ({ data: numbers(tensor).slice(1) }))],
    ['another datatype', ['contract'], risk(() => ({ datatype: 'FP32' }))],
    ['null for a number', ['contract', 'parity'], risk((tensor) => ({ data: numbers(tensor).map(() => null) }))],
    [
      'a number out of range',
      ['contract', 'parity'],
      risk((tensor) => ({ data: numbers(tensor).map((each) => each + 1) })),
    ],
    [
      'an output that is not there',
      ['contract', 'parity'],
      answers(({ body }) => body.replace('"decision"', '"verdict"')),
    ],
    [
      'another version',
      ['contract'],
      answers(({ body }) => body.replace(/"model_version":"\w+"/, '"model_version":"1"')),
    ],
    ['an id that is not echoed', ['contract'], answers(({ body }) => body.replace(/"id":"[^"]+"/, '"id":"x"'))],
    ['no JSON', ['contract', 'parity'], answers(() => '<html>')],
    ['a trace that is lost', ['contract'], (passing) => ({ headers: { ...passing.headers, traceparent: '' } })],
    [
      'an answer to what is no request',
      ['contract'],
      (passing) =>
        isInfer(passing) && passing.status === 400 && !passing.request.includes('"violation-')
          ? { status: 200, body: '{}' }
          : {},
    ],
    [
      'metadata that lies',
      ['contract'],
      (passing) => (passing.path.endsWith('/credit') ? { body: passing.body.replace('FP64', 'FP32') } : {}),
    ],
    ['not ready', ['contract'], (passing) => (passing.path === '/v2/health/ready' ? { status: 503 } : {})],
    [
      'a clause left out of the headers',
      ['guard'],
      ({ headers }) => ({
        headers: {
          ...headers,
          'plumbline-clauses': (headers['plumbline-clauses'] ?? '').replace('accounts.age.range', ''),
        },
      }),
    ],
    ['another verdict', ['guard'], ({ headers }) => ({ headers: { ...headers, 'plumbline-verdict': 'accepted' } })],
    ['another row blamed', ['guard'], (passing) => ({ body: passing.body.replace('"row":1', '"row":2') })],
    [
      'a fallback that claims to be the model',
      ['guard', 'parity'],
      ({ headers }) => ({
        headers: { ...headers, 'plumbline-served-by': 'fallback', 'plumbline-verdict': 'fallback' },
      }),
    ],
  ]
  it.each(faults)('%s: caught by %j', async (_name, caught, tamper) => {
    const between = await tamperingServer(honest.url, tamper)
    closers.push(between.close)
    const found = await decided(between.url, { select: only(...CHECKS), counts: FEWER })
    expect(Object.fromEntries(CHECKS.map((id) => [id, found.get(id)?.verdict]))).toEqual(
      Object.fromEntries(
        CHECKS.map((id) => [id, caught.includes(id.slice('release.'.length)) ? 'violated' : 'satisfied']),
      ),
    )
    for (const id of caught) {
      const { witnesses = [], failing } = found.get(`release.${id}`) as Decided
      expect(failing).toBeGreaterThan(0)
      expect(witnesses[0]).toMatchObject({ key: { request: expect.any(String) } })
      expect(witnesses[0]?.because).not.toBe('')
    }
  })

  it.each([
    ['on the input', 'bill-of-credit', 'served'],
    ['that only flags', 'rich-or-old', 'served'],
    ['on the answer', 'never-sure', 'bench'],
  ] as const)('a clause %s that is swallowed: caught by the guard check', async (_where, id, place) => {
    const without = SECTION.split('\n')
      .filter((line) => !line.startsWith(`  ${id}:`))
      .join('\n')
    const server = place === 'served' ? await start(versions.model, without) : honest
    const found = await decided(server.url, {
      select: only(...CHECKS),
      counts: FEWER,
      stageCandidate: () => staged(server.url, place === 'bench' ? without : SECTION),
    })
    expect(verdicts(found)).toMatchObject({ 'release.contract': 'satisfied', 'release.guard': 'violated' })
    const { witnesses = [] } = found.get('release.guard') as Decided
    expect(witnesses.some(({ because }) => because.includes(id))).toBe(true)
  })

  it('a guard that is slow: caught by the latency check', async () => {
    let passed = 0
    const between = await tamperingServer(honest.url, async () => {
      if (++passed % 25 === 0) await new Promise((resolve) => setTimeout(resolve, LIMIT_MS + 20))
      return {}
    })
    closers.push(between.close)
    const found = await decided(between.url, {
      select: only('release.latency'),
      load: { clients: 8, requests: 600, warmUp: 10 },
    })
    const statement = found.get('release.latency')
    expect(statement).toMatchObject({ verdict: 'violated', n: 600 })
    expect(Number((statement as { measured: number }).measured)).toBeGreaterThan(LIMIT_MS)
  })

  it('a model that breaks a clause on its own: the rows served say so', async () => {
    // Falls back on the answer: what the guard lets through is the fallback's, so the model is never seen.
    const sure: ModelVersion['answer'] = (rows) => ({ rows: rows.map(() => ({ risk: 0.995 })) })
    const server = await start({ ...versions.model, answer: sure })
    const found = await decided(server.url, { select: only('release.parity', 'never-sure') })
    expect(verdicts(found)).toEqual({ 'release.parity': 'violated', 'never-sure': 'satisfied' })
  })
})

describe('a candidate that is not there', () => {
  const stages: readonly (readonly [string, () => Promise<Awaited<ReturnType<StageCandidate>>>, string])[] = [
    ['cannot be staged', () => Promise.resolve({ ok: false, cause: 'It would not start.' }), 'It would not start.'],
    ['is another one', () => staged(honest.url, SECTION, fallback), `serves ${fallback}, not the candidate`],
  ]
  it.each(stages)('%s: nothing is decided, and why', async (_name, stageCandidate, said) => {
    const found = await decided(honest.url, { stageCandidate })
    expect(found.size).toBeGreaterThan(10)
    for (const statement of found.values()) {
      expect(statement).toMatchObject({ verdict: 'error', reason: 'staging-failed' })
      expect((statement as { cause: string }).cause).toContain(said)
    }
  })

  it('dies: every request without a reply is a violation', async () => {
    const found = await decided('http://127.0.0.1:9', { select: only(...CHECKS) })
    expect(verdicts(found)).toEqual(Object.fromEntries(CHECKS.map((id) => [id, 'violated'])))
    const { witnesses = [] } = found.get('release.contract') as Decided
    expect(witnesses[0]?.because).toContain('the connection was refused')
  })

  it('has no file, or the run is interrupted: skipped', async () => {
    expect((await decided(honest.url, { versions: { others: {} } })).get('release.parity')).toMatchObject({
      verdict: 'skipped',
      reason: 'no-candidate',
    })
    const stop = new AbortController()
    const found = await decided(honest.url, {
      signal: stop.signal,
      onEvent: ({ kind }) => kind === 'requests-begun' && stop.abort(),
    })
    expect(found.get('release.contract')).toMatchObject({ verdict: 'skipped', reason: 'interrupted' })
    expect(found.get('release.latency')).toMatchObject({ verdict: 'skipped', reason: 'interrupted' })
  })
})

/** The double beside a positive one. */
function lastBit(number: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  view.setBigInt64(0, view.getBigInt64(0) - 1n)
  return view.getFloat64(0)
}
