import { type Weights, weightOf } from '../metrics/weights.ts'
import { quantileAt, type Sorted } from '../quantile.ts'

/** Number of bins a numeric reference is cut into. */
const DISTANCE_BINS = 10

/**
 * Edges of up to `bins` equal-mass bins of an ascending reference without NaN: its type-7 quantiles at 1/bins … , equal
 * ones merged. Bin i holds edges[i−1] < x ≤ edges[i]; the first and last are unbounded, so every number has a bin.
 * An edge at the reference's greatest value would leave nothing above it and hide a heavy top value (a 0/1 column that
 * is mostly 1); the greatest value below takes its place. Empty for a constant or empty reference: one bin.
 */
export function quantileBins(sortedReference: Sorted, bins = DISTANCE_BINS): number[] {
  const greatest = sortedReference[sortedReference.length - 1]
  if (greatest === undefined) return []
  const below = greatestBelow(sortedReference, greatest)
  return quantileBinsOf(sortedReference.length, (rank) => sortedReference[rank], { greatest, below }, bins)
}

/** The ranks, from 0, of the values that the edges of `n` values are made of; ascending. */
export function quantileBinRanks(n: number, bins = DISTANCE_BINS): readonly number[] {
  const ranks = new Set<number>()
  for (let i = 1; i < bins; i++) {
    const rank = Math.floor((n - 1) * (i / bins))
    ranks.add(rank)
    if (rank + 1 < n) ranks.add(rank + 1)
  }
  return [...ranks].toSorted((a, b) => a - b)
}

/**
 * `quantileBins` of `n` ≥ 1 values of which only those at `quantileBinRanks`, the greatest, and the greatest of those below it are
 * known.
 */
export function quantileBinsOf(
  n: number,
  at: (rank: number) => number | undefined,
  { greatest, below }: { readonly greatest: number; readonly below: number | undefined },
  bins = DISTANCE_BINS,
): number[] {
  const edges: number[] = []
  for (let i = 1; i < bins; i++) {
    let edge = quantileAt(n, at, i / bins)
    if (edge !== undefined && edge >= greatest) edge = below
    // The value below the greatest may be lower than an interpolated edge before it.
    const last = edges.at(-1)
    if (edge !== undefined && (last === undefined || edge > last)) edges.push(edge)
  }
  return edges
}

function greatestBelow(sorted: Sorted, limit: number): number | undefined {
  return sorted[binOf(sorted, limit) - 1]
}

/** Number of the bin of a value: the count of ascending edges below it. */
export function binOf(edges: Sorted, value: number): number {
  let from = 0
  let to = edges.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((edges[middle] as number) < value) from = middle + 1
    else to = middle
  }
  return from
}

/** Rows per bin of numbers, each counted as often as it weighs, and last those of missing ones (null, undefined, NaN). */
export function histogram(
  values: ArrayLike<number | null | undefined>,
  edges: readonly number[],
  weights?: Weights,
): Uint32Array {
  const counts = new Uint32Array(edges.length + 2)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    const missing = value === null || value === undefined || Number.isNaN(value)
    ;(counts[missing ? edges.length + 1 : binOf(edges, value)] as number) += weightOf(weights, row)
  }
  return counts
}
