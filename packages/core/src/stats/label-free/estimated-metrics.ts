import { accuracy, type Confusion, f1, precision, recall, specificity } from '../metrics/confusion.ts'
import { decisionsOf, type ScoreStrata } from './strata.ts'

/** Metrics that can be estimated without labels. */
export type EstimatedMetric = 'accuracy' | 'precision' | 'recall' | 'specificity' | 'f1' | 'roc_auc'

/** The share of positives of each stratum, from {@link labelledCounts}; NaN for a stratum without labelled rows. */
export function positiveShares(reference: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: reference.length / 2 }, (_, stratum) => {
    const positives = reference[2 * stratum + 1] as number
    return positives / (positives + (reference[2 * stratum] as number))
  })
}

/**
 * A metric of rows without labels, from the labelled rows of a reference by stratum and the rows by stratum: expected counts of the
 * confusion matrix, or expected positives and negatives in the order of the score (those of one stratum count as equal). `undefined` where
 * the rows stand in a stratum without reference, or the metric divides by zero. For `roc_auc` all rows have one decision.
 */
export function estimatedMetric(
  metric: EstimatedMetric,
  strata: ScoreStrata,
  reference: ArrayLike<number>,
  rows: ArrayLike<number>,
): number | undefined {
  const shares = positiveShares(reference)
  const expected = (stratum: number): number => {
    const count = rows[stratum] as number
    return count === 0 ? 0 : count * (shares[stratum] as number)
  }
  const value = metric === 'roc_auc' ? area(expected, rows) : METRICS[metric](confusion(strata, expected, rows))
  return value === undefined || Number.isNaN(value) ? undefined : value
}

const METRICS: Readonly<Record<Exclude<EstimatedMetric, 'roc_auc'>, (c: Confusion) => number | undefined>> = {
  accuracy,
  precision,
  recall,
  specificity,
  f1,
}

function confusion(strata: ScoreStrata, expected: (stratum: number) => number, rows: ArrayLike<number>): Confusion {
  const decisions = decisionsOf(strata)
  const positives = [0, 0]
  const all = [0, 0]
  for (const [stratum, decision] of decisions.entries()) {
    positives[decision] = (positives[decision] as number) + expected(stratum)
    all[decision] = (all[decision] as number) + (rows[stratum] as number)
  }
  const [falseNegatives = 0, truePositives = 0] = positives
  return {
    truePositives,
    falsePositives: (all[1] ?? 0) - truePositives,
    falseNegatives,
    trueNegatives: (all[0] ?? 0) - falseNegatives,
  }
}

function area(expected: (stratum: number) => number, rows: ArrayLike<number>): number | undefined {
  let [positives, negatives, ordered] = [0, 0, 0]
  for (let stratum = 0; stratum < rows.length; stratum++) {
    const own = expected(stratum)
    const others = (rows[stratum] as number) - own
    ordered += own * (negatives + others / 2)
    positives += own
    negatives += others
  }
  return positives > 0 && negatives > 0 ? ordered / (positives * negatives) : undefined
}
