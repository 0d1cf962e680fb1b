/** Relative error of a quantile by `logQuantile`: at most 1 % of the value at its rank. */
export const QUANTILE_ERROR = 0.01
/** Each bin is so many times as wide as the one before: its middle is within the error of all of it. */
export const LOG_BASE = Math.log((1 + QUANTILE_ERROR) / (1 - QUANTILE_ERROR))

/** Bins of a histogram at most that is kept. */
export const MOST_BINS = 5000

/**
 * How often numbers fall into bins that grow with their size: bin i > 0 holds (γ^(i−1), γ^i] with γ = (1 + error) / (1 − error), for numbers above 0 and,
 * by their size, for those below. Source: Masson, Rim and Lee, "DDSketch" (2019), without collapsing. Made of counts alone: merging is exact.
 */
export interface LogHistogram {
  readonly zeros: number
  /** Bin and count, ascending by bin. */
  readonly above: readonly (readonly [bin: number, count: number])[]
  readonly below: readonly (readonly [bin: number, count: number])[]
}

/** Of no number at all. */
export const NO_LOG_HISTOGRAM: LogHistogram = { zeros: 0, above: [], below: [] }

type Bins = LogHistogram['above']

/** Of two parts together. */
export function mergeLogHistograms(a: LogHistogram, b: LogHistogram): LogHistogram {
  return { zeros: a.zeros + b.zeros, above: mergeBins(a.above, b.above), below: mergeBins(a.below, b.below) }
}

function mergeBins(a: Bins, b: Bins): Bins {
  const counts = new Map(a)
  for (const [bin, count] of b) counts.set(bin, (counts.get(bin) ?? 0) + count)
  return [...counts].sort(([x], [y]) => x - y)
}

/** The value at rank ⌊q · (n − 1)⌋, to 1 % of its size; undefined where there is none. */
export function logQuantile({ zeros, above, below }: LogHistogram, q: number): number | undefined {
  const size = (bins: Bins) => bins.reduce((sum, [, count]) => sum + count, 0)
  const n = zeros + size(above) + size(below)
  if (n === 0) return undefined
  const ordered = [
    ...below.toReversed().map(([bin, count]) => [-middleOf(bin), count] as const),
    [0, zeros] as const,
    ...above.map(([bin, count]) => [middleOf(bin), count] as const),
  ]
  let left = Math.floor(q * (n - 1))
  for (const [value, count] of ordered) {
    if (left < count) return value
    left -= count
  }
  return undefined
}

/** Within the relative error of every number of the bin. */
const middleOf = (bin: number): number => Math.exp(bin * LOG_BASE) * (1 - QUANTILE_ERROR)
