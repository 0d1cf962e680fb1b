import type { MergedSamples } from './ks.ts'
import type { CountedValues } from './sorted.ts'

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
  // A loop: `Float64Array.from` with a function calls an iterator for each, ten times as slow.
  const change = (counts: ArrayLike<number>, sizes: Uint32Array): Float64Array => {
    const changes = new Float64Array(sizes.length)
    for (let i = 0; i < sizes.length; i++) changes[i] = (counts[i] as number) - (sizes[i] as number)
    return changes
  }
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
export function referenceScale({ referenceSizes, reference, values }: MergedSamples): number | undefined {
  const own = new Float64Array(referenceSizes.length)
  for (let i = 0; i < reference.length; i++) {
    const place = reference[i] as number
    if (place >= 0) own[place] = values[i] as number
  }
  return spreadOf({ values: own, counts: referenceSizes }, totalOf(referenceSizes))
}

/**
 * The distance in standard deviations of the reference, of samples that are counted: the number of `wassersteinOfCounts` over
 * `referenceScale`, without merging them first. `undefined` where one of the two is.
 */
export function scaledWasserstein(reference: CountedValues, window: CountedValues): number | undefined {
  const [referenceTotal, windowTotal] = [totalOf(reference.counts), totalOf(window.counts)]
  const scale = spreadOf(reference, referenceTotal)
  if (referenceTotal === 0 || windowTotal === 0 || scale === undefined) return undefined
  const [a, b] = [reference.values, window.values]
  let [i, j, left, right, sum] = [0, 0, 0, 0, 0]
  let before = Math.min(a[0] as number, b[0] as number)
  while (i < a.length || j < b.length) {
    const x = i < a.length ? (a[i] as number) : Infinity
    const y = j < b.length ? (b[j] as number) : Infinity
    const value = x <= y ? x : y
    const height = Math.abs(left / referenceTotal - right / windowTotal)
    if (height > 0) sum += height * (value - before)
    if (x === value && i < a.length) left += reference.counts[i++] as number
    if (y === value && j < b.length) right += window.counts[j++] as number
    before = value
  }
  return Number.isFinite(sum) ? sum / scale : undefined
}

function spreadOf({ values, counts }: CountedValues, n: number): number | undefined {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (counts[i] as number) * (values[i] as number)
  const mean = sum / n
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (counts[i] as number) * ((values[i] as number) - mean) ** 2
  const scale = Math.sqrt(squares / (n - 1))
  return scale > 0 && Number.isFinite(scale) ? scale : undefined
}
