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

function runs(values: ArrayLike<number>): { distinct: number[]; sizes: number[] } {
  const sorted = Float64Array.from(values).sort()
  const distinct: number[] = []
  const sizes: number[] = []
  for (const value of sorted) {
    // −0 sorts before 0, but is the same value.
    if (distinct.length > 0 && distinct[distinct.length - 1] === value)
      sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1
    else {
      distinct.push(value)
      sizes.push(1)
    }
  }
  return { distinct, sizes }
}

/** Merges two samples without NaN (missing values are left out before; ±∞ are values). */
export function mergeSamples(reference: ArrayLike<number>, window: ArrayLike<number>): MergedSamples {
  const left = runs(reference)
  const right = runs(window)
  const places: { reference: number[]; window: number[] } = { reference: [], window: [] }
  const values: number[] = []
  for (let i = 0, j = 0; i < left.distinct.length || j < right.distinct.length; ) {
    const a = left.distinct[i]
    const b = right.distinct[j]
    const takeLeft = a !== undefined && (b === undefined || a <= b)
    const takeRight = b !== undefined && (a === undefined || b <= a)
    values.push((takeLeft ? a : b) as number)
    places.reference.push(takeLeft ? i++ : -1)
    places.window.push(takeRight ? j++ : -1)
  }
  return {
    values: Float64Array.from(values),
    reference: Int32Array.from(places.reference),
    window: Int32Array.from(places.window),
    referenceSizes: Uint32Array.from(left.sizes),
    windowSizes: Uint32Array.from(right.sizes),
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
