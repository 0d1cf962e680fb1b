import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Expr, sql, stats, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { naiveEvery, type Row } from '../testing/naive.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { allWithin, rangeOf, spanOf } from './bounds.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-bounds-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const columns = [
  { name: 'i', type: 'integer' },
  { name: 'x', type: 'number' },
  { name: 'f', type: 'number' },
] as const

const CONDITIONS = [
  'i >= 0 && i <= 5',
  'i > 0',
  '0 < i && i <= 5',
  'i <= 4.5',
  'x >= -1.0 && x <= 1.0',
  'x < 1.0',
  'x >= -1000.0 && x <= 1000.0',
  'f <= 1',
  'f >= -2.0 && f <= 2.0',
  'i != null',
  'i in [0, 1, 2, 3, 4, 5]',
]

/** Cells of one file: hostile in ways that a file's statistics may or may not show. */
function cells(random: stats.Random) {
  const top = [5n, 4n, 6n, 2n ** 63n - 1n][random.int(4)] as bigint
  const odd = [Number.NaN, Infinity, 1, -0, 3][random.int(5)] as number
  const nulls = random.int(2) === 0 ? 0 : 0.3
  const maybe = <T>(value: T) => (random.float() < nulls ? null : value)
  return Array.from({ length: random.int(6) === 0 ? 0 : 50 }, (_, row) => ({
    i: maybe(row === 7 ? top : BigInt(random.int(5))),
    x: maybe(row === 9 ? odd : random.float() * 2 - 1),
    f: maybe(row === 3 ? odd : random.int(3) - 1),
  }))
}

