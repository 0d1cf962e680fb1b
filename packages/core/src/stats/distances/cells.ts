import type { MergedSamples } from './ks.ts'

/** Cells of about equally many rows that a band is resampled from. */
export const BAND_CELLS = 512
/** The least and the greatest values, each in a cell of its own: far out a cell would be wide. */
export const OUTER_VALUES = 256
/**
 * Up to so many distinct values of both sides a band is resampled from them. Of more it is made from cells: up to 60 000 rows, of tails that
 * have no third moment, too, its width was within sampling error of that from the values (ratios 0.95 to 1.07 of 30, at 1999 replicates).
 */
export const MOST_BAND_VALUES = 4096

/** Two samples of which many values share a cell: a resample then costs no more than the cells. */
export interface CelledSamples {
  /** One value a cell, the mean of its rows (each side of the same weight), and its rows of either side. */
  readonly merged: MergedSamples
  /** Greatest standard deviation of what a resample adds to the difference of the distribution functions within one cell of several values. */
  readonly step: number
}

/** The samples that rows of cells make, in ascending order; `kinds` = distinct values of a cell. */
export function celledSamples(
  values: Float64Array,
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
  kinds: ArrayLike<number>,
): CelledSamples {
  const places = Int32Array.from(values, (_, i) => i)
  const [referenceSizes, windowSizes] = [Uint32Array.from(reference), Uint32Array.from(window)]
  const [m, n] = [totalOf(referenceSizes), totalOf(windowSizes)]
  let step = 0
  for (let i = 0; i < values.length; i++) {
    if ((kinds[i] as number) < 2) continue
    step = Math.max(step, (referenceSizes[i] as number) / (m * m) + (windowSizes[i] as number) / (n * n))
  }
  return {
    merged: { values, reference: places, window: places, referenceSizes, windowSizes },
    step: Math.sqrt(step),
  }
}

/** Puts the values into cells; a value lies where the rows below it end, each side of the same weight. One that would fill a cell has its own. */
export function cellsOf(merged: MergedSamples): CelledSamples {
  const { referenceSizes, windowSizes, values } = merged
  const [m, n] = [totalOf(referenceSizes), totalOf(windowSizes)]
  const at: number[] = []
  const rows: { readonly a: number[]; readonly b: number[]; readonly kinds: number[] } = { a: [], b: [], kinds: [] }
  let [left, right, before, weights] = [0, 0, Number.NaN, 0]
  for (let i = 0; i < values.length; i++) {
    const [r, w] = [merged.reference[i] as number, merged.window[i] as number]
    const a = r < 0 ? 0 : (referenceSizes[r] as number)
    const b = w < 0 ? 0 : (windowSizes[w] as number)
    const weight = a / m + b / n
    const isAlone = i < OUTER_VALUES || i >= values.length - OUTER_VALUES || weight * (BAND_CELLS / 2) >= 1
    const cell = isAlone ? -1 - i : Math.floor((BAND_CELLS / 2 / m) * left + (BAND_CELLS / 2 / n) * right)
    if (cell !== before) {
      at.push(0)
      for (const counts of [rows.a, rows.b, rows.kinds]) counts.push(0)
      weights = 0
    }
    const last = at.length - 1
    weights += weight
    at[last] =
      weights === weight ? (values[i] as number) : meanWith(at[last] as number, values[i] as number, weight / weights)
    ;(rows.a[last] as number) += a
    ;(rows.b[last] as number) += b
    ;(rows.kinds[last] as number)++
    before = cell
    left += a
    right += b
  }
  return celledSamples(Float64Array.from(at), rows.a, rows.b, rows.kinds)
}

/** The mean after one more value of a share of the weight; of infinite values the first, so that no difference of them is made. */
const meanWith = (mean: number, value: number, share: number): number =>
  Number.isFinite(mean) && Number.isFinite(value) ? mean + (value - mean) * share : mean

function totalOf(counts: Uint32Array): number {
  let total = 0
  for (const count of counts) total += count
  return total
}
