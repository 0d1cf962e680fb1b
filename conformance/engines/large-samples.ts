import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integerLiteral, type ProgramDataset, type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Sql, sql, textLiteral } from '../../packages/core/src/targets/sql/sql.ts'
import type { TestClause, TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { duckdbEngine } from '../differential/aggregates/engines.ts'
import { bothSides } from './both-sides.ts'
import { disagreements } from './compare.ts'

// More different values than are fetched: what a few of them and sums say there is what all of them say here.

/** Where the tables are. */
export interface LargeSamplesPlace {
  readonly address: () => string
  readonly tableOf: (name: string) => ProgramDataset['source']
  /** Makes a table of what a statement gives. */
  readonly make: (name: string, rows: Sql) => Promise<unknown>
  /** A FROM item `s` with the whole numbers `i` from 1 to some. */
  readonly series: (last: 64_000 | 60_000) => Sql
  /** Most rows that a statement gave since it was last asked. */
  readonly fetched: () => number | undefined
}

const TABLES = [
  {
    name: 'large_rows',
    last: 64_000,
    many: sql`CASE WHEN i % 13 > 0 THEN (CAST(i AS bigint) * 7919 % 100003) / 128.0e0 END`,
  },
  {
    name: 'large_others',
    last: 60_000,
    many: sql`(CAST(i AS bigint) * 104729 % 99991) / 128.0e0 + 16.0e0`,
  },
] as const

const must = (id: string, condition: string, more: Partial<TestClause> = {}): TestClause => ({
  id,
  must: condition,
  confidence: 0.95,
  slices: { all: '', half: 'flag' },
  ...more,
})
/** The value of a quantile and the squares of a number are asked of all rows; its interval is not drawn. */
const SAME: readonly TestClause[] = [
  must('median', 'median(many) > 300.0'),
  must('ninth', 'quantile(many, 0.9) < 800.0'),
  must('least', 'quantile(many, 0.0) < 800.0'),
  must('greatest', 'quantile(many, 1.0) < 800.0'),
  must('median-of-few', 'median(few) >= 7.0'),
  must('median-of-ints', 'median(whole) >= 400.0'),
  // Of the half there are fewer values than moments are made of.
  must('sum', 'sum(many) > 1000.0', { slices: { all: '' } }),
  must('variance', 'variance(many) > 1000.0', { slices: { all: '' } }),
  must('stddev', 'stddev(many) > 1000.0', { slices: { all: '' } }),
  must('far', 'ks(many, large_others) < 0.1', { confidence: 'none' }),
  must('moved', 'wasserstein(many, large_others) < 0.1', { confidence: 'none' }),
  must('moved-few', 'wasserstein(few, large_others) < 0.1', { confidence: 'none' }),
  must('given', 'kl_values(whole, [1, 2, 3000], [0.5, 0.25, 0.25], 0.9) < 8.0', { confidence: 'none' }),
  must('given-few', 'kl_values(few, [1.0, 2.0], [0.5, 0.25], 0.9) < 8.0', { confidence: 'none' }),
  must('given-all', 'kl_values(text, ["0", "1", "2"], [0.5, 0.25, 0.25], 0.0) < 8.0', { confidence: 'none' }),
]
/** A table's digest, and so the draws, are others than a file's: the band is of the same width all the same. */
const DRAWN: readonly TestClause[] = [
  must('band', 'ks(many, large_others) < 0.1', { slices: { all: '' } }),
  must('area', 'wasserstein(many, large_others) < 0.1', { slices: { all: '' } }),
]

const declared = (name: string, source: ProgramDataset['source']): TestDataset => ({
  name,
  source,
  columns: [
    { name: 'many', type: 'number' },
    { name: 'few', type: 'number' },
    { name: 'whole', type: 'integer' },
    { name: 'text', type: 'text' },
    { name: 'flag', type: 'boolean' },
  ],
})
const rowsOf = (many: Sql, series: Sql): Sql =>
  sql`SELECT ${many} AS many, CAST(i * 31 % 17 AS double precision) AS few, i * 37 % 1009 AS whole, CAST(i % 3 AS varchar) AS text, i % 2 = 0 AS flag FROM ${series}`

/** Tests that a database says of large samples what DuckDB says. */
export function largeSamples({ address, tableOf, make, series, fetched }: LargeSamplesPlace): void {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumb-large-samples-'))
    const duckdb = await duckdbEngine()
    for (const { name, last, many } of TABLES) {
      await make(name, rowsOf(many, series(last)))
      const rows = rowsOf(many, sql`generate_series(1, ${integerLiteral(BigInt(last))}) AS s(i)`)
      const file = textLiteral(join(root, `${name}.parquet`))
      await duckdb.query(sql`COPY (${rows}) TO ${file} (FORMAT parquet)`)
    }
    await duckdb.close()
  }, 120_000)
  afterAll(() => rm(root, { recursive: true, force: true }))

  const both = (clauses: readonly TestClause[]) =>
    bothSides(clauses, {
      names: TABLES.map(({ name }) => name),
      declared,
      root,
      tableOf,
      address: address(),
      between: () => void fetched(),
    })

  it('a few order statistics, moments and counts give what all values give', { timeout: 300_000 }, async () => {
    const [here, there] = await both(SAME)
    expect(here.filter(({ verdict }) => verdict === 'error')).toEqual([])
    expect(disagreements(here, there, () => 1).slice(0, 3)).toEqual([])
    // Around the median of 59 077 values 1 736 order statistics decide at any level.
    expect(fetched() ?? 0).toBeLessThan(2_000)
  })

  it('the band of cells is that of the values, whatever was drawn', { timeout: 300_000 }, async () => {
    const [here, there] = await both(DRAWN)
    expect(fetched() ?? 0).toBeLessThanOrEqual(2 * stats.MOST_BAND_VALUES)
    const widths = [here, there].map((statements) => statements.map(bandOf))
    for (const [i, { value, low, high }] of (widths[0] ?? []).entries()) {
      const other = widths[1]?.[i]
      expect(other?.value).toBeCloseTo(value, 12)
      expect((high - low) / ((other?.high ?? 0) - (other?.low ?? 0))).toBeGreaterThan(0.93)
      expect((high - low) / ((other?.high ?? 0) - (other?.low ?? 0))).toBeLessThan(1.07)
    }
  })
}

/** The measured value of a statement's one comparison, and the interval of its margin. */
function bandOf(statement: Statement): { readonly value: number; readonly low: number; readonly high: number } {
  if (!('comparisons' in statement)) throw new Error(`${statement.clause} was not decided.`)
  const interval = statement.comparisons[0]?.margin.interval
  if (interval === undefined) throw new Error(`${statement.clause} has no interval.`)
  return { value: Number(statement.measured), ...interval }
}
