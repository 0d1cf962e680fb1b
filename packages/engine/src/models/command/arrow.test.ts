import { join } from 'node:path'
import { nodeHost } from '@plumbline/store'
import { afterAll, describe, expect, it } from 'vitest'
import { askedProject } from '../../model-stage/testing/asked-project.ts'
import type { Batch } from '../asked/batched-runner.ts'
import type { ColumnData } from '../column-data.ts'
import { openCommandModel } from './command-runner.ts'
import { loadArrowBatches } from './arrow.ts'

const WORKER = join(import.meta.dirname, 'testing', 'arrow-worker.mjs')
const project = askedProject()
afterAll(() => project.close())

const CLAUSES = [
  'in-range: { of: champion, every: risk >= 0.0 && risk <= 1.25 }',
  'mean-known: { of: champion, must: mean(risk) == 0.45 }',
  'answers: { of: champion, must: share(_error != null) <= 0.6 }',
  'rises: { of: champion, forall: { x: rows.rows }, holds: champion(x).risk <= 1.25 }',
]
const run = async (how: string, batch = 7) => {
  const statements = await project.decide({
    artifact: `{ command: ${JSON.stringify(['node', WORKER, how])}, format: arrow, batch: ${batch} }`,
    clauses: CLAUSES,
  })
  const said = Object.entries(statements).map(([id, s]) => [
    id,
    'reason' in s ? `${s.verdict}: ${s.reason}` : s.verdict,
  ])
  return { verdicts: Object.fromEntries(said), statements }
}
const ALL_FAILED = (reason: string) => Object.fromEntries(CLAUSES.map((c) => [c.split(':')[0], `error: ${reason}`]))
const ALL = { 'in-range': 'satisfied', 'mean-known': 'satisfied', answers: 'satisfied', rises: 'satisfied' }

describe('a model that a command runs, by Arrow', () => {
  it.each([1, 7, 4096])('answers as by JSON lines, in batches of %i', async (batch) => {
    const { verdicts, statements } = await run('well', batch)
    expect(verdicts).toEqual(ALL)
    expect(statements['in-range']).toMatchObject({
      n: 20,
      runners: { champion: { kind: 'command', says: { model: 'tenth' }, repeated: { differing: 0 } } },
    })
  })

  it('may answer in fewer bits', async () => {
    expect((await run('halves')).verdicts).toMatchObject({ 'in-range': 'satisfied', 'mean-known': 'violated' })
  })

  it.each([
    ['json-only', 'model-failed', 'The program does not speak arrow'],
    ['no-bytes', 'model-failed', '"arrow", the number of bytes of an Arrow IPC stream behind the line, was expected'],
    ['nonsense', 'model-failed', 'is no Arrow IPC stream that can be read'],
    ['cut', 'model-failed', 'is no Arrow IPC stream that can be read'],
    ['huge', 'model-failed', 'announced 1000000000000000 bytes of Arrow; from 0 to 268435456 are read'],
    ['crash-between', 'model-failed', 'ended with the exit code 3, and said nothing. It was started 3 times.'],
    ['error', 'model-failed', 'The model failed: ValueError: no'],
    ['short', 'model-mismatch', 'The answer has 6 rows for 7.'],
    ['silent', 'model-mismatch', 'the answer has no output of this name'],
    ['text', 'model-mismatch', 'the answer to row 1 is "high", which is no number'],
    [
      'dates',
      'model-mismatch',
      'The output "risk" comes as Date32<DAY>, which is no number, integer, boolean or text.',
    ],
  ])('that is bad (%s) makes every clause an error that says so', async (how, reason, cause) => {
    const { verdicts, statements } = await run(how)
    expect(verdicts).toEqual(ALL_FAILED(reason))
    expect(statements['in-range']).toMatchObject({ cause: expect.stringContaining(cause) })
  })

  it.each([
    ['nan', 'The output "risk" is NaN for'],
    ['null', 'The output "risk" is NaN for'],
    ['infinite', 'The output "risk" is Infinity for'],
  ])('whose answer to a row is no number (%s) has not answered that row', async (how, cause) => {
    const { verdicts, statements } = await run(how)
    expect(verdicts).toEqual({ ...ALL_FAILED('prediction-not-finite'), answers: 'satisfied' })
    expect(statements['in-range']).toMatchObject({ cause: expect.stringContaining(cause) })
  })

  it('that gives no answer for some rows, or another one each time', async () => {
    expect((await run('fails-on-rows')).verdicts).toEqual({
      ...ALL_FAILED('model-failed'),
      answers: 'satisfied',
    })
    const { verdicts, statements } = await run('unsteady')
    expect(verdicts['rises']).toBe('error: model-nondeterministic')
    expect(statements['in-range']).toMatchObject({
      notes: [expect.stringContaining('asked again, it answered 20 of 20 rows otherwise')],
    })
  })
})

