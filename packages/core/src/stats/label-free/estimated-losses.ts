import type { OutcomeOf } from './outcomes.ts'
import { type ScoredRows, type ScoreStrata, stratumOf } from './strata.ts'

/** Metrics of a regression that can be estimated without labels. */
export type EstimatedLoss = 'mae' | 'rmse'

/** The loss of one row, of which the metric is the mean (its root for `rmse`). */
export const LOSSES: Readonly<Record<EstimatedLoss, OutcomeOf>> = {
  mae: (label, _decision, answer) => Math.abs(label - answer),
  rmse: (label, _decision, answer) => (label - answer) ** 2,
}

/**
 * A metric of rows without labels: Σ over strata of rows · mean loss of the reference there. Returns what it is for numbers of rows of the
 * reference (one for each) and of rows by stratum; `undefined` where rows stand in a stratum that holds none of the reference.
 */
export function estimatedLoss(
  metric: EstimatedLoss,
  strata: ScoreStrata,
  reference: ScoredRows,
): (there: ArrayLike<number>, here: ArrayLike<number>) => number | undefined {
  const place = Int32Array.from(reference.scores, (score, row) => {
    return stratumOf(strata, score, reference.decisions[row] as number) ?? -1
  })
  const loss = Float64Array.from(reference.scores, (score, row) =>
    LOSSES[metric](reference.labels[row] as number, 0, score),
  )
  return (there, here) => {
    const [counts, sums] = [new Float64Array(strata.count), new Float64Array(strata.count)]
    for (let row = 0; row < place.length; row++) {
      const [times, stratum] = [there[row] as number, place[row] as number]
      if (times === 0 || stratum < 0) continue
      counts[stratum] = (counts[stratum] as number) + times
      sums[stratum] = (sums[stratum] as number) + times * (loss[row] as number)
    }
    let [expected, rows] = [0, 0]
    for (let stratum = 0; stratum < strata.count; stratum++) {
      const count = here[stratum] as number
      if (count === 0) continue
      if (counts[stratum] === 0) return undefined
      expected += (count * (sums[stratum] as number)) / (counts[stratum] as number)
      rows += count
    }
    if (rows === 0) return undefined
    return metric === 'rmse' ? Math.sqrt(expected / rows) : expected / rows
  }
}
