import { balancedAccuracy, type Confusion, confusionOf, f1, fBeta, kappa, mcc } from '../../stats/metrics/confusion.ts'
import type { Decisions, ScaledDecisions } from './decisions.ts'

/** Metrics of a decision whose interval is resampled, and what they can be. */
export const MATRIX_METRICS = {
  f1: { of: f1, range: { low: 0, high: 1 } },
  f_beta: { of: (c, beta) => fBeta(beta, c), range: { low: 0, high: 1 } },
  balanced_accuracy: { of: balancedAccuracy, range: { low: 0, high: 1 } },
  mcc: { of: mcc, range: { low: -1, high: 1 } },
  kappa: { of: kappa, range: { low: -1, high: 1 } },
} as const satisfies Record<
  string,
  {
    /** `argument`: the number it is asked with. */
    readonly of: (c: Confusion, argument: number) => number | undefined
    readonly range: { readonly low: number; readonly high: number }
  }
>

/** Name of such a metric. */
export type MatrixMetric = keyof typeof MATRIX_METRICS

/** Whether it is one of them. */
export const isMatrixMetric = (fn: string): fn is MatrixMetric => Object.hasOwn(MATRIX_METRICS, fn)

/** Rows of either kind that are tried as few: without any, nothing varies, and nothing is known of the interval. */
const FEW = [0, 1, 2, 3]
/** Mistakes of either kind that vary enough where very little may go wrong. */
const MORE = [5, 8]

/** The decisions of two classes that so many rows may bring, and as many of each kind of more or fewer rows; undefined where there are fewer than two of a kind. */
export function scaledMatrix(
  metric: MatrixMetric,
  positives: number,
  negatives: number,
  argument = 1,
): ScaledDecisions | undefined {
  if (positives < 2 || negatives < 2) return undefined
  const all = positives + negatives
  return {
    rows: all,
    of: (rows) => {
      const own = rows === all ? positives : Math.max(2, Math.round((rows * positives) / all))
      return decisionsOfTwo(metric, own, rows === all ? negatives : Math.max(2, rows - own), argument)
    },
  }
}

/**
 * The decisions that rows of two kinds may bring: the best is a few mistakes, the worst right of few rows of a kind, and of few or nearly all of the other. As true positives, false positives, false negatives, true negatives.
 */
export function decisionsOfTwo(metric: MatrixMetric, positives: number, negatives: number, argument = 1): Decisions {
  const { of, range } = MATRIX_METRICS[metric]
  const cells = (fn: number, fp: number) => [positives - fn, fp, fn, negatives - fp]
  const right = [...FEW, negatives - 1, negatives].filter((tn) => tn <= negatives)
  return {
    name: `${metric} ${argument}`,
    of: (counts) => of(confusionOf(counts), argument),
    range,
    best: [
      ...FEW.flatMap((fn) => FEW.map((fp) => [fn, fp] as const)),
      ...MORE.map((few) => [few, few] as const),
    ].flatMap(([fn, fp]) => (fn + fp === 0 || fn >= positives || fp >= negatives ? [] : [cells(fn, fp)])),
    worst: FEW.flatMap((tp) => right.flatMap((tn) => (tp >= positives ? [] : [cells(positives - tp, negatives - tn)]))),
    wrong: (share) => cells(Math.round(positives * share), Math.round(negatives * share)),
    fewest: 1.01 / Math.min(positives, negatives),
  }
}
