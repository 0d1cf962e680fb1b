import { type AveragedMetric, averagedMetric, classAccuracy, classMatrix, countClass } from '../metrics/classes.ts'
import { decisionsOf, type ScoredRows, type ScoreStrata, stratumOf } from './strata.ts'

/** Metrics of several classes that can be estimated without labels. */
export type EstimatedClassMetric = 'accuracy' | 'precision_macro' | 'recall_macro' | 'f1_macro'

/** Labelled rows by stratum and class: at stratum · (size + 1) + class; the last of a stratum are those of a class that nobody declared. */
export function classCounts(strata: ScoreStrata, rows: ScoredRows, size: number): Uint32Array {
  const counts = new Uint32Array(strata.count * (size + 1))
  rows.scores.forEach((score, row) => {
    const label = rows.labels[row] as number
    const stratum = stratumOf(strata, score, rows.decisions[row] as number)
    if (stratum === undefined || Number.isNaN(label)) return
    const at = stratum * (size + 1) + Math.min(label, size)
    counts[at] = (counts[at] as number) + 1
  })
  return counts
}

const AVERAGES: Readonly<Record<Exclude<EstimatedClassMetric, 'accuracy'>, AveragedMetric>> = {
  precision_macro: 'precision',
  recall_macro: 'recall',
  f1_macro: 'f1',
}

/**
 * A metric of rows without labels: the expected matrix of labels and answers, from the shares of the classes in each stratum of the reference
 * ({@link classCounts}) and the rows by stratum. `undefined` where rows stand in a stratum without reference, or the metric does not exist.
 */
export function estimatedClassMetric(
  metric: EstimatedClassMetric,
  strata: ScoreStrata,
  size: number,
  reference: ArrayLike<number>,
  rows: ArrayLike<number>,
): number | undefined {
  const matrix = classMatrix(size)
  for (const [stratum, answer] of decisionsOf(strata).entries()) {
    const count = rows[stratum] as number
    if (count === 0) continue
    const first = stratum * (size + 1)
    let known = 0
    for (let label = 0; label <= size; label++) known += reference[first + label] as number
    if (known === 0) return undefined
    for (let label = 0; label <= size; label++) {
      const share = (reference[first + label] as number) / known
      if (share > 0) countClass(matrix, label, answer, count * share)
    }
  }
  if (metric !== 'accuracy') return averagedMetric(AVERAGES[metric], 'macro', matrix)
  const { k, n } = classAccuracy(matrix)
  return n === 0 ? undefined : k / n
}
