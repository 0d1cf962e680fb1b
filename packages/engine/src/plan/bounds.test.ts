import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql, stats, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { naiveEvery, type Row } from '../testing/naive.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { allWithin, rangeOf } from './bounds.ts'

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
