import {
  averagedMetric,
  type ClassMatrix,
  classBalancedAccuracy,
  classKappa,
  classMcc,
  classMatrix,
} from '../../stats/metrics/classes.ts'
import type { Interval } from '../../stats/estimate.ts'
import type { Cells, Decisions, ScaledDecisions } from './decisions.ts'

const UNIT: Interval = { low: 0, high: 1 }
const BOTH: Interval = { low: -1, high: 1 }

/** Metrics of the matrix of several classes, and what they can be. */
const METRICS = {
  precision_macro: { of: (matrix) => averagedMetric('precision', 'macro', matrix), range: UNIT },
  recall_macro: { of: (matrix) => averagedMetric('recall', 'macro', matrix), range: UNIT },
  f1_macro: { of: (matrix) => averagedMetric('f1', 'macro', matrix), range: UNIT },
  jaccard_macro: { of: (matrix) => averagedMetric('jaccard', 'macro', matrix), range: UNIT },
  precision_weighted: { of: (matrix) => averagedMetric('precision', 'weighted', matrix), range: UNIT },
  f1_weighted: { of: (matrix) => averagedMetric('f1', 'weighted', matrix), range: UNIT },
  balanced_accuracy: { of: classBalancedAccuracy, range: UNIT },
  mcc: { of: classMcc, range: BOTH },
  kappa: { of: classKappa, range: BOTH },
} as const satisfies Record<
  string,
  { readonly of: (matrix: ClassMatrix) => number | undefined; readonly range: Interval }
>

/** Name of such a metric. */
export type ClassMetric = keyof typeof METRICS

/** Whether it is one of them. */
export const isClassMetric = (fn: string): fn is ClassMetric => Object.hasOwn(METRICS, fn)

/** Mistakes that are tried as few; of one alone the end of the interval lies far away. */
const FEW = [3, 2, 5, 8, 12, 1]

/** The decisions that rows of several classes may bring, and as many of each class of more or fewer rows. */
export function scaledClasses(metric: ClassMetric, sizes: readonly number[]): ScaledDecisions {
  const all = sizes.reduce((sum, own) => sum + own, 0)
  const scaled = (rows: number): readonly number[] => sizes.map((own) => Math.max(1, Math.round((own * rows) / all)))
  return { rows: all, of: (rows) => decisionsOfClasses(metric, rows === all ? sizes : scaled(rows)) }
}

/** A cell of the matrix that rows are in: their class, the class answered, and how many. */
type Filled = readonly [label: number, answer: number, rows: number]

/**
 * The decisions that so many rows of each class may bring. The best are a few mistakes of the largest class for the next, or of each; the worst, a few right answers.
 * One that is wrong of a share of the rows of each class answers the other classes by turns, each as often.
 */
export function decisionsOfClasses(metric: ClassMetric, sizes: readonly number[]): Decisions {
  const { of, range } = METRICS[metric]
  const size = sizes.length
  const width = size + 1
  const matrix = classMatrix(size)
  const order = sizes.map((_, i) => i).toSorted((a, b) => (sizes[b] as number) - (sizes[a] as number))
  const next = (label: number): number => order[(order.indexOf(label) + 1) % size] as number
  const cellsOf = (filled: readonly Filled[]): Cells => {
    const cells = Array.from({ length: width * width }, () => 0)
    for (const [label, answer, rows] of filled) (cells[label * width + answer] as number) += rows
    return cells
  }
  const mistaken = (mistakes: (label: number) => number): Cells =>
    cellsOf(
      sizes.flatMap((rows, label): readonly Filled[] => {
        const wrong = Math.min(rows, mistakes(label))
        return [
          [label, label, rows - wrong],
          [label, next(label), wrong],
        ]
      }),
    )
  const [largest = 0] = order
  return {
    name: metric,
    of: (counts) => {
      matrix.counts.set(counts)
      return of(matrix)
    },
    range,
    best: [
      ...FEW.map((few) => mistaken((label) => (label === largest ? few : 0))),
      mistaken(() => 1),
      mistaken((label) => (label === largest || label === order[1] ? 1 : 0)),
    ],
    worst: [
      ...FEW.map((few) => mistaken((label) => (sizes[label] as number) - (label === largest ? few : 0))),
      mistaken((label) => (sizes[label] as number) - 1),
    ],
    wrong: (share) => cellsOf(sizes.flatMap((rows, label) => spread(label, rows, share, size))),
    fewest: 1.01 / Math.max(1, Math.min(...sizes)),
  }
}

/** The rows of a class, of which a share is answered with the other classes by turns. */
function spread(label: number, rows: number, share: number, size: number): readonly Filled[] {
  const wrong = Math.round(rows * share)
  const others = size - 1
  const filled: Filled[] = [[label, label, rows - wrong]]
  for (let i = 0; i < others; i++) {
    // Which classes have one more is another matter for each class.
    const answer = (label + 1 + i) % size
    const own = Math.floor(((i + 1) * wrong) / others) - Math.floor((i * wrong) / others)
    if (own > 0) filled.push([label, answer, own])
  }
  return filled
}
