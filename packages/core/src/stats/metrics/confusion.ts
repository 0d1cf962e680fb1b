import { type Weights, weightOf } from './weights.ts'

/** Confusion matrix of a binary decision. */
export interface Confusion {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
}

/** A proportion k of n, as its interval needs it. */
export interface Proportion {
  readonly k: number
  readonly n: number
}

/** Kind of a row in the order of {@link confusionOf}: 0 true positive, 1 false positive, 2 false negative, 3 true negative. */
export function confusionKind(label: number, decision: number): 0 | 1 | 2 | 3 {
  if (decision === 1) return label === 1 ? 0 : 1
  return label === 1 ? 2 : 3
}

/** The confusion matrix from four counts starting at `offset`, in the order of {@link confusionKind}. */
export function confusionOf(counts: ArrayLike<number>, offset = 0): Confusion {
  return {
    truePositives: counts[offset] ?? 0,
    falsePositives: counts[offset + 1] ?? 0,
    falseNegatives: counts[offset + 2] ?? 0,
    trueNegatives: counts[offset + 3] ?? 0,
  }
}

/** Counts rows into a confusion matrix; labels and decisions are 1 for positive, anything else negative. */
export function confusion(labels: ArrayLike<number>, decisions: ArrayLike<number>, weights?: Weights): Confusion {
  const counts: [number, number, number, number] = [0, 0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    counts[confusionKind(labels[row] as number, decisions[row] as number)] += weightOf(weights, row)
  }
  return confusionOf(counts)
}

/** The metrics of a decision that are plain proportions, and so have a Wilson interval. */
export type ProportionMetric =
  | 'accuracy'
  | 'precision'
  | 'recall'
  | 'specificity'
  | 'negative_predictive_value'
  | 'positive_rate'
  | 'false_positive_rate'
  | 'false_negative_rate'
  | 'false_discovery_rate'
  | 'false_omission_rate'
  | 'jaccard'

const PROPORTIONS: Readonly<Record<ProportionMetric, (c: Confusion) => Proportion>> = {
  accuracy: (c) => ({ k: c.truePositives + c.trueNegatives, n: rowsOf(c) }),
  precision: (c) => ({ k: c.truePositives, n: c.truePositives + c.falsePositives }),
  recall: (c) => ({ k: c.truePositives, n: c.truePositives + c.falseNegatives }),
  specificity: (c) => ({ k: c.trueNegatives, n: c.trueNegatives + c.falsePositives }),
  negative_predictive_value: (c) => ({ k: c.trueNegatives, n: c.trueNegatives + c.falseNegatives }),
  positive_rate: (c) => ({ k: c.truePositives + c.falsePositives, n: rowsOf(c) }),
  false_positive_rate: (c) => ({ k: c.falsePositives, n: c.trueNegatives + c.falsePositives }),
  false_negative_rate: (c) => ({ k: c.falseNegatives, n: c.truePositives + c.falseNegatives }),
  false_discovery_rate: (c) => ({ k: c.falsePositives, n: c.truePositives + c.falsePositives }),
  false_omission_rate: (c) => ({ k: c.falseNegatives, n: c.trueNegatives + c.falseNegatives }),
  jaccard: (c) => ({ k: c.truePositives, n: c.truePositives + c.falsePositives + c.falseNegatives }),
}

function rowsOf(c: Confusion): number {
  return c.truePositives + c.falsePositives + c.falseNegatives + c.trueNegatives
}

/** A metric as k of n; n may be 0 (the metric is then undefined). */
export function proportionOf(metric: ProportionMetric, c: Confusion): Proportion {
  return PROPORTIONS[metric](c)
}

/** A proportion as a number; `undefined` where it is a share of nothing. */
export function proportion(metric: ProportionMetric, c: Confusion): number | undefined {
  return ratio(PROPORTIONS[metric](c))
}

/** Mean cost of a row, from what each kind of wrong decision costs; `undefined` without rows. */
export function expectedCost(falsePositive: number, falseNegative: number, c: Confusion): number | undefined {
  return ratio({ k: falsePositive * c.falsePositives + falseNegative * c.falseNegatives, n: rowsOf(c) })
}

/** k / n; `undefined` where that is a share of nothing. */
export function ratioOf(k: number, n: number): number | undefined {
  return n === 0 ? undefined : k / n
}

function ratio({ k, n }: Proportion): number | undefined {
  return ratioOf(k, n)
}

/** Share of decisions that are right. */
export function accuracy(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.accuracy(c))
}

/** Share of positive decisions that are right; `undefined` without positive decisions. */
export function precision(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.precision(c))
}

/** Share of positive rows that are found; `undefined` without positive rows. */
export function recall(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.recall(c))
}

/** Share of negative rows that are left alone; `undefined` without negative rows. */
export function specificity(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.specificity(c))
}

/** Share of negative decisions that are right; `undefined` without negative decisions. */
export function negativePredictiveValue(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.negative_predictive_value(c))
}

/** Mean of recall and specificity; `undefined` unless both classes are there. */
export function balancedAccuracy(c: Confusion): number | undefined {
  const [found, left] = [recall(c), specificity(c)]
  return found === undefined || left === undefined ? undefined : (found + left) / 2
}

/**
 * Matthews correlation of label and decision, in [−1, 1]; `undefined` where either has one value only. Source: B. W.
 * Matthews, Biochimica et Biophysica Acta 405 (1975).
 */
export function mcc({ truePositives, falsePositives, falseNegatives, trueNegatives }: Confusion): number | undefined {
  // Roots of the factors, not of their product: four counts of a million rows multiply beyond the exact integers.
  const scale =
    Math.sqrt(truePositives + falsePositives) *
    Math.sqrt(truePositives + falseNegatives) *
    Math.sqrt(trueNegatives + falsePositives) *
    Math.sqrt(trueNegatives + falseNegatives)
  if (scale === 0) return undefined
  return (truePositives * trueNegatives - falsePositives * falseNegatives) / scale
}

/**
 * Cohen's kappa of label and decision: agreement beyond what their shares alone would give, at most 1; `undefined` where
 * chance alone gives full agreement. Source: J. Cohen, Educational and Psychological Measurement 20 (1960).
 */
export function kappa(c: Confusion): number | undefined {
  const n = rowsOf(c)
  const positives = (c.truePositives + c.falsePositives) * (c.truePositives + c.falseNegatives)
  const negatives = (c.trueNegatives + c.falsePositives) * (c.trueNegatives + c.falseNegatives)
  const chance = (positives + negatives) / (n * n)
  const agreed = accuracy(c)
  return agreed === undefined || chance === 1 ? undefined : (agreed - chance) / (1 - chance)
}

/** Share of positive decisions. */
export function positiveRate(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.positive_rate(c))
}

/** F1 of the positive class, 2 TP / (2 TP + FP + FN); `undefined` with neither positive rows nor positive decisions. */
export function f1(c: Confusion): number | undefined {
  return ratio({ k: 2 * c.truePositives, n: 2 * c.truePositives + c.falsePositives + c.falseNegatives })
}

/**
 * F of the positive class with recall beta² times as important as precision; `undefined` as {@link f1}. Source: C. J. van Rijsbergen,
 * Information Retrieval (1979), chapter 7.
 */
export function fBeta(beta: number, c: Confusion): number | undefined {
  const square = beta * beta
  return ratio({
    k: (1 + square) * c.truePositives,
    n: (1 + square) * c.truePositives + square * c.falseNegatives + c.falsePositives,
  })
}
