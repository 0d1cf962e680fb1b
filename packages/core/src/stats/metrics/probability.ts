import { type Weights, weightedMean } from './weights.ts'

/** Log loss clips probabilities to [CLIP, 1 − CLIP]. */
const LOG_LOSS_CLIP = 1e-15

/** A probability, or NaN for what is none; NaN makes the metric undefined. */
function probability(score: number): number {
  return score >= 0 && score <= 1 ? score : Number.NaN
}

/** Per row (probability − label)². Its weighted mean is the Brier score. */
export function brierLosses(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    labels,
    (label, row) => (probability(probabilities[row] as number) - (label === 1 ? 1 : 0)) ** 2,
  )
}

/** Per row −ln of the clipped probability of the true class. Its weighted mean is the log loss. */
export function logLosses(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    const p = Math.min(Math.max(probability(probabilities[row] as number), LOG_LOSS_CLIP), 1 - LOG_LOSS_CLIP)
    return label === 1 ? -Math.log(p) : -Math.log1p(-p)
  })
}

/**
 * Brier score: mean squared difference of probability and label, in [0, 1], smaller is better. `undefined` without
 * rows or with a score outside [0, 1]. Source: G. W. Brier, Monthly Weather Review 78 (1950), two-class form.
 */
export function brier(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: Weights,
): number | undefined {
  return weightedMean(brierLosses(labels, probabilities), weights)
}

/** Log loss (binary cross-entropy), natural logarithm, clipped at 1e-15. `undefined` as for {@link brier}. */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: Weights,
): number | undefined {
  return weightedMean(logLosses(labels, probabilities), weights)
}
