import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import type { AggregateSpellings } from '../../../packages/core/src/targets/sql/aggregates.ts'
import { render, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { describeWithServer } from '../postgresql/with-server.ts'
import { differences, duplicateDifferences } from './differences.ts'
import { aggregateOf, duckdbEngine, type Engine, postgresqlEngine } from './engines.ts'
import { type Question, questions } from './questions.ts'
import { randomTable } from './tables.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_FUZZ_TABLES'] ?? 200)
const BATCH = 200

describeWithServer('aggregates', (server) => {
  let engines: readonly Engine[] = []
  beforeAll(async () => {
    engines = [await duckdbEngine(), await postgresqlEngine(server())]
  })
  afterAll(() => Promise.all(engines.map((engine) => engine.close())))

  it(
    `DuckDB = PostgreSQL = a loop over the rows, on ${TABLES} tables with slices and groups (seed ${seed})`,
    async () => {
      const random = createRandom(seed, 'aggregates')
      for (let first = 0; first < TABLES; first += BATCH) {
        const tables = Array.from({ length: Math.min(BATCH, TABLES - first) }, () => randomTable(random))
        for (const engine of engines) {
          expect((await differences(engine, tables)).slice(0, 5)).toEqual([])
          expect(await duplicateDifferences(engine, tables)).toEqual([])
        }
      }
    },
    60_000 + TABLES * 200,
  )

  /** Mistakes that people make, in the one dialect where each is one. */
  const bugs: Readonly<Record<string, readonly [0 | 1, Partial<AggregateSpellings>]>> = {
    'a sum beyond int64 as a float': [0, { sumOfInts: (value) => sql`sum(CAST(${value} AS DOUBLE))` }],
    'a quantile that is one of the values': [0, { quantile: (value, q) => sql`quantile_disc(${value}, ${q})` }],
    'NaN as a sum': [0, { sumOfDoubles: (value) => sql`sum(${value})` }],
    'a sum that raises': [1, { sumOfDoubles: (value) => sql`sum(${value})` }],
    'a mean that raises': [1, { meanOfDoubles: (value) => sql`avg(${value})` }],
    'a mean of ints that is an int': [1, { meanOfInts: (value) => sql`CAST(avg(${value}) AS bigint)` }],
    'a quantile that is the value before': [
      1,
      { quantile: (value, q) => sql`percentile_disc(${q}) WITHIN GROUP (ORDER BY ${value})` },
    ],
    'texts in the order of the database': [1, { ordered: (value) => value }],
  }
  it.each(Object.entries(bugs))('a planted bug is found: %s', async (_, [at, change]) => {
    const random = createRandom(seed, 'planted')
    const engine = engines[at] as Engine
    const dialect = { ...engine.dialect, aggregates: { ...engine.dialect.aggregates, ...change } }
    const planted = { ...engine, dialect }
    const sqlOf = (of: Engine, question: Question) => render(aggregateOf(of, question, undefined))
    const changed = questions.filter((question) => sqlOf(planted, question) !== sqlOf(engine, question))
    const tables = Array.from({ length: BATCH }, () => randomTable(random))
    const found = await differences(planted, tables, changed).catch((cause: unknown) => [String(cause)])
    expect(found.length).toBeGreaterThan(0)
  })
})
