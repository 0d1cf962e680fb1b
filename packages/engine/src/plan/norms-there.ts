import { sql, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { GroupRequest } from './group-terms.ts'
import { countOf, momentsBySide, number, type PooledSamples } from './pooled-samples.ts'

/** Distances that are norms, and their permutation tests. */
const NORM_TERMS = {
  energy: { norm: 'energy', kind: 'distance' },
  mmd: { norm: 'mmd', kind: 'distance' },
  energy_p: { norm: 'energy', kind: 'test' },
  mmd_p: { norm: 'mmd', kind: 'test' },
} as const satisfies Record<string, { readonly norm: stats.NormName; readonly kind: 'distance' | 'test' }>

type NormTermName = keyof typeof NORM_TERMS

/** Whether a term is a norm distance or its test. */
export const isNormTerm = (fn: string): fn is NormTermName => Object.hasOwn(NORM_TERMS, fn)

/**
 * Measures a norm distance or its test, where the values are so many that they are rounded to the grid anyhow: its counts alone are
 * fetched. Undefined for fewer values, which are fetched themselves, and where the database could not say.
 */
export async function measureNormThere(
  request: GroupRequest,
  fn: NormTermName,
  there: PooledSamples & { readonly missing: number },
): Promise<TermOutcome | undefined> {
  const samples = await gridThere(there)
  if (!samples.ok || samples.value === undefined) return undefined
  const { term, replicates } = request
  const { norm, kind } = NORM_TERMS[fn]
  const base = { term, missing: there.missing }
  if (kind === 'test') {
    const { p } = stats.permutationTestOf(norm, samples.value, request.random())
    return { ok: true, value: { ...base, value: p } }
  }
  const value = stats.normDistanceOf(norm, samples.value)
  if (term.estimates === 'rows') return { ok: true, value: { ...base, value } }
  const estimate = stats.normEstimateOf(norm, samples.value, { random: request.random(), replicates })
  return { ok: true, value: { ...base, value, estimate } }
}

/** A standard deviation below is as well the rounding of the values: the values decide. */
const ROUNDING = 1e-9

/** How many rows of either side are nearest to each step of the grid; undefined where the values are few or infinite. */
async function gridThere(there: PooledSamples): Promise<Outcome<stats.ScaledSamples | undefined>> {
  const { database, present, m } = there
  const ends = await database.numbers(
    sql`SELECT min("x"), max("x"), ${countOf(there, sql`count(DISTINCT "x")`)} FROM ${present}`,
  )
  if (!ends.ok) return ends
  const [low = Number.NaN, high = Number.NaN, distinct = 0] = ends.value.map((column) => column[0] ?? Number.NaN)
  const step = stats.normGridStep(low, high)
  if (!(distinct > stats.NORM_GRID) || !Number.isFinite(step) || step === 0) return succeed(undefined)
  const moments = await momentsBySide(there, [sql`"x"`], 'variances')
  if (!moments.ok) return moments
  const [reference] = moments.value ?? []
  const scale = Math.sqrt(((reference?.covariance[0]?.[0] ?? Number.NaN) * m) / (m - 1))
  if (!(scale > ROUNDING * Math.max(Math.abs(low), Math.abs(high))) || scale === Infinity) return succeed(undefined)
  // The nearest step, halves up, as `Math.round` has it.
  const place = sql`(("x" - ${number(there, low)}) / ${number(there, step)})`
  const nearest = sql`floor("place") + CASE WHEN "place" - floor("place") >= ${number(there, 0.5)} THEN ${number(there, 1)} ELSE ${number(there, 0)} END`
  const side = (name: 0 | 1) => countOf(there, database.spelling.countIf(sql`"side" = ${name === 0 ? sql`0` : sql`1`}`))
  const found = await database.numbers(
    sql`SELECT "nearest", ${side(0)}, ${side(1)} FROM
        (SELECT ${nearest} AS "nearest", "side" FROM (SELECT ${place} AS "place", "side" FROM ${present}) AS "placed") AS "rounded"
        GROUP BY "nearest"`,
  )
  if (!found.ok) return found
  const [places = new Float64Array(), left = new Float64Array(), right = new Float64Array()] = found.value
  const [a, b] = [new Float64Array(stats.NORM_GRID), new Float64Array(stats.NORM_GRID)]
  places.forEach((at, i) => {
    a[at] = left[i] ?? 0
    b[at] = right[i] ?? 0
  })
  return succeed({ ...stats.onNormGrid(low, step, a, b), scale })
}
