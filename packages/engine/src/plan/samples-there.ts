import { type Sql, sql, stats } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { isBandTerm, measureBandThere } from './bands-there.ts'
import type { GroupRequest } from './group-terms.ts'
import { isNormTerm, measureNormThere } from './norms-there.ts'
import {
  countOf,
  momentsBySide,
  number,
  overValues,
  type PooledSamples,
  poolSamples,
  type ThereSide,
} from './pooled-samples.ts'
import type { SampleTermName } from './two-sample-terms.ts'

type Result = { readonly p: number } | undefined
type Test = (there: PooledSamples) => Promise<Outcome<Result>>

/** A sum left float64 on the way, which the counted values do not: they decide. */
const UNKNOWN = { p: Number.NaN }

const TESTS: Readonly<Partial<Record<SampleTermName, Test>>> = {
  ks_p: async (there) => {
    const { m, n } = there
    const greatest = sql`max(abs("below_a" * ${number(there, n)} - "below_b" * ${number(there, m)}))`
    const found = await overValues(there, [greatest])
    return found.ok ? succeed(stats.kolmogorovSmirnovTestOf(found.value[0] ?? Number.NaN, m, n)) : found
  },
  cramer_von_mises_p: async (there) => {
    // Of `a` rows with a value, behind as many of the other side: the sum of (rank in both − rank on their side)².
    const squares = (own: Sql, before: Sql, other: Sql): Sql => {
      const apart = sql`(${before} + ${other} / ${number(there, 2)})`
      return sql`sum(${own} * ${apart} * ${apart} + ${own} * (${own} * ${own} - ${number(there, 1)}) / ${number(there, 12)})`
    }
    const found = await overValues(there, [
      squares(A, sql`("below_b" - ${B})`, B),
      squares(B, sql`("below_a" - ${A})`, A),
    ])
    if (!found.ok) return found
    const [u = Number.NaN, v = Number.NaN] = found.value
    return succeed(stats.cramerVonMisesTestOf(u, v, there.m, there.n))
  },
  anderson_darling_p: async (there) => {
    const { m, n } = there
    const total = number(there, m + n)
    const two = number(there, 2)
    const tied = sql`(${A} + ${B})`
    const below = sql`("below_a" + "below_b" - ${tied} / ${two})`
    const scale = sql`nullif(${below} * (${total} - ${below}) - ${total} * ${tied} / ${number(there, 4)}, ${number(there, 0)})`
    const side = (own: Sql, upTo: Sql, rows: number): Sql => {
      const apart = sql`(${total} * (${upTo} - ${own} / ${two}) - ${below} * ${number(there, rows)})`
      return sql`sum(${tied} / ${total} * ${apart} * ${apart} / ${scale})`
    }
    const distinct = countOf(there, sql`count(*)`)
    const found = await overValues(there, [side(A, sql`"below_a"`, m), side(B, sql`"below_b"`, n), distinct])
    if (!found.ok) return found
    const [left = Number.NaN, right = Number.NaN, values = 0] = found.value
    const undecidable = m + n < 4 || values < 2
    return succeed(undecidable ? undefined : stats.andersonDarlingTestOf(left / m + right / n, m, n))
  },
  mann_whitney_p: async (there) => {
    const found = await pairsOf(there)
    return found.ok ? succeed(stats.mannWhitneyTestOf(found.value, there.m, there.n)) : found
  },
  t_p: async (there) => {
    const found = await momentsBySide(there, [sql`"x"`], 'variances')
    if (!found.ok) return found
    if (found.value === undefined) return succeed(UNKNOWN)
    const [reference, window] = found.value
    const moments = ({ rows, means, covariance }: stats.CharacteristicMoments) => ({
      mean: means[0] ?? Number.NaN,
      variance: ((covariance[0]?.[0] ?? Number.NaN) * rows) / (rows - 1),
    })
    return succeed(stats.welchTestOf(moments(reference), moments(window), there.m, there.n))
  },
  epps_singleton_p: async (there) => {
    const { database, m, n } = there
    if (Math.min(m, n) < stats.EPPS_SINGLETON_ROWS) return succeed(undefined)
    const ranks = stats.halfRangeRanks(m + n).toSorted((a, b) => a - b)
    const quartiles = await database.numbers(database.spelling.atRanks(sql`"x"`, m + n, ranks, there.present))
    if (!quartiles.ok) return quartiles
    const at = new Map(ranks.map((rank, i) => [rank, quartiles.value[0]?.[i] ?? Number.NaN]))
    const points = stats.eppsSingletonPoints(stats.halfRangeOf(m + n, (rank) => at.get(rank) ?? Number.NaN))
    if (points === undefined) return succeed(undefined)
    const angles = points.map((t) => sql`${number(there, t)} * "x"`)
    const waves = [...angles.map((angle) => sql`cos(${angle})`), ...angles.map((angle) => sql`sin(${angle})`)]
    const found = await momentsBySide(there, waves, 'covariances')
    if (!found.ok) return found
    return succeed(found.value === undefined ? UNKNOWN : stats.eppsSingletonTestOf(...found.value))
  },
}

