import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instancesOf, type Program, sql, type Statement } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import { metricMeasurer } from '../metrics/measurer.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { type OpenRequests, requestsReader } from './open-requests.ts'
import type { RequestsRequest } from './read-request-rows.ts'
import { openRequestLog, type RequestLog, type RequestLogLimits } from './request-log.ts'
import { logColumnsOf, declaredRequests } from './request-columns.ts'
import { rowsWanted } from './request-rows.ts'
import { requestsCatalog } from './requests-catalog.ts'
import type { LoggedRow } from './row-text.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const AT = 1_767_744_000_000_000
const DAY = 86_400_000_000

function programOf(age = 'integer, range: [18, 100]'): Program {
  const text = `plumbline: 1
system: { name: read, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: ${age} }
      city: { type: category, values: [Ulm, Köln] }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [age, city] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  ended: { says: a, of: requests, every: '_guard != "rejected"' }
  timely: { says: a, of: requests, every: '_at > timestamp("2020-01-01T00:00:00Z")' }
  careful: { says: a, of: requests, every: risk <= 0.9 }
  enough: { says: a, of: requests, must: count() >= 3 }
  stable: { says: a, of: requests, must: "psi(city, people) < 0.1", confidence: none }
  ranks: { says: a, of: requests, must: roc_auc() >= 0.5, confidence: none }
  finds: { says: a, of: requests, must: recall() >= 0.9, confidence: none }
`
  const value = compiledSpec(text)
  const labels = { source: 'outcomes.csv', join: ['id'], within: 45 * DAY, minShare: '0.8' }
  return { ...value, monitor: { windows: [DAY], lateness: 0, minRows: 0, labels, alerts: [] } }
}

const PROGRAM = programOf()
const host = nodeHost()
let base = ''
let root = ''
let session: Session
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-reading-'))
  const opened = await openSession({ threads: 2 })
  if (!opened.ok) throw new Error(opened.error.cause)
  session = opened.value
})
afterAll(async () => {
  session.close()
  await rm(base, { recursive: true, force: true })
})
beforeEach(async () => {
  root = join(base, String(count++))
  await mkdir(root)
})

const row = (n: number, more: Partial<LoggedRow> = {}): LoggedRow => ({
  requestId: `r${n}`,
  row: 0,
  at: AT + n * 1_000_000,
  model: 'sha256:m',
  guard: 'accepted',
  clauses: [],
  request: { id: n, age: 18 + (n % 60), city: n % 2 === 0 ? 'Ulm' : 'Köln' },
  answer: { risk: (n % 8) / 8, decision: n % 8 >= 4 },
  ...more,
})

async function writing(limits: Partial<RequestLogLimits> = {}, program = PROGRAM): Promise<RequestLog> {
  const declared = declaredRequests(program)
  if (declared === undefined) throw new Error('no requests')
  const log = await openRequestLog({ host, directory: join(root, 'log'), columns: logColumnsOf(declared), limits })
  if (!log.ok) throw new Error(JSON.stringify(log.failure))
  return log.value
}
async function write(rows: readonly LoggedRow[], limits: Partial<RequestLogLimits> = {}): Promise<void> {
  const log = await writing(limits)
  for (const each of rows) expect((await log.append([each])).ok).toBe(true)
  await log.close()
}
async function read(request: Partial<RequestsRequest> = {}, program = PROGRAM): Promise<OpenRequests> {
  const reader = requestsReader({ host, session, program, root, directory: join(root, 'log') })
  const opened = await reader.open({ now: AT + 100 * DAY, ...request })
  if (!opened.ok) throw new Error(opened.failure.cause)
  return opened.value
}
const ALL = { served: false, labelled: true }
async function cellsOf(requests: OpenRequests, name: string): Promise<readonly unknown[]> {
  const relation = requests.relation(ALL)
  const cell = relation.columns.get(name)?.cell
  if (cell === undefined) throw new Error(`no column ${name}`)
  const found = await session.query(sql`SELECT ${cell} AS "cell" FROM ${relation.numbered} ORDER BY "row"`)
  if (!found.ok) throw new Error(found.error.message)
  return found.value.columns.get('cell') ?? []
}
const numbers = (length: number, from = 0): readonly bigint[] => Array.from({ length }, (_, i) => BigInt(from + i))

