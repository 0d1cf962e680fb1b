/** The probability of each class, by class and then by row. */
export type ClassProbabilities = readonly Float64Array[]

/** As for two classes: probabilities are clipped to [CLIP, 1]. */
const CLIP = 1e-15

/**
 * Per row −ln of the clipped probability of its class; its weighted mean is the log loss. NaN where a probability is none. A label
 * that nobody declared had the probability 0.
 */
export function classLogLosses(labels: ArrayLike<number>, probabilities: ClassProbabilities): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    if (!probabilities.every((of) => (of[row] as number) >= 0 && (of[row] as number) <= 1)) return Number.NaN
    return -Math.log(Math.max(probabilities[label]?.[row] ?? 0, CLIP))
  })
}

/** Per row the squared differences of each class's probability from what came true, summed. Source: G. W. Brier, Monthly Weather Review 78 (1950). */
export function classBrierLosses(labels: ArrayLike<number>, probabilities: ClassProbabilities): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    let sum = 0
    for (const [other, of] of probabilities.entries()) {
      const value = of[row] as number
      sum += value >= 0 && value <= 1 ? (value - (other === label ? 1 : 0)) ** 2 : Number.NaN
    }
    // A label that is none of the classes was given no probability.
    return probabilities[label] === undefined ? sum + 1 : sum
  })
}

/**
 * Per row 1 where its class is among the k most probable, else 0. Of classes equally probable the later declared comes first, as
 * scikit-learn's top_k_accuracy_score has it.
 */
export function topHits(k: number, labels: ArrayLike<number>, probabilities: ClassProbabilities): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    const own = probabilities[label]?.[row]
    if (own === undefined) return 0
    let before = 0
    probabilities.forEach((of, other) => {
      const value = of[row] as number
      if (value > own || (value === own && other > label)) before++
    })
    return before < k ? 1 : 0
  })
}
