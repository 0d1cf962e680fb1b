import { type CountedValues, countSorted, sortNumbers } from './sorted.ts'

/** Two samples merged once, so that the statistic of any resample is one pass without sorting. */
export interface MergedSamples {
  /** The distinct values of both sides, ascending. */
  readonly values: Float64Array
  /** For each distinct value in ascending order, its place in the reference's counts, or −1. */
  readonly reference: Int32Array
  /** The same for the window's counts. */
  readonly window: Int32Array
  /** How often each distinct value of the reference occurs; the population to resample. */
  readonly referenceSizes: Uint32Array
  readonly windowSizes: Uint32Array
}

/** Merges two samples without NaN (missing values are left out before; ±∞ are values). */
export function mergeSamples(reference: ArrayLike<number>, window: ArrayLike<number>): MergedSamples {
  const runs = (values: ArrayLike<number>): CountedValues => countSorted(sortNumbers(Float64Array.from(values)))
  return mergeCounted(runs(reference), runs(window))
}

/** Merges two samples that are counted already. */
export function mergeCounted(left: CountedValues, right: CountedValues): MergedSamples {
  const most = left.values.length + right.values.length
  const values = new Float64Array(most)
  const reference = new Int32Array(most).fill(-1)
  const window = new Int32Array(most).fill(-1)
  let length = 0
  let [i, j] = [0, 0]
  while (i < left.values.length && j < right.values.length) {
    const a = left.values[i] as number
    const b = right.values[j] as number
    values[length] = a <= b ? a : b
    if (a <= b) reference[length] = i++
    if (b <= a) window[length] = j++
    length++
  }
  for (; i < left.values.length; length++) {
    values[length] = left.values[i] as number
    reference[length] = i++
  }
  for (; j < right.values.length; length++) {
    values[length] = right.values[j] as number
    window[length] = j++
  }
  return {
    values: values.subarray(0, length),
    reference: reference.subarray(0, length),
    window: window.subarray(0, length),
    referenceSizes: left.counts,
    windowSizes: right.counts,
  }
}

/**
 * Two-sample Kolmogorov-Smirnov statistic: the greatest distance of the two empirical distribution functions, in
 * [0, 1], exact. Counts are those of the distinct values of each side; `undefined` without rows on a side.
 */
export function ksOfCounts(
  merged: MergedSamples,
  referenceCounts: ArrayLike<number>,
  windowCounts: ArrayLike<number>,
): number | undefined {
  let referenceTotal = 0
  let windowTotal = 0
  for (let i = 0; i < referenceCounts.length; i++) referenceTotal += referenceCounts[i] as number
  for (let i = 0; i < windowCounts.length; i++) windowTotal += windowCounts[i] as number
  if (referenceTotal === 0 || windowTotal === 0) return undefined
  let left = 0
  let right = 0
  let greatest = 0
  for (let i = 0; i < merged.reference.length; i++) {
    const a = merged.reference[i] as number
    const b = merged.window[i] as number
    if (a >= 0) left += referenceCounts[a] as number
    if (b >= 0) right += windowCounts[b] as number
    const distance = Math.abs(left / referenceTotal - right / windowTotal)
    if (distance > greatest) greatest = distance
  }
  return greatest
}

/**
 * How far a resample lies off: the greatest distance of (F* − F) − (G* − G) from 0, where F and G are the empirical
 * distribution functions. No Kolmogorov-Smirnov statistic can be off by more.
 */
export function ksErrorOfCounts(
  merged: MergedSamples,
  referenceCounts: ArrayLike<number>,
  windowCounts: ArrayLike<number>,
): number {
  const { referenceSizes, windowSizes } = merged
  const totalOf = (sizes: Uint32Array): number => sizes.reduce((sum, size) => sum + size, 0)
  const [referenceTotal, windowTotal] = [totalOf(referenceSizes), totalOf(windowSizes)]
  let left = 0
  let right = 0
  let greatest = 0
  for (let i = 0; i < merged.reference.length; i++) {
    const a = merged.reference[i] as number
    const b = merged.window[i] as number
    if (a >= 0) left += (referenceCounts[a] as number) - (referenceSizes[a] as number)
    if (b >= 0) right += (windowCounts[b] as number) - (windowSizes[b] as number)
    const distance = Math.abs(left / referenceTotal - right / windowTotal)
    if (distance > greatest) greatest = distance
  }
  return greatest
}

/** Two-sample Kolmogorov-Smirnov statistic of two samples without NaN; `undefined` when one is empty. */
export function ks(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  const merged = mergeSamples(reference, window)
  return ksOfCounts(merged, merged.referenceSizes, merged.windowSizes)
}
