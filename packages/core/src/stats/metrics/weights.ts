/** How often each row counts (0, 1, 2, …), by row number: a bootstrap resample. Absent: every row once. */
export type Weights = Uint32Array

/** The weight of a row. */
export function weightOf(weights: Weights | undefined, row: number): number {
  return weights === undefined ? 1 : (weights[row] as number)
}

/** Σ w v / Σ w; `undefined` when no row counts or the result is not a finite number. */
export function weightedMean(values: ArrayLike<number>, weights?: Weights): number | undefined {
  let sum = 0
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const weight = weightOf(weights, i)
    // Skipped, not multiplied: an infinite value that a resample left out must not become NaN.
    if (weight === 0) continue
    sum += weight * (values[i] as number)
    total += weight
  }
  const mean = sum / total
  return Number.isFinite(mean) ? mean : undefined
}