const COLUMNS: ReadonlyMap<string, ColumnData> = new Map<string, ColumnData>([
  ['amount', { values: Float64Array.of(1.5, Number.NaN, Number.POSITIVE_INFINITY, -0, 5e-324) }],
  ['count', { values: BigInt64Array.of(1n, -(2n ** 63n), 9_007_199_254_740_993n, 0n, 7n), missing: [4] }],
  ['code', { values: Int32Array.of(1, -2, 3, 4, 5), validity: Uint8Array.of(0b11101) }],
  ['flag', { values: [true, false, true, false, true], missing: [0] }],
  ['__proto__', { values: ['', 'ü\n"', '€'.repeat(300), 'x', 'y'], missing: [3] }],
])

it('cells arrive as they are: missing ones, int64, infinities, names and texts of any kind', async () => {
  const loaded = await loadArrowBatches(new Set(COLUMNS.keys()))
  if (!loaded.ok) throw new Error(loaded.error.message)
  const batch: Batch = { rows: 4, from: 1, data: COLUMNS, columns: new Map(), fresh: false }
  const read = loaded.value.decode(loaded.value.encode(batch), 4)
  expect(
    read.ok && Object.fromEntries([...read.value].map(([name, cells]) => [`=${name}`, [...(cells as unknown[])]])),
  ).toEqual({
    '=amount': [null, Number.POSITIVE_INFINITY, -0, 5e-324],
    '=count': [-(2n ** 63n), 9_007_199_254_740_993n, 0, null],
    '=code': [null, 3, 4, 5],
    '=flag': [false, true, false, true],
    '=__proto__': ['ü\n"', '€'.repeat(300), null, 'y'],
  })
})

it('an answer cut off anywhere is a failure or the same answer, never another one', async () => {
  const loaded = await loadArrowBatches(new Set(['amount']))
  if (!loaded.ok) throw new Error(loaded.error.message)
  const { encode, decode } = loaded.value
  const data = new Map([['amount', { values: Float64Array.from({ length: 9 }, (_, i) => i) }]])
  const whole = encode({ rows: 9, from: 0, data, columns: new Map(), fresh: false })
  const full = decode(whole, 9)
  for (let size = 0; size < whole.length; size += 8) {
    const read = decode(whole.subarray(0, size), 9)
    // Without its end a stream may still hold its one batch.
    if (read.ok)
      expect([...(read.value.get('amount') as number[])]).toEqual([
        ...(full.ok ? (full.value.get('amount') as number[]) : []),
      ])
  }
})

it('a column of the spec that no program knows is told before anything is asked', async () => {
  const host = nodeHost()
  const opened = await openCommandModel({
    host,
    root: project.root,
    runner: { kind: 'command', command: ['node', WORKER], files: [], format: 'arrow' },
    model: { input: ['a'], outputs: [] },
    dataset: { columns: [] } as never,
  })
  if (!opened.ok) throw new Error(opened.error.message)
  expect(await opened.value.predict({ rows: 1, columns: ['a'], outputs: [], data: new Map() })).toMatchObject({
    ok: false,
    error: { code: 'engine/model-column-absent' },
  })
  await opened.value.close()
})