test('whole Parquet files: statistics decide ranges as a loop over the rows does', async () => {
  const random = stats.createRandom('bounds', 'files')
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  for (let file = 0; file < 40; file++) {
    const rows = cells(random)
    const json = JSON.stringify(rows, (_, value: unknown) =>
      typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value,
    )
    const path = `f${file}.parquet`
    const made = await session.value.query(
      sql`COPY (SELECT unnest(from_json(${textLiteral(json)}, '[{"i":"BIGINT","x":"DOUBLE","f":"FLOAT"}]'), recursive := true))
          TO ${textLiteral(join(root, path))} (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
    )
    if (!made.ok) throw new Error(made.error.message)
    const clauses = CONDITIONS.flatMap((every, i): TestClause[] => [
      { id: `fail-${i}`, every },
      { id: `exclude-${i}`, every, missing: 'exclude' },
    ])
    const program = buildProgram([{ name: 'd', source: { path, format: 'parquet' }, columns }], clauses)
    const read: Row[] = rows.map(
      (row) => new Map(Object.entries(row).map(([name, cell]) => [name, Number.isNaN(cell) ? null : cell])),
    )
    const statements = runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } })
    let seen = 0
    for await (const statement of statements) {
      const clause = program.clauses[seen++]
      if (clause?.form !== 'every' || clause.condition.kind !== 'expr') throw new Error('an every clause')
      const counts = naiveEvery(read, clause.condition.expr, clause.missing)
      expect(statement, `${path} ${clause.id} ${clause.condition.text}`).toMatchObject(counts)
    }
    expect(seen).toBe(clauses.length)
  }
  session.value.close()
})

test('a range is recognised with the literal on either side, and nothing else is', () => {
  const program = buildProgram(
    [{ name: 'd', source: { path: 'x.csv', format: 'csv' }, columns }],
    ['1 < i && i <= 5.5', 'i >= 0 || i < 5', 'i >= 0 && x < 1.0', 'i + 1 >= 0', 'i == 3', 'x > 0.0'].map((every) => ({
      id: every,
      every,
    })),
  )
  const ranges = program.clauses.map((clause) =>
    clause.form === 'every' && clause.condition.kind === 'expr' ? rangeOf(clause.condition.expr) : undefined,
  )
  expect(ranges.map((range) => range?.column)).toEqual(['i', undefined, undefined, undefined, undefined, 'x'])
  const [first] = ranges
  if (first === undefined) throw new Error('a range')
  expect(allWithin(first, { least: 2n, greatest: 5n })).toBe(true)
  expect(allWithin(first, { least: 1n, greatest: 5n })).toBe(false)
  expect(allWithin(first, { least: 2n, greatest: 6n })).toBe(false)
})

const CALM: readonly TestClause[] = [
  { id: 'scaled', every: 'x * 2.0 <= f + 3.0' },
  { id: 'near-overflow', every: 'x * 1.7e308 < 1.0' },
  { id: 'later', every: 't > timestamp("2020-01-01T00:00:00Z")', missing: 'exclude' },
  { id: 'readable', castable: 't' },
  { id: 'some', every: 't != null && x != null' },
  ...[
    'min(x)',
    'max(x)',
    'min(i)',
    'max(i)',
    'mean(x)',
    'stddev(x)',
    'variance(f)',
    'correlation(x, f)',
    'sum(x)',
  ].flatMap((term, i): readonly TestClause[] => [
    { id: `term-${i}`, must: `${term} > 0`, confidence: 'none' },
    { id: `slice-${i}`, must: `${term} > 0`, confidence: 'none', slices: { few: 'i > 1' } },
    { id: `split-${i}`, must: `${term} > 0`, confidence: 'none', of: 'd.half' },
  ]),
]

test('known bounds change no verdict and no number: a Parquet file is judged as the same rows in a CSV file', async () => {
  const random = stats.createRandom('bounds', 'calm')
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const programs = ['parquet', 'csv'] as const
  for (let file = 0; file < 30; file++) {
    const odd = [[], [null], ['infinity'], ['-infinity', null]][file % 4] as readonly (string | null)[]
    const times = [...odd, '2019-01-01 00:00:00', '2021-05-05 00:00:00', '2022-01-01 00:00:00']
    const rows = cells(random).map((row) => ({
      ...row,
      t: times[random.int(times.length)] ?? null,
    }))
    const json = JSON.stringify(rows, (_, value: unknown) =>
      typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value,
    )
    const judged = await Promise.all(
      programs.map(async (format) => {
        const path = `calm${file}.${format}`
        const made = await session.value.query(
          sql`COPY (SELECT unnest(from_json(${textLiteral(json)}, '[{"i":"BIGINT","x":"DOUBLE","f":"FLOAT","t":"TIMESTAMP"}]'), recursive := true))
              TO ${textLiteral(join(root, path))} ${format === 'csv' ? sql`(FORMAT csv, HEADER)` : sql`(FORMAT parquet)`}`,
        )
        if (!made.ok) throw new Error(made.error.message)
        const program = buildProgram(
          [
            {
              name: 'd',
              source: { path, format },
              columns: [...columns, { name: 't', type: 'timestamp' }],
              splits: { half: 'i < 3' },
            },
          ],
          CALM,
        )
        const found: unknown[] = []
        const statements = runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } })
        for await (const { digests: _digests, ...statement } of statements) found.push(statement)
        return found
      }),
    )
    const [parquet = [], csv = []] = judged
    expect(parquet.length).toBe(CALM.length)
    parquet.forEach((statement, i) => expect(rounded(statement), `file ${file}`).toEqual(rounded(csv[i])))
  }
  session.value.close()
})

/** Sums of many numbers may differ in their last digits by the order of the rows. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, each: unknown) =>
      name === 'witnesses' || name === 'cause'
        ? undefined
        : typeof each === 'number'
          ? Number(each.toPrecision(9))
          : typeof each === 'bigint'
            ? String(each)
            : each,
    ) ?? 'null',
  )
}

test('a span holds every value that arithmetic on bounded columns makes', () => {
  const texts = ['x * 2.0', 'x - f', '(x + f) * (x - 3.0)', '-1.5 * x', 'x * 1e308', 'x / f', 'double(i)']
  const program = buildProgram(
    [{ name: 'd', source: { path: 'x.csv', format: 'csv' }, columns }],
    texts.map((text) => ({ id: text, every: `${text} > 0.0` })),
  )
  const bounds = new Map([
    ['x', { least: -4, greatest: 2.5 }],
    ['f', { least: 0.1, greatest: 7 }],
  ])
  const spans = program.clauses.map((clause) => {
    if (clause.form !== 'every' || clause.condition.kind !== 'expr' || clause.condition.expr.node !== 'call')
      throw new Error('a comparison')
    return spanOf(clause.condition.expr.args[0] as Expr, (name) => bounds.get(name))
  })
  expect(spans).toEqual([
    [-8, 5],
    [-11, 2.4],
    [expect.closeTo(-66.5), expect.closeTo(27.3)],
    [-3.75, 6],
    undefined,
    undefined,
    undefined,
  ])
})
