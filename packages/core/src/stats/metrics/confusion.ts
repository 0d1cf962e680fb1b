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
export type ProportionMetric = 'accuracy' | 'precision' | 'recall' | 'specificity' | 'positive_rate'

const PROPORTIONS: Readonly<Record<ProportionMetric, (c: Confusion) => Proportion>> = {
  accuracy: (c) => ({ k: c.truePositives + c.trueNegatives, n: rowsOf(c) }),
  precision: (c) => ({ k: c.truePositives, n: c.truePositives + c.falsePositives }),
  recall: (c) => ({ k: c.truePositives, n: c.truePositives + c.falseNegatives }),
  specificity: (c) => ({ k: c.trueNegatives, n: c.trueNegatives + c.falsePositives }),
  positive_rate: (c) => ({ k: c.truePositives + c.falsePositives, n: rowsOf(c) }),
}

function rowsOf(c: Confusion): number {
  return c.truePositives + c.falsePositives + c.falseNegatives + c.trueNegatives
}

/** A metric as k of n; n may be 0 (the metric is then undefined). */
export function proportionOf(metric: ProportionMetric, c: Confusion): Proportion {
  return PROPORTIONS[metric](c)
}

function ratio({ k, n }: Proportion): number | undefined {
  return n === 0 ? undefined : k / n
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

/** Share of positive decisions. */
export function positiveRate(c: Confusion): number | undefined {
  return ratio(PROPORTIONS.positive_rate(c))
}

/** F1 of the positive class, 2 TP / (2 TP + FP + FN); `undefined` with neither positive rows nor positive decisions. */
export function f1(c: Confusion): number | undefined {
  return ratio({ k: 2 * c.truePositives, n: 2 * c.truePositives + c.falsePositives + c.falseNegatives })
}
