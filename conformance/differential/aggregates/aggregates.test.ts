import { afterAll, beforeAll, expect, it } from 'vitest'
import { printExpr } from '../../../packages/core/src/expr/print/typed.ts'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { createRandom } from '../../../packages/core/src/stats/prng.ts'
import type { AggregateSpellings } from '../../../packages/core/src/targets/sql/aggregates.ts'
import { render, sql } from '../../../packages/core/src/targets/sql/sql.ts'
import { describeWithServer } from '../postgresql/with-server.ts'
import {
  aggregateOf,
  ask,
  askDuplicates,
  type Cell,
  duckdbEngine,
  type Engine,
  load,
  postgresqlEngine,
} from './engines.ts'
import { type Expected, naive, naiveDuplicates, sliced } from './naive.ts'
import { duplicated, type Question, questions, slices } from './questions.ts'
import { randomTable, type Row } from './tables.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const TABLES = Number(process.env['PLUMB_FUZZ_TABLES'] ?? 200)
const BATCH = 200

/** Not the least bit of difference for ints, texts and times; numbers within the tolerance. */
function agrees(expected: Expected, found: Cell | undefined): boolean {
  const { value, tolerance } = expected
  if (typeof value !== 'number' || typeof found !== 'number') return value === found
  return value === found || Math.abs(value - found) <= tolerance
}

const shown = (rows: readonly Row[]): string =>
  rows
    .map((row) =>
      JSON.stringify([...row], (_, part) =>
        typeof part === 'bigint' || typeof part === 'number' ? String(part) : part,
      ),
    )
    .join('\n')
const named = (question: Question, slice: Expr | undefined): string =>
  `${question.fn}(${[...question.args.map((arg) => printExpr(arg)), ...(question.q === undefined ? [] : [question.q])].join(', ')}) where ${slice === undefined ? 'true' : printExpr(slice)}`

/** What an engine says otherwise than the loop, on tables told apart by their place. */
async function differences(
  engine: Engine,
  tables: readonly (readonly Row[])[],
  asked: readonly Question[] = questions,
): Promise<readonly string[]> {
  await load(engine, tables)
  const found: string[] = []
  for (const byGroup of [false, true]) {
    const answers = await ask(engine, asked, slices, byGroup)
    for (const [key, cells] of answers) {
      const [table, group] = key.split('/')
      const rows = (tables[Number(table)] ?? []).filter((row) => group === undefined || String(row.get('g')) === group)
      slices.forEach((slice, k) => {
        const picked = sliced(rows, slice)
        asked.forEach((question, n) => {
          const expected = naive(question, picked)
          const cell = cells[k * asked.length + n]
          if (agrees(expected, cell)) return
          found.push(
            `${engine.name} ${named(question, slice)}: ${String(cell)}, the loop ${String(expected.value)} ± ${expected.tolerance}\n${shown(picked)}`,
          )
        })
      })
    }
    const groups = tables.flatMap((rows) => (byGroup ? [...new Set(rows.map((row) => row.get('g')))] : [0]))
    expect(answers.size).toBe(groups.length)
  }
  return found
}

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
          for (const [t, rows] of tables.entries()) {
            const names = duplicated[t % duplicated.length] ?? []
            const slice = slices[t % slices.length]
            expect(await askDuplicates(engine, names, t, slice), shown(rows)).toBe(
              naiveDuplicates(names, sliced(rows, slice)),
            )
          }
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
