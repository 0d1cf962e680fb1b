/** A distance of two histograms that reads nothing but the differences of their shares, which are not smoothed. */
export type ShareDistanceName = 'total_variation' | 'linf'

type Combine = (differences: Iterable<number>) => number

const COMBINE: Readonly<Record<ShareDistanceName, Combine>> = {
  total_variation(differences) {
    let sum = 0
    for (const difference of differences) sum += Math.abs(difference)
    return Math.min(1, sum / 2)
  },
  linf(differences) {
    let greatest = 0
    for (const difference of differences) greatest = Math.max(greatest, Math.abs(difference))
    return greatest
  },
}

const totalOf = (counts: ArrayLike<number>): number => {
  let total = 0
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number
  return total
}

function* differences(
  left: ArrayLike<number>,
  leftTotal: number,
  right: ArrayLike<number>,
  rightTotal: number,
): Iterable<number> {
  for (let bin = 0; bin < left.length; bin++)
    yield (left[bin] as number) / leftTotal - (right[bin] as number) / rightTotal
}

/**
 * `total_variation`: half the sum of the absolute differences of shares, the share of rows that would have to move;
 * `linf`: the greatest of them. Both in [0, 1]; `undefined` without rows on a side.
 */
export function shareDistance(
  name: ShareDistanceName,
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): number | undefined {
  const [left, right] = [totalOf(reference), totalOf(window)]
  if (left === 0 || right === 0) return undefined
  return COMBINE[name](differences(reference, left, window, right))
}

/**
 * How far a resample lies off: the distance of (p* − p) − (q* − q) from 0. By the triangle inequality no distance of
 * this kind can be off by more.
 */
export function shareDistanceError(
  name: ShareDistanceName,
  measured: readonly [ArrayLike<number>, ArrayLike<number>],
  resampled: readonly [ArrayLike<number>, ArrayLike<number>],
): number {
  const totals = measured.map(totalOf) as [number, number]
  const changes = measured.map((counts, side) =>
    Float64Array.from(resampled[side as 0 | 1], (count, bin) => count - (counts[bin] as number)),
  ) as [Float64Array, Float64Array]
  return COMBINE[name](differences(changes[0], totals[0], changes[1], totals[1]))
}
