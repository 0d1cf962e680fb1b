import type { Interval, IntervalEstimate } from './estimate.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/** A bootstrap estimate: intervals at any level come from the same stored replicates. */
export interface BcaEstimate extends IntervalEstimate {
  readonly method: 'bca'
  /** Values on the resamples where the statistic exists, ascending. */
  readonly replicates: Float64Array
  /** How many resamples were left aside because the statistic does not exist on them. */
  readonly undefinedReplicates: number
  /** Bias correction z₀. */
  readonly biasCorrection: number
  /** Acceleration a. */
  readonly acceleration: number
  /** Below this α the replicates cannot decide: 2 / (B + 1). */
  readonly smallestAlpha: number
}

/** What {@link bcaEstimate} needs. */
export interface BcaParts {
  readonly value: number
  /** Ascending, not all equal. */
  readonly replicates: Float64Array
  readonly undefinedReplicates: number
  readonly acceleration: number
  /** Ends of an interval where the replicates say nothing. */
  readonly range: Interval
}

function countBelow(sorted: Float64Array, at: number, inclusive: boolean): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const value = sorted[middle] as number
    if (inclusive ? value <= at : value < at) from = middle + 1
    else to = middle
  }
  return from
}

/**
 * Bias-corrected and accelerated interval from replicates: ends at the quantiles Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z))).
 * Ends are order statistics at (B + 1) p rounded outwards; where the wanted one lies beyond the replicates the end is
 * that of `range`, never the outermost replicate, which would claim more than was seen. p-values invert the same rule
 * and are never below 2 / (B + 1).
 * Source: B. Efron, "Better Bootstrap Confidence Intervals", JASA 82 (1987), section 3.
 */
export function bcaEstimate(parts: BcaParts): BcaEstimate {
  const { value, replicates, acceleration, range } = parts
  const count = replicates.length
  const smallestAlpha = 2 / (count + 1)
  // Replicates equal to the estimate count half (discrete statistics); the ends stay finite.
  const rank = (countBelow(replicates, value, false) + countBelow(replicates, value, true)) / 2
  const biasCorrection = normalQuantile(Math.min(Math.max(rank, 1), count) / (count + 1))

  const adjusted = (z: number): number => {
    const shifted = biasCorrection + z
    const scale = 1 - acceleration * shifted
    // Beyond the pole of the transformation there is no quantile; the limit keeps intervals nested.
    if (scale <= 0) return shifted > 0 ? 1 : 0
    return normalCdf(biasCorrection + shifted / scale)
  }
  /** The z whose adjusted quantile is p: the inverse of `adjusted`; beyond the pole no z reaches p. */
  const unadjusted = (p: number): number => {
    const shifted = normalQuantile(p) - biasCorrection
    const scale = 1 + acceleration * shifted
    if (scale <= 0) return shifted > 0 ? Infinity : -Infinity
    return shifted / scale - biasCorrection
  }

  return {
    kind: 'estimate',
    value,
    method: 'bca',
    replicates,
    undefinedReplicates: parts.undefinedReplicates,
    biasCorrection,
    acceleration,
    smallestAlpha,
    interval(level) {
      const alpha = 1 - level
      if (alpha < smallestAlpha * (1 - 1e-9)) return range
      const z = -normalQuantile(alpha / 2)
      // 1e-9 keeps a whole number that rounding moved from being rounded outwards by one.
      const lower = Math.floor((count + 1) * adjusted(-z) + 1e-9)
      const upper = Math.ceil((count + 1) * adjusted(z) - 1e-9)
      return {
        low: lower < 1 ? range.low : (replicates[Math.min(lower, count) - 1] as number),
        high: upper > count ? range.high : (replicates[Math.max(upper, 1) - 1] as number),
      }
    },
    p(at) {
      const notAbove = countBelow(replicates, at, true)
      const below = countBelow(replicates, at, false)
      const fromBelow = notAbove >= count ? 1 : 2 * normalCdf(unadjusted((notAbove + 1) / (count + 1)))
      const fromAbove = below === 0 ? 1 : 2 * normalCdf(-unadjusted(below / (count + 1)))
      return Math.min(1, Math.max(smallestAlpha, Math.min(fromBelow, fromAbove)))
    },
  }
}