describe('the rows of a log', () => {
  test('are those of Parquet and of lines, typed, by the time of the request', async () => {
    await write(
      Array.from({ length: 25 }, (_, n) => row(n)),
      { segmentRows: 10 },
    )
    expect((await readdir(join(root, 'log'))).map((name) => name.replace(/_.*\./, '.'))).toEqual([
      '000000000001.parquet',
      '000000000002.parquet',
      '000000000003.jsonl',
      'writer.lock',
    ])
    const all = await read()
    expect(await cellsOf(all, 'id')).toEqual(numbers(25))
    expect(await cellsOf(all, '_at')).toEqual(Array.from({ length: 25 }, (_, n) => BigInt(AT + n * 1_000_000)))
    expect(all.summary).toMatchObject({
      rows: 25,
      served: 25,
      labelled: 0,
      versions: [{ digest: 'sha256:m', rows: 25 }],
    })
    const part = await read({ window: { from: AT + 5_000_000, to: AT + 22_000_000 } })
    expect(await cellsOf(part, 'id')).toEqual(numbers(17, 5))
    expect((await read({ window: { from: 0, to: AT } })).summary.rows).toBe(0)
  })

  test('have one digest, however they are cut into segments and in whatever order they came', async () => {
    const odd = [-0, Infinity, -Infinity, Number.NaN, 5e-324, 0.1 + 0.2]
    const more = (n: number): Partial<LoggedRow> => {
      if (n % 9 === 0) return { answer: null, guard: 'rejected', model: null, misfits: { age: 'it\'s\u2028"x"\u0000' } }
      return n < odd.length ? { requestId: `'"\n\u2028${n}`, answer: { risk: odd[n] ?? 0 } } : {}
    }
    const rows = Array.from({ length: 40 }, (_, n) => row(n, more(n)))
    const log = await writing()
    for (const each of rows) await log.append([each])
    const digestOf = async (): Promise<string | undefined> =>
      (await read({ window: { from: AT, to: AT + 30_000_000 } })).relation({ served: false, labelled: false }).digests[
        'requests'
      ]
    const whileOpen = await digestOf()
    expect(whileOpen).toMatch(/^snapshot:sha256:[0-9a-f]{64}$/)
    await log.close()
    await (await writing()).close()
    expect((await readdir(join(root, 'log'))).filter((name) => name.endsWith('.jsonl'))).toEqual([])
    expect(await digestOf()).toBe(whileOpen)
    await rm(join(root, 'log'), { recursive: true })
    await write(rows.toReversed(), { segmentRows: 7 })
    expect(await digestOf()).toBe(whileOpen)
    // One row more, one cell changed: another digest.
    await rm(join(root, 'log'), { recursive: true })
    await write([...rows.slice(1), row(0, { answer: { risk: -0, decision: false } })])
    expect(await digestOf()).not.toBe(whileOpen)
  })

  test('are a whole prefix of what was written, while segments roll, become Parquet and vanish', async () => {
    const log = await writing({ segmentRows: 60 })
    let written = 0
    const burst = async (): Promise<void> => {
      for (const end = written + 300; written < end; written++) {
        const result = await log.append([row(written)])
        if (!result.ok) throw new Error(JSON.stringify(result.failure))
      }
    }
    for (let look = 0; look < 10; look++) {
      const before = written
      const writer = burst()
      const requests = await read()
      await writer
      const ids = await cellsOf(requests, 'id')
      expect(ids.length).toBeGreaterThanOrEqual(before)
      expect(ids.findIndex((id, n) => id !== BigInt(n))).toBe(-1)
      expect(requests.summary.absentSegments).toBe(0)
      await requests.close()
    }
    await log.close()
    expect(log.state().closed).toMatchObject({ uncompacted: 0, compactionFailures: 0, segments: 50 })
  })

  test('keep what they can of another version of the spec; what is no value of the type is a misfit', async () => {
    await write([
      row(0),
      row(1),
      row(2, { request: { id: 2, age: null, city: 'Ulm' }, misfits: { age: 'old', city: '' } }),
    ])
    const log = await writing({}, programOf('number, range: [18, 100]'))
    await log.append([row(3, { request: { id: 3, age: 20.5, city: 'Ulm' } })])
    await log.close()
    const requests = await read()
    // 20.5 is no integer, and the second writer's log says so only now.
    expect(await cellsOf(requests, 'age')).toEqual([18n, 19n, null, null])
    const misfit = requests.relation(ALL).columns.get('age')?.misfit
    const texts = await session.query(
      sql`SELECT ${misfit ?? sql`NULL`} AS "m" FROM ${requests.relation(ALL).numbered} ORDER BY "row"`,
    )
    expect(texts.ok && texts.value.columns.get('m')).toEqual([null, null, 'old', '20.5'])
    expect(requests.relation(ALL).columns.get('id')?.misfit).toBeUndefined()
  })

  test('an empty log, a version of its own, segments taken away, a segment that is no Parquet', async () => {
    expect((await read()).summary).toMatchObject({ rows: 0, absentSegments: 0 })
    await write(
      Array.from({ length: 30 }, (_, n) => row(n, n < 4 ? { model: 'sha256:old' } : {})),
      { segmentRows: 10 },
    )
    expect((await read({ answeredBy: 'sha256:old' })).summary).toMatchObject({ rows: 4 })
    expect((await read()).relation(ALL).models).toEqual({})
    expect((await read({ answeredBy: 'sha256:m' })).relation(ALL).models).toEqual({ champion: 'sha256:m' })
    const [, second = ''] = await readdir(join(root, 'log'))
    await rm(join(root, 'log', second))
    expect((await read()).summary).toMatchObject({ rows: 20, absentSegments: 1 })
    await writeFile(join(root, 'log', second), 'not Parquet')
    // What cannot have rows of the window is not even opened.
    expect((await read({ window: { from: AT, to: AT + 5_000_000 } })).summary).toMatchObject({ rows: 5 })
    const reader = requestsReader({ host, session, program: PROGRAM, root, directory: join(root, 'log') })
    expect(await reader.open({ now: AT })).toMatchObject({ ok: false, failure: { reason: 'source-unreadable' } })
  })
})

