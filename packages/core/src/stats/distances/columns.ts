import { type BootstrapEstimation, bootstrap } from '../bootstrap.ts'
import { undefinedEstimate } from '../estimate.ts'
import type { Weights } from '../metrics/weights.ts'
import { rowPopulation } from '../resample.ts'
import { binOf } from './bins.ts'
import { js, psi } from './divergence.ts'
import type { DistanceOptions } from './estimates.ts'

/** The bin of every row of a column, on both sides; the same rows in the same order for every column of a relation. */
export interface CodedColumn {
  readonly reference: Uint16Array
  readonly window: Uint16Array
  /** Number of bins, the one for missing values included; every code is below it. */
  readonly bins: number
}

/** The bin of every value, as {@link histogram} counts them; missing values have the last bin, edges.length + 1. */
export function codesOf(values: ArrayLike<number | null | undefined>, edges: readonly number[]): Uint16Array {
  return Uint16Array.from({ length: values.length }, (_, row) => {
    const value = values[row]
    return value === null || value === undefined || Number.isNaN(value) ? edges.length + 1 : binOf(edges, value)
  })
}

/** Histogram of coded rows, each counted as often as it weighs. */
export function countCodes(codes: Uint16Array, bins: number, weights?: Weights): Uint32Array {
  const counts = new Uint32Array(bins)
  for (let row = 0; row < codes.length; row++) {
    ;(counts[codes[row] as number] as number) += weights === undefined ? 1 : (weights[row] as number)
  }
  return counts
}

/**
 * The greatest or least divergence over several columns, with a BCa interval. Rows are resampled whole, so that columns
 * that move together stay together; the cost grows with rows × columns × replicates (about 1.5 ns each).
 * `undefined` without columns, and where a column's divergence is.
 */
export function extremeDivergenceEstimate(
  extreme: 'max' | 'min',
  distance: 'psi' | 'js',
  columns: readonly CodedColumn[],
  options: DistanceOptions,
): BootstrapEstimation {
  const first = columns[0]
  if (first === undefined) return undefinedEstimate('empty')
  const evaluate = distance === 'psi' ? psi : js
  return bootstrap(
    { ...options, populations: [rowPopulation(first.reference.length), rowPopulation(first.window.length)] },
    {
      range: { low: 0, high: distance === 'psi' ? Infinity : 1 },
      evaluate(left, right) {
        const values: number[] = []
        for (const { reference, window, bins } of columns) {
          const value = evaluate(countCodes(reference, bins, left), countCodes(window, bins, right))
          if (value === undefined) return undefined
          values.push(value)
        }
        return extreme === 'max' ? Math.max(...values) : Math.min(...values)
      },
    },
  )
}
