import { type Weights, weightedMean, weightOf } from './weights.ts'

/** Mean absolute error of predictions, in the unit of the label; `undefined` without rows. */
export function mae(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: Weights): number | undefined {
  return weightedMean(
    Float64Array.from(labels, (label, row) => Math.abs(label - (predictions[row] as number))),
    weights,
  )
}

/** Root mean squared error of predictions, in the unit of the label; `undefined` without rows. */
export function rmse(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: Weights): number | undefined {
  const mean = weightedMean(squaredErrors(labels, predictions), weights)
  return mean === undefined ? undefined : Math.sqrt(mean)
}

/** Coefficient of determination, 1 − Σ (y − ŷ)² / Σ (y − mean y)²; `undefined` when the labels do not vary. */
export function r2(labels: ArrayLike<number>, predictions: ArrayLike<number>, weights?: Weights): number | undefined {
  const center = weightedMean(labels, weights)
  const residual = weightedMean(squaredErrors(labels, predictions), weights)
  if (center === undefined || residual === undefined) return undefined
  let total = 0
  let spread = 0
  for (let row = 0; row < labels.length; row++) {
    const weight = weightOf(weights, row)
    total += weight
    spread += weight * ((labels[row] as number) - center) ** 2
  }
  return spread > 0 ? 1 - (residual * total) / spread : undefined
}

function squaredErrors(labels: ArrayLike<number>, predictions: ArrayLike<number>): Float64Array {
  return Float64Array.from(labels, (label, row) => (label - (predictions[row] as number)) ** 2)
}