/**
 * Measures a test of two samples, or the area of a shift, where both are in one database that counts there: by ranks and sums over window
 * functions, so that no value is fetched. Undefined where that cannot be, or did not succeed: then the values are fetched.
 */
export async function measureThere(
  request: GroupRequest,
  fn: SampleTermName,
  reference: ThereSide,
  window: ThereSide,
): Promise<TermOutcome | undefined> {
  const test = TESTS[fn]
  const isNorm = isNormTerm(fn)
  const isArea = fn === 'shift_auc' && !request.resampled
  if (test === undefined && !isNorm && !isArea && !isBandTerm(fn)) return undefined
  const there = await poolSamples(reference, window)
  if (there === undefined) return undefined
  const { m, n, missing } = there
  const { term } = request
  if (m === 0 || n === 0)
    return { ok: true, value: { term, value: null, missing, estimate: stats.undefinedEstimate('empty') } }
  if (isNorm) return measureNormThere(request, fn, there)
  if (isBandTerm(fn)) return measureBandThere(request, fn, there)
  if (test !== undefined) {
    const found = await test(there)
    if (!found.ok || Number.isNaN(found.value?.p)) return undefined
    return found.value === undefined
      ? { ok: true, value: { term, value: null, missing, estimate: stats.undefinedEstimate('undefined-metric') } }
      : { ok: true, value: { term, value: found.value.p, missing } }
  }
  const area = await areaOf(there)
  if (!area.ok) return undefined
  const { value, estimate } = area.value
  return { ok: true, value: { term, value, missing, ...(term.estimates === 'rows' ? {} : { estimate }) } }
}

const A = sql`"a"`
const B = sql`"b"`

async function pairsOf(there: PooledSamples): Promise<Outcome<stats.RankPairs>> {
  const tied = sql`(${A} + ${B})`
  const found = await overValues(there, [
    sql`sum(${B} * (${placed(there, 'window')}))`,
    sql`sum(${tied} * ${tied} * ${tied} - ${tied})`,
  ])
  if (!found.ok) return found
  const [wins = Number.NaN, ties = Number.NaN] = found.value
  return succeed({ wins, ties })
}

/** Rows of the other side below one with the value, ties half. */
function placed(there: PooledSamples, side: 'reference' | 'window'): Sql {
  const two = number(there, 2)
  return side === 'window' ? sql`"below_a" - ${A} / ${two}` : sql`"below_b" - ${B} / ${two}`
}

/** The area under the ROC curve with DeLong's variance, of which a side's part is the variance of its placements. */
async function areaOf(
  there: PooledSamples,
): Promise<Outcome<{ readonly value: number; readonly estimate: stats.Estimation }>> {
  const { m, n } = there
  const pairs = await pairsOf(there)
  if (!pairs.ok) return pairs
  const { wins } = pairs.value
  const squares = (rows: Sql, side: 'reference' | 'window', mean: number): Sql => {
    const apart = sql`(${placed(there, side)} - ${number(there, mean)})`
    return sql`sum(${rows} * ${apart} * ${apart})`
  }
  const found = await overValues(there, [squares(B, 'window', wins / n), squares(A, 'reference', n - wins / m)])
  if (!found.ok) return found
  const [window = Number.NaN, reference = Number.NaN] = found.value
  const value = wins / (m * n)
  const positives = { rows: n, variance: window / (m * m) / ((n - 1) * n) }
  const negatives = { rows: m, variance: reference / (n * n) / ((m - 1) * m) }
  return succeed({ value, estimate: stats.aucEstimateOf(value, positives, negatives) })
}
