import type { MergedSamples } from '../distances/ks.ts'

/** Two samples value by value: how often each occurs on either side, in ascending order. */
export interface TwoSamples {
  readonly values: Float64Array
  readonly left: Float64Array
  readonly right: Float64Array
  /** Rows of either side. */
  readonly m: number
  readonly n: number
}

/** The reference on the left, the window on the right; `undefined` where a side is empty. */
export function twoSamples({
  values,
  reference,
  window,
  referenceSizes,
  windowSizes,
}: MergedSamples): TwoSamples | undefined {
  const counts = (places: Int32Array, sizes: Uint32Array): Float64Array => {
    const found = new Float64Array(places.length)
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number
      if (place >= 0) found[i] = sizes[place] as number
    }
    return found
  }
  const [left, right] = [counts(reference, referenceSizes), counts(window, windowSizes)]
  const sum = (of: Float64Array): number => of.reduce((total, each) => total + each, 0)
  const [m, n] = [sum(left), sum(right)]
  return m === 0 || n === 0 ? undefined : { values, left, right, m, n }
}

/** Mean and variance (divisor n − 1). */
export interface SideMoments {
  readonly mean: number
  readonly variance: number
}

/** The moments of a side. */
export function momentsOf(values: Float64Array, counts: Float64Array, rows: number): SideMoments {
  let mean = 0
  values.forEach((value, i) => {
    mean += ((counts[i] as number) / rows) * value
  })
  let squares = 0
  values.forEach((value, i) => {
    squares += (counts[i] as number) * (value - mean) ** 2
  })
  return { mean, variance: squares / (rows - 1) }
}
