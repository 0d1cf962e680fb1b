import { type Estimation, type Interval, undefinedEstimate } from './estimate.ts'
import { binomialCdf, binomialUpperTail } from './special/binomial.ts'

/** Values in ascending order. */
export type Sorted = ArrayLike<number>

/**
 * Sample quantile by linear interpolation: type 7 of Hyndman and Fan, The American Statistician 50 (1996), the default
 * of NumPy and R. `sorted` ascending without NaN, q in [0, 1]; `undefined` without values or between −∞ and +∞.
 */
export function quantileType7(sorted: Sorted, q: number): number | undefined {
  return quantileAt(sorted.length, (rank) => sorted[rank], q)
}

/** `quantileType7` of `n` values, of which only the two around the place are asked for, by rank from 0. */
export function quantileAt(n: number, at: (rank: number) => number | undefined, q: number): number | undefined {
  const position = (n - 1) * q
  const index = Math.floor(position)
  const below = at(index)
  if (below === undefined) return undefined
  const fraction = position - index
  const above = at(index + 1)
  if (fraction === 0 || above === undefined || above === below) return below
  const value =
    Number.isFinite(below) && Number.isFinite(above)
      ? below + (above - below) * fraction
      : below * (1 - fraction) + above * fraction
  return Number.isNaN(value) ? undefined : value
}

/** Smallest integer in [low, high] for which the monotone predicate holds; high + 1 when it never does. */
function firstWhere(low: number, high: number, holds: (i: number) => boolean): number {
  let from = low
  let to = high + 1
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}

/** How many values of an ascending array are below `at`, or not above it. */
function countBelow(sorted: Sorted, at: number, inclusive: boolean): number {
  return firstWhere(0, sorted.length - 1, (i) => {
    const value = sorted[i] as number
    return inclusive ? value > at : value >= at
  })
}

/**
 * Distribution-free interval of the population's q-quantile between two order statistics, each tail at most
 * (1 − level) / 2 by the binomial distribution; an end is infinite when the sample is too small for that side.
 * Source: H. A. David, H. N. Nagaraja, Order Statistics (2003), section 7.1. Coverage is never below `level`.
 */
export function orderStatisticInterval(sorted: Sorted, q: number, level: number): Interval {
  const n = sorted.length
  // A tail that equals (1 − level) / 2 up to rounding is not above it.
  const tail = ((1 - level) / 2) * (1 + 1e-12)
  // Ranks count from 1; rank 0 and n + 1 stand for −∞ and +∞.
  const lower = firstWhere(0, n - 1, (rank) => binomialCdf(rank, n, q) > tail)
  const upper = firstWhere(1, n, (rank) => binomialUpperTail(rank, n, q) <= tail)
  return { low: sorted[lower - 1] ?? -Infinity, high: sorted[upper - 1] ?? Infinity }
}

/** A type-7 quantile with its order-statistic interval. `sorted` ascending without NaN. */
export function quantileEstimate(sorted: Sorted, q: number): Estimation {
  if (sorted.length === 0) return undefinedEstimate('empty')
  const value = quantileType7(sorted, q)
  if (value === undefined) return undefinedEstimate('undefined-metric')
  const n = sorted.length
  return {
    kind: 'estimate',
    value,
    method: 'order-statistics',
    interval: (level) => orderStatisticInterval(sorted, q, level),
    p(at) {
      const fromBelow = 2 * binomialCdf(countBelow(sorted, at, true), n, q)
      const fromAbove = 2 * binomialUpperTail(countBelow(sorted, at, false), n, q)
      return Math.min(1, fromBelow, fromAbove)
    },
  }
}
