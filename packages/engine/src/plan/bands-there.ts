import { join, type Sql, sql, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { GroupRequest } from './group-terms.ts'
import { countOf, momentsBySide, number, overValues, type PooledSamples, rankedValues } from './pooled-samples.ts'

/** Distances of two distribution functions, of which the value is made there, and the band of the counts of cells. */
export type BandTermName = 'ks' | 'wasserstein'

/** Whether a term is such a distance. */
export const isBandTerm = (fn: string): fn is BandTermName => fn === 'ks' || fn === 'wasserstein'

/** A standard deviation below is as well the rounding of the values: the values decide. */
const ROUNDING = 1e-9

interface Found {
  readonly value: number
  /** Standard deviation of the reference, in whose units `value` is; 1 for a share. */
  readonly scale: number
}

/**
 * Measures the distance of two distribution functions where the values are. Its interval is resampled from some thousand counts, whatever the
 * number of rows. Undefined where the values are so few that they are fetched, where one is infinite, and where the database could not say.
 */
export async function measureBandThere(
  request: GroupRequest,
  fn: BandTermName,
  there: PooledSamples & { readonly missing: number },
): Promise<TermOutcome | undefined> {
  const { term, replicates } = request
  const distinct = await overValues(there, [countOf(there, sql`count(*)`)])
  const [values = Number.NaN] = distinct.ok ? distinct.value : []
  const described = term.estimates === 'rows'
  if (!described && !(values > stats.MOST_BAND_VALUES)) return undefined
  const found = fn === 'ks' ? await greatestStep(there) : await areaBetween(there)
  if (!found.ok || found.value === undefined) return undefined
  const { value, scale } = found.value
  const base = { term, value, missing: there.missing }
  if (described) return { ok: true, value: base }
  const cells = await cellsThere(there, values)
  if (!cells.ok) return undefined
  const options = { random: request.random(), replicates }
  const estimate =
    fn === 'ks'
      ? stats.ksEstimateOfCells(value, cells.value, options)
      : stats.wassersteinEstimateOfCells(value, scale, cells.value, options)
  return { ok: true, value: { ...base, estimate } }
}

async function greatestStep(there: PooledSamples): Promise<Outcome<Found | undefined>> {
  const found = await overValues(there, [sql`max(abs(${heightOf(there)}))`])
  if (!found.ok) return found
  const [value = Number.NaN] = found.value
  return succeed(Number.isFinite(value) ? { value, scale: 1 } : undefined)
}

/** How far the two distribution functions lie apart from a value on. */
const heightOf = (there: PooledSamples): Sql =>
  sql`("below_a" / ${number(there, there.m)} - "below_b" / ${number(there, there.n)})`

async function areaBetween(there: PooledSamples): Promise<Outcome<Found | undefined>> {
  const { database, present, m } = there
  const ends = await database.numbers(sql`SELECT min("x"), max("x") FROM ${present}`)
  if (!ends.ok) return ends
  const [low = Number.NaN, high = Number.NaN] = ends.value.map((column) => column[0] ?? Number.NaN)
  if (!Number.isFinite(high - low)) return succeed(undefined)
  const moments = await momentsBySide(there, [sql`"x"`], 'variances')
  if (!moments.ok) return moments
  const [reference] = moments.value ?? []
  const scale = Math.sqrt(((reference?.covariance[0]?.[0] ?? Number.NaN) * m) / (m - 1))
  if (!(scale > ROUNDING * Math.max(Math.abs(low), Math.abs(high))) || scale === Infinity) return succeed(undefined)
  const steps = sql`(SELECT abs(${heightOf(there)}) AS "height", lead("x") OVER (ORDER BY "x") - "x" AS "width" FROM ${rankedValues(there)}) AS "steps"`
  const area = await database.numbers(sql`SELECT sum("height" * "width") FROM ${steps}`)
  if (!area.ok) return area
  const value = (area.value[0]?.[0] ?? Number.NaN) / scale
  return succeed(Number.isFinite(value) ? { value, scale } : undefined)
}

/** `stats.cellsOf`, where the values are. */
async function cellsThere(there: PooledSamples, distinct: number): Promise<Outcome<stats.CelledSamples>> {
  const { database, m, n } = there
  const half = (side: Sql, rows: number): Sql => sql`${side} * ${number(there, stats.BAND_CELLS / 2 / rows)}`
  const place = sql`floor(${half(sql`("below_a" - "a")`, m)} + ${half(sql`("below_b" - "b")`, n)})`
  const weight = sql`("a" / ${number(there, m)} + "b" / ${number(there, n)})`
  const isAlone = join(
    [
      sql`"rank" <= ${number(there, stats.OUTER_VALUES)}`,
      sql`"rank" > ${number(there, distinct - stats.OUTER_VALUES)}`,
      sql`${weight} * ${number(there, stats.BAND_CELLS / 2)} >= ${number(there, 1)}`,
    ],
    sql` OR `,
  )
  const cell = sql`CASE WHEN ${isAlone} THEN -"rank" ELSE ${place} END`
  const placed = sql`(SELECT "x", "a", "b", ${cell} AS "cell" FROM ${rankedValues(there)}) AS "placed"`
  const found = await database.numbers(
    sql`SELECT sum(${weight} * "x") / sum(${weight}), sum("a"), sum("b"), ${countOf(there, sql`count(*)`)} FROM ${placed} GROUP BY "cell" ORDER BY min("x")`,
  )
  if (!found.ok) return found
  const [values = new Float64Array(), a = new Float64Array(), b = new Float64Array(), kinds = new Float64Array()] =
    found.value
  return succeed(stats.celledSamples(values, a, b, kinds))
}
