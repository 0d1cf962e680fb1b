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

/** Part of a sorted sample: of all `n` values those at the ranks from `first` on (ranks count from 0), ascending, without NaN. */
export interface RanksOf {
  readonly n: number
  readonly first: number
  readonly values: Sorted
  /** Bounds of which is known how many values of all are below them, and how many are not above. */
  readonly counted?: ReadonlyMap<number, { readonly below: number; readonly upTo: number }>
}

/** How many values of a sample are below `at`, or not above it; of a part of the sample, where nobody counted, that number drawn to its nearer end. */
function countBelow({ first, values, counted }: RanksOf, at: number, inclusive: boolean): number {
  const known = counted?.get(at)
  if (known !== undefined) return inclusive ? known.upTo : known.below
  const within = firstWhere(0, values.length - 1, (i) => {
    const value = values[i] as number
    return inclusive ? value > at : value >= at
  })
  return first + within
}

/** Ranks from 1 of the two order statistics of an interval; 0 and n + 1 stand for −∞ and +∞. */
function intervalRanks(n: number, q: number, level: number): readonly [number, number] {
  // A tail that equals (1 − level) / 2 up to rounding is not above it.
  const tail = ((1 - level) / 2) * (1 + 1e-12)
  const lower = firstWhere(0, n - 1, (rank) => binomialCdf(rank, n, q) > tail)
  const upper = firstWhere(1, n, (rank) => binomialUpperTail(rank, n, q) <= tail)
  return [lower, upper]
}

function intervalWithin({ n, first, values }: RanksOf, q: number, level: number): Interval {
  const [lower, upper] = intervalRanks(n, q, level)
  return { low: values[lower - 1 - first] ?? -Infinity, high: values[upper - 1 - first] ?? Infinity }
}

/**
 * Distribution-free interval of the population's q-quantile between two order statistics, each tail at most
 * (1 − level) / 2 by the binomial distribution; an end is infinite when the sample is too small for that side.
 * Source: H. A. David, H. N. Nagaraja, Order Statistics (2003), section 7.1. Coverage is never below `level`.
 */
export function orderStatisticInterval(sorted: Sorted, q: number, level: number): Interval {
  return intervalWithin({ n: sorted.length, first: 0, values: sorted }, q, level)
}

/** Tails below this share no confidence that is asked reaches: α / m of a thousand slices at 99.9 % is 1e-6. */
const FAR_TAIL = 1e-12

/**
 * The first and the last rank (from 0) that the quantile of n values and every interval of it read whose level is at most
 * 1 − 2e-12: some 14 √(n q (1 − q)) values, however many there are.
 */
export function quantileRanks(n: number, q: number): readonly [number, number] {
  const [lower, upper] = intervalRanks(n, q, 1 - 2 * FAR_TAIL)
  const below = Math.floor((n - 1) * q)
  return [Math.max(0, Math.min(below, lower - 1)), Math.min(n - 1, Math.max(below + 1, upper - 1))]
}

/** A type-7 quantile with its order-statistic interval. `sorted` ascending without NaN. */
export function quantileEstimate(sorted: Sorted, q: number): Estimation {
  return quantileEstimateWithin({ n: sorted.length, first: 0, values: sorted }, q)
}

/** `quantileEstimate` of a sample of which the ranks of `quantileRanks` are known: beyond them an end is infinite, and p the greater. */
export function quantileEstimateWithin(sample: RanksOf, q: number): Estimation {
  const { n, first, values } = sample
  if (n === 0) return undefinedEstimate('empty')
  const value = quantileAt(n, (rank) => values[rank - first], q)
  if (value === undefined) return undefinedEstimate('undefined-metric')
  return {
    kind: 'estimate',
    value,
    method: 'order-statistics',
    interval: (level) => intervalWithin(sample, q, level),
    p(at) {
      const fromBelow = 2 * binomialCdf(countBelow(sample, at, true), n, q)
      const fromAbove = 2 * binomialUpperTail(countBelow(sample, at, false), n, q)
      return Math.min(1, fromBelow, fromAbove)
    },
  }
}