describe('labels', () => {
  const label = (id: number | string, value: string, day: number): string =>
    `${id},${value},${new Date((AT + day * DAY) / 1000).toISOString()}`
  const outcomes = (lines: readonly string[]): Promise<void> =>
    writeFile(join(root, 'outcomes.csv'), ['id,default,arrived_at', ...lines, ''].join('\n'))
  const labelsAt = async (day: number): Promise<readonly unknown[]> =>
    cellsOf(await read({ now: AT + day * DAY }), 'default')

  test('are missing until they arrive; of several for a row the latest to arrive counts', async () => {
    await write(Array.from({ length: 4 }, (_, n) => row(n)))
    expect(await labelsAt(1)).toEqual([null, null, null, null])
    await outcomes([
      label(0, 'true', 2),
      label(1, 'false', 1),
      label(1, 'true', 3),
      label(1, 'false', 2),
      label(2, '1', 1),
      label(2, '1', 2),
      label(77, 'true', 1),
      label('x', 'true', 1),
      label(3, '', 1),
      label(3, 'maybe', 1),
      label(3, 'true', 9),
    ])
    expect(await labelsAt(0)).toEqual([null, null, null, null])
    expect(await labelsAt(1)).toEqual([null, false, true, null])
    expect(await labelsAt(2)).toEqual([true, false, true, null])
    expect(await labelsAt(3)).toEqual([true, true, true, null])
    const { summary } = await read({ now: AT + 3 * DAY })
    expect(summary).toMatchObject({ rows: 4, labelled: 3 })
    expect(summary.labels).toEqual({ rows: 8, incomplete: 3, later: 1, repeated: 3, changed: 1, unmatched: 1 })
  })

  test('change the digest of what reads them, and of nothing else', async () => {
    await write([row(0), row(1)])
    const digestsAt = async (day: number, labelled: boolean) =>
      (await read({ now: AT + day * DAY })).relation({ served: true, labelled }).digests
    await outcomes([label(0, 'true', 2)])
    expect(await digestsAt(1, false)).toEqual(await digestsAt(3, false))
    expect(await digestsAt(1, true)).not.toEqual(await digestsAt(3, true))
    expect(Object.keys(await digestsAt(3, true))).toEqual(['requests', 'monitor.labels'])
    const before = await digestsAt(3, true)
    await outcomes([label(0, 'true', 2), label(99, 'true', 2)])
    expect(await digestsAt(3, true)).toEqual(before)
  })

  test('that cannot be read are the failure of the clauses that need them', async () => {
    await write([row(0)])
    await writeFile(join(root, 'outcomes.csv'), 'id,default\n0,true\n')
    const requests = await read()
    expect(await cellsOf(requests, 'id')).toEqual([0n])
    expect(requests.relation(ALL).failures.get('default')).toMatchObject({
      reason: 'column-missing',
      cause: expect.stringContaining('"arrived_at"'),
    })
  })
})

