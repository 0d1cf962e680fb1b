import type { Ranking } from './ranking.ts'
import { type Weights, weightOf } from './weights.ts'

/**
 * Average precision, step-wise: Σ (R_n − R_(n−1)) P_n over the distinct scores in descending order, without
 * interpolation, as scikit-learn's average_precision_score. Rows with equal scores enter together. `undefined` without
 * positives or without negatives (with one class it says nothing of the ranking).
 */
export function averagePrecision(ranking: Ranking, weights?: Weights): number | undefined {
  const { order, positive, ends } = ranking
  let found = 0
  let taken = 0
  let sum = 0
  for (let run = ends.length - 1; run >= 0; run--) {
    const end = ends[run] as number
    let gained = 0
    for (let i = run === 0 ? 0 : (ends[run - 1] as number); i < end; i++) {
      const weight = weightOf(weights, order[i] as number)
      taken += weight
      // Multiplied, not asked: which rows are positive no processor can guess, and this runs once per row and resample.
      gained += weight * (positive[i] as number)
    }
    // Before the first row that counts there is no precision.
    if (taken === 0) continue
    found += gained
    sum += gained * (found / taken)
  }
  return found === 0 || found === taken ? undefined : sum / found
}
