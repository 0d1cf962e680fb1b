import { join, type Sql, sql, stats, type Term, type Type } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { cells } from './bins-there.ts'
import { LARGE, momentsEstimate } from './large-samples.ts'

/** Up to so many numbers are fetched with their counts: they cost no more than the statements that spare them. */
export const FEW_NUMBERS = 4096

const COUNT: Type = { kind: 'int' }

/**
 * The interval of a quantile, sum, variance or standard deviation of so many values that the few which it is made of are asked of the
 * database: some order statistics, or moments; `bounds` are what a quantile is compared with. Undefined where the counted values make it: they are fewer, or a sum leaves float64.
 */
export async function estimateThere(
  database: Database,
  term: Term,
  rows: Sql,
  value: Sql,
  type: Type,
  bounds: readonly number[],
): Promise<stats.Estimation | undefined> {
  if (!database.spelling.countsThere) return undefined
  const from = cells(database, rows, value, type)
  const ordered = term.fn === 'median' || term.fn === 'quantile'
  const count = (what: Sql): Sql => database.spelling.asDouble(what, COUNT)
  const different = ordered ? sql`count("x")` : sql`count(DISTINCT "x")`
  const sizes = await first(database, sql`SELECT ${count(sql`count("x")`)}, ${count(different)} FROM ${from}`)
  if (!sizes.ok) return undefined
  const [n = 0, distinct = 0] = sizes.value
  if (ordered) {
    if (n <= FEW_NUMBERS) return undefined
    const q = quantileOf(term)
    const sample = await ranksThere(database, from, n, q, bounds)
    return sample.ok ? stats.quantileEstimateWithin(sample.value, q) : undefined
  }
  return distinct > LARGE ? await momentsThere(database, term, from, n) : undefined
}

/** The share of values that a term asks for the value of. */
export function quantileOf(term: Term): number {
  return term.fn === 'quantile' && term.args[1]?.kind === 'value' ? term.args[1].value : 0.5
}

/** The values between the outermost ranks that an interval may read: two are asked for by rank, then those between them with their counts. */
async function ranksThere(
  database: Database,
  from: Sql,
  n: number,
  q: number,
  bounds: readonly number[],
): Promise<Outcome<stats.RanksOf>> {
  const { spelling } = database
  const [firstRank, lastRank] = stats.quantileRanks(n, q)
  const ends = await database.numbers(spelling.atRanks(sql`"x"`, n, [firstRank, lastRank], from))
  if (!ends.ok) return ends
  const [low = Number.NaN, high = low] = ends.value[0] ?? []
  const rowsBelow = (bound: number, sign: Sql): Sql =>
    spelling.asDouble(spelling.countIf(sql`"x" ${sign} ${spelling.number(bound)}`), COUNT)
  const asked = [...new Set([low, ...bounds.filter((bound) => !Number.isNaN(bound))])]
  const columns = asked.flatMap((bound) => [rowsBelow(bound, sql`<`), rowsBelow(bound, sql`<=`)])
  const below = await first(database, sql`SELECT ${join(columns, sql`, `)} FROM ${from}`)
  if (!below.ok) return below
  const known = asked.map((bound, i) => {
    const [less = 0, upTo = 0] = below.value.slice(2 * i)
    return [bound, { below: less, upTo }] as const
  })
  const counted = await database.numbers(
    sql`SELECT "x", ${spelling.asDouble(sql`count(*)`, COUNT)} FROM ${from} WHERE "x" >= ${spelling.number(low)} AND "x" <= ${spelling.number(high)} GROUP BY "x" ORDER BY "x"`,
  )
  if (!counted.ok) return counted
  const [values = new Float64Array(), counts = new Float64Array()] = counted.value
  const within = new Float64Array(lastRank - firstRank + 1)
  let rank = below.value[0] ?? 0
  values.forEach((each, i) => {
    const end = rank + (counts[i] as number)
    within.fill(each, Math.max(0, rank - firstRank), Math.max(0, end - firstRank))
    rank = end
  })
  return succeed({ n, first: firstRank, values: within, counted: new Map(known) })
}

/** Mean, then squared deviations from it, then how these vary: each from the one before, so that a large mean costs no digits. */
async function momentsThere(
  database: Database,
  term: Term,
  from: Sql,
  n: number,
): Promise<stats.Estimation | undefined> {
  const number = (value: number): Sql => database.spelling.number(value)
  const meanOf = async (of: Sql): Promise<number> => {
    const found = await first(database, sql`SELECT sum(${of}) FROM ${from}`)
    return found.ok ? (found.value[0] ?? Number.NaN) / n : Number.NaN
  }
  const mean = await meanOf(sql`"x"`)
  if (!Number.isFinite(mean)) return undefined
  const apart = sql`("x" - ${number(mean)})`
  const squares = await meanOf(sql`${apart} * ${apart}`)
  if (!Number.isFinite(squares)) return undefined
  const spread = { mean: squares, sd: Math.sqrt((squares * n) / (n - 1)) }
  if (term.fn === 'sum') return momentsEstimate(term, n, { mean, sd: spread.sd })
  const off = sql`(${apart} * ${apart} - ${number(squares)})`
  const fourth = await meanOf(sql`${off} * ${off}`)
  if (!Number.isFinite(fourth)) return undefined
  return momentsEstimate(term, n, { mean: squares, sd: Math.sqrt((fourth * n) / (n - 1)) })
}

async function first(database: Database, statement: Sql): Promise<Outcome<readonly number[]>> {
  const found = await database.numbers(statement)
  return found.ok ? succeed(found.value.map((column) => column[0] ?? Number.NaN)) : found
}