describe('clauses on requests', () => {
  test('are decided by the plan of every other relation, on the rows they speak of', async () => {
    const guard = (n: number): Partial<LoggedRow> =>
      n % 5 === 0 ? { guard: 'rejected', answer: null, model: null, request: { id: n, age: 7, city: 'Ulm' } } : {}
    await write(
      Array.from({ length: 40 }, (_, n) => row(n, { ...guard(n) })),
      { segmentRows: 16 },
    )
    await writeFile(
      join(root, 'people.csv'),
      ['id,age,city,default', ...Array.from({ length: 50 }, (_, n) => `${n},30,${n % 2 ? 'Ulm' : 'Köln'},0`), ''].join(
        '\n',
      ),
    )
    // The label is what was decided, but for one row: recall 15/16 at most.
    const labelled = Array.from({ length: 40 }, (_, n) => `${n},${n % 8 >= 4},2026-01-07T00:00:00Z`)
    await writeFile(join(root, 'outcomes.csv'), ['id,default,arrived_at', ...labelled, ''].join('\n'))
    const requests = await read()
    const data = dataCatalog({ program: PROGRAM, root, session })
    const found = new Map<string, Statement>()
    const all = instancesOf(PROGRAM, ['runtime'])
    for (const [, instances] of Map.groupBy(all, (instance) =>
      JSON.stringify(rowsWanted(instance, requests.declared)),
    )) {
      const wanted = rowsWanted(instances[0] ?? expect.fail(), requests.declared)
      const relation = requests.relation(wanted)
      const statements = decideRelation({
        program: PROGRAM,
        session,
        catalog: requestsCatalog(relation, data),
        relation,
        instances,
        toolVersion: '0',
        metrics: metricMeasurer((name) => (name === 'requests' ? requests.cells : undefined)),
      })
      for await (const statement of statements) found.set(statement.clause, statement)
    }
    const verdicts = Object.fromEntries(
      [...found.values()].map((each) => [each.clause, [each.verdict, 'n' in each ? each.n : each]]),
    )
    expect(verdicts).toEqual({
      // What came in: every row.
      'people.age.required': ['satisfied', 40],
      'people.age.type': ['satisfied', 40],
      'people.age.range': ['violated', 40],
      'people.city.required': ['satisfied', 40],
      'people.city.type': ['satisfied', 40],
      'people.city.values': ['satisfied', 40],
      enough: ['satisfied', 40],
      ended: ['violated', 40],
      stable: ['satisfied', 40],
      // What was answered: not the rows turned away.
      'champion.risk.required': ['satisfied', 32],
      'champion.risk.range': ['satisfied', 32],
      careful: ['satisfied', 32],
      timely: ['satisfied', 32],
      ranks: ['satisfied', 32],
      finds: ['satisfied', 32],
    })
    const range = found.get('people.age.range')
    expect(range).toMatchObject({ failing: 8, digests: { data: { requests: expect.stringMatching(/^snapshot:/) } } })
    expect(found.get('stable')?.digests.data).toMatchObject({ people: expect.stringMatching(/^bytes:/) })
    expect(found.get('ranks')).toMatchObject({ measured: 1, digests: { models: { champion: 'sha256:m' } } })
  })
})
