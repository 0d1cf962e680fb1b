import type { BcaEstimate } from '../stats/bca.ts'
import { bootstrap } from '../stats/bootstrap.ts'
import { balancedAccuracy, type Confusion, confusionOf, f1, kappa, mcc } from '../stats/metrics/confusion.ts'
import { createRandom } from '../stats/prng.ts'
import { cellPopulation } from '../stats/resample.ts'
import { leastRows } from './least-rows.ts'
import { POWER } from './proportion.ts'

/** What rows can show of a number made of the four counts of a decision. */
export interface MatrixDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  readonly detectable?: number
}

/** Metrics of a decision whose interval is resampled, and what they can be. */
export const MATRIX_METRICS = {
  f1: { of: f1, range: { low: 0, high: 1 } },
  balanced_accuracy: { of: balancedAccuracy, range: { low: 0, high: 1 } },
  mcc: { of: mcc, range: { low: -1, high: 1 } },
  kappa: { of: kappa, range: { low: -1, high: 1 } },
} as const satisfies Record<
  string,
  {
    readonly of: (c: Confusion) => number | undefined
    readonly range: { readonly low: number; readonly high: number }
  }
>

/** Name of such a metric. */
export type MatrixMetric = keyof typeof MATRIX_METRICS

/** Whether it is one of them. */
export const isMatrixMetric = (fn: string): fn is MatrixMetric => Object.hasOwn(MATRIX_METRICS, fn)

/** Rows of either kind that are tried as few: without any, nothing varies, and nothing is known of the interval. */
const FEW = [0, 1, 2, 3]
const REPLICATES = 799
const HALVINGS = 10
const MOST_ROWS = 100_000

/**
 * Decidability of `metric >= bound` on so many positive and negative rows, by the BCa interval that decides it. The best outcome is a few
 * mistakes, the worst a decision that is right of few rows. `detectable`: the value that is shown to be at least the bound four times in
 * five, of a decision that is wrong as often of positives as of negatives.
 */
export function matrixAtLeast(
  metric: MatrixMetric,
  positives: number,
  negatives: number,
  bound: number,
  level: number,
): MatrixDecidability {
  if (positives < 2 || negatives < 2) return { canHold: false, canFail: false }
  const share = positives / (positives + negatives)
  const canHold = canBeShown(metric, positives, negatives, bound, level)
  const holds = (rows: number): boolean => {
    const [p, n] = [Math.max(2, Math.round(rows * share)), Math.max(2, Math.round(rows * (1 - share)))]
    return canBeShown(metric, p, n, bound, level)
  }
  const needed = canHold ? undefined : leastRows(holds, MOST_ROWS, positives + negatives)
  const detectable = canHold ? detectableValue(metric, positives, negatives, bound, level) : undefined
  return {
    canHold,
    canFail: canBeRefuted(metric, positives, negatives, bound, level),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

/** Rows of each kind, in the order of `confusionOf`. */
type Cells = readonly [tp: number, fp: number, fn: number, tn: number]

function estimateOf(metric: MatrixMetric, cells: Cells): BcaEstimate | undefined {
  const { of, range } = MATRIX_METRICS[metric]
  const found = bootstrap(
    {
      populations: [cellPopulation(cells)],
      random: createRandom('plumbline', 'what a decision can show'),
      replicates: REPLICATES,
    },
    { evaluate: (counts) => (counts === undefined ? undefined : of(confusionOf(counts))), range },
  )
  return found.kind === 'estimate' && 'replicates' in found ? found : undefined
}

function canBeShown(metric: MatrixMetric, positives: number, negatives: number, bound: number, level: number): boolean {
  return FEW.some((fn) =>
    FEW.some((fp) => {
      const estimate =
        fn + fp === 0 || fn >= positives || fp >= negatives
          ? undefined
          : estimateOf(metric, [positives - fn, fp, fn, negatives - fp])
      return estimate !== undefined && estimate.interval(level).low >= bound
    }),
  )
}

/** Whether it is, by a decision that is right of few rows of a kind, and of few or nearly all of the other. */
function canBeRefuted(
  metric: MatrixMetric,
  positives: number,
  negatives: number,
  bound: number,
  level: number,
): boolean {
  const right = [...FEW, negatives - 1, negatives].filter((tn) => tn <= negatives)
  return FEW.some((tp) =>
    right.some((tn) => {
      const estimate = tp >= positives ? undefined : estimateOf(metric, [tp, negatives - tn, positives - tp, tn])
      return estimate !== undefined && estimate.interval(level).high < bound
    }),
  )
}

function detectableValue(
  metric: MatrixMetric,
  positives: number,
  negatives: number,
  bound: number,
  level: number,
): number | undefined {
  const at = (wrong: number): BcaEstimate | undefined => {
    const [fn, fp] = [Math.round(positives * wrong), Math.round(negatives * wrong)]
    return estimateOf(metric, [positives - fn, fp, fn, negatives - fp])
  }
  const valueAt = (wrong: number): number | undefined => {
    const estimate = at(wrong)
    if (estimate === undefined) return undefined
    // As often as not the lower end lies so far below what is measured, and what is measured is drawn like the replicates.
    const width = estimate.value - estimate.interval(level).low
    const drawn = estimate.replicates[Math.floor((1 - POWER) * estimate.replicates.length)] as number
    return drawn - width >= bound ? estimate.value : undefined
  }
  const fewest = 1.01 / Math.min(positives, negatives)
  let found = valueAt(fewest)
  if (found === undefined) return undefined
  let [shown, open] = [fewest, 0.5]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (shown + open) / 2
    const value = valueAt(middle)
    if (value === undefined) open = middle
    else [shown, found] = [middle, value]
  }
  return found
}
