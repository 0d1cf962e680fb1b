/**
 * How much each row counts, by row number; absent: every row once. Counts (0, 1, 2, …) are a bootstrap resample: all together stay
 * below 2^31, so that the loops that run once per row and resample can count in 32 bits (`| 0`), which is twice to three times as
 * fast. Real numbers of 0 or more are weights that the data bring along; their loops are their own.
 */
export type Weights = Uint32Array | Float64Array

/** The weight of a row. */
export function weightOf(weights: Weights | undefined, row: number): number {
  return weights === undefined ? 1 : (weights[row] as number)
}

/** The weights, or those that count every row of the order once: loops over rows then ask nothing but the array. */
export function weightsFor(order: Uint32Array, weights: Uint32Array | undefined): Uint32Array {
  if (weights !== undefined) return weights
  let rows = 0
  for (const row of order) rows = Math.max(rows, row + 1)
  return new Uint32Array(rows).fill(1)
}

/** Σ w v / Σ w; `undefined` when no row counts or the result is not a finite number. */
export function weightedMean(values: ArrayLike<number>, weights?: Weights): number | undefined {
  if (weights instanceof Float64Array) return meanOfWeighted(values, weights)
  const counted = weights ?? new Uint32Array(values.length).fill(1)
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = (counted[i] as number) | 0
    // Multiplied, not asked: which rows a resample left out no processor can guess.
    sum += weight * (values[i] as number)
    total = (total + weight) | 0
  }
  const mean = sum / total
  return Number.isFinite(mean) ? mean : meanOfCounted(values, counted)
}

/** The same where 0 times an infinite value, which a resample left out, would be NaN. */
function meanOfCounted(values: ArrayLike<number>, counted: Uint32Array): number | undefined {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = (counted[i] as number) | 0
    if (weight === 0) continue
    sum += weight * (values[i] as number)
    total = (total + weight) | 0
  }
  const mean = sum / total
  return Number.isFinite(mean) ? mean : undefined
}

function meanOfWeighted(values: ArrayLike<number>, weights: Float64Array): number | undefined {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weights[i] as number
    if (weight === 0) continue
    sum += weight * (values[i] as number)
    total += weight
  }
  const mean = sum / total
  return Number.isFinite(mean) ? mean : undefined
}
