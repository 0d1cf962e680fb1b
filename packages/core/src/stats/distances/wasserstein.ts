import type { MergedSamples } from './ks.ts'

/**
 * ∫ |F − G| of two step functions given by what each adds at every distinct value; `undefined` where the integral is not
 * finite, as with a value at infinity.
 */
function area(
  merged: MergedSamples,
  reference: ArrayLike<number>,
  referenceTotal: number,
  window: ArrayLike<number>,
  windowTotal: number,
): number | undefined {
  let [left, right, sum] = [0, 0, 0]
  for (let i = 0; i + 1 < merged.values.length; i++) {
    const a = merged.reference[i] as number
    const b = merged.window[i] as number
    if (a >= 0) left += reference[a] as number
    if (b >= 0) right += window[b] as number
    const height = Math.abs(left / referenceTotal - right / windowTotal)
    const width = (merged.values[i + 1] as number) - (merged.values[i] as number)
    if (height > 0) sum += height * width
  }
  return Number.isFinite(sum) ? sum : undefined
}

const totalOf = (counts: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i] as number
  return total
}

/**
 * Wasserstein distance of order 1 (earth mover's), ∫ |F − G|, in the unit of the values. Counts are those of the distinct
 * values of each side; `undefined` without rows on a side. Source: S. S. Vallender, Theory of Probability and Its
 * Applications 18 (1974), for the form by distribution functions.
 */
export function wassersteinOfCounts(
  merged: MergedSamples,
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): number | undefined {
  const [left, right] = [totalOf(reference), totalOf(window)]
  return left === 0 || right === 0 ? undefined : area(merged, reference, left, window, right)
}

/** How far a resample lies off: ∫ |(F* − F) − (G* − G)|. No Wasserstein distance can be off by more. */
export function wassersteinErrorOfCounts(
  merged: MergedSamples,
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): number | undefined {
  const change = (counts: ArrayLike<number>, sizes: Uint32Array): Float64Array =>
    Float64Array.from(sizes, (size, i) => (counts[i] as number) - size)
  const { referenceSizes, windowSizes } = merged
  return area(
    merged,
    change(reference, referenceSizes),
    totalOf(referenceSizes),
    change(window, windowSizes),
    totalOf(windowSizes),
  )
}

/** Sample standard deviation (divisor n − 1) of the reference: the scale of the normed distance; `undefined` without spread. */
export function referenceScale(merged: MergedSamples): number | undefined {
  const { referenceSizes, reference, values } = merged
  const n = totalOf(referenceSizes)
  let sum = 0
  for (let i = 0; i < reference.length; i++) {
    const place = reference[i] as number
    if (place >= 0) sum += (referenceSizes[place] as number) * (values[i] as number)
  }
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < reference.length; i++) {
    const place = reference[i] as number
    if (place >= 0) squares += (referenceSizes[place] as number) * ((values[i] as number) - mean) ** 2
  }
  const scale = Math.sqrt(squares / (n - 1))
  return scale > 0 && Number.isFinite(scale) ? scale : undefined
}
