import type { Ranking } from './ranking.ts'
import { type Weights, weightsFor } from './weights.ts'

/**
 * Average precision, step-wise: Σ (R_n − R_(n−1)) P_n over the distinct scores in descending order, without
 * interpolation, as scikit-learn's average_precision_score. Rows with equal scores enter together. `undefined` without
 * positives or without negatives (with one class it says nothing of the ranking).
 */
export function averagePrecision(ranking: Ranking, weights?: Weights): number | undefined {
  if (weights instanceof Float64Array) return averagePrecisionOfWeighted(ranking, weights)
  const { order, positive, starts } = ranking
  const counted = weightsFor(order, weights)
  let found = 0
  let taken = 0
  let gained = 0
  let sum = 0
  for (let i = order.length - 1; i >= 0; i--) {
    const weight = (counted[order[i] as number] as number) | 0
    taken = (taken + weight) | 0
    // Multiplied, not asked: which rows are positive no processor can guess.
    gained = (gained + Math.imul(weight, positive[i] as number)) | 0
    if (gained === 0 || starts[i] === 0) continue
    found = (found + gained) | 0
    sum += gained * (found / taken)
    gained = 0
  }
  return found === 0 || found === taken ? undefined : sum / found
}

function averagePrecisionOfWeighted({ order, positive, starts }: Ranking, weights: Float64Array): number | undefined {
  let found = 0
  let left = 0
  let gained = 0
  let sum = 0
  for (let i = order.length - 1; i >= 0; i--) {
    const weight = weights[order[i] as number] as number
    if (positive[i] === 1) gained += weight
    else left += weight
    if (gained === 0 || starts[i] === 0) continue
    found += gained
    sum += gained * (found / (found + left))
    gained = 0
  }
  return found === 0 || left === 0 ? undefined : sum / found
}
