import { type Weights, weightOf } from '../metrics/weights.ts'
import { quantileType7, type Sorted } from '../quantile.ts'

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
  const edges: number[] = []
  for (let i = 1; i < bins; i++) {
    let edge = quantileType7(sortedReference, i / bins)
    if (edge !== undefined && edge >= greatest) edge = greatestBelow(sortedReference, greatest)
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
