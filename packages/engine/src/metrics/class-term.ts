import { type AggregateName, stats } from '@plumbline/core'
import { type MetricFamily, numberArgument, onlyValue, type TermRows, type WeighedStatistic } from './metric-family.ts'
import { gather, rangeOf, studentizing, weighing } from './metric-rows.ts'

type Averages = Partial<Record<AggregateName, readonly [stats.AveragedMetric, 'macro' | 'weighted']>>
const AVERAGES: Averages = {
  precision_macro: ['precision', 'macro'],
  recall_macro: ['recall', 'macro'],
  f1_macro: ['f1', 'macro'],
  jaccard_macro: ['jaccard', 'macro'],
  precision_weighted: ['precision', 'weighted'],
  recall_weighted: ['recall', 'weighted'],
  f1_weighted: ['f1', 'weighted'],
}

const WHOLE: Partial<Record<AggregateName, (matrix: stats.ClassMatrix) => number | undefined>> = {
  balanced_accuracy: stats.classBalancedAccuracy,
  mcc: stats.classMcc,
  kappa: stats.classKappa,
  f1_micro: stats.microF1,
}

/** Metrics of the class that a model of several names, from the matrix of labels and answers. */
export function answerFamily(terms: TermRows): MetricFamily {
  const { fn } = terms.term
  const proportion = proportionOf(terms)
  const { sizes } = terms.kinds.population
  const range = rangeOf(fn)
  const matrixAt = counting(terms)
  if (proportion !== undefined) {
    const at = (counts: stats.Weights) => proportion(matrixAt(counts))
    return {
      statistic: {
        range,
        evaluate: (counts) => {
          const { k, n } = at(counts ?? sizes)
          return n === 0 ? undefined : k / n
        },
      },
      proportion: at,
    }
  }
  const average = AVERAGES[fn]
  const metric =
    average === undefined
      ? WHOLE[fn]
      : (matrix: stats.ClassMatrix) => stats.averagedMetric(average[0], average[1], matrix)
  if (metric === undefined) throw new Error(`${fn} is not a metric of several classes.`)
  return { statistic: { range, evaluate: (counts) => metric(matrixAt(counts ?? sizes)) } }
}

/** The metrics that are k of n. */
function proportionOf({ term, named }: TermRows): ((matrix: stats.ClassMatrix) => stats.Proportion) | undefined {
  switch (term.fn) {
    case 'accuracy':
      return stats.classAccuracy
    case 'precision_micro':
      return (matrix) => stats.microProportion('answers', matrix)
    case 'recall_micro':
      return (matrix) => stats.microProportion('labels', matrix)
    case 'confusion':
      return (matrix) => stats.confusionShare(matrix, named[0] ?? 0, named[1] ?? 0)
    default:
      return undefined
  }
}

/** The matrix of a resample; the same one, filled anew, since it is asked thousands of times. */
function counting(terms: TermRows): (counts: stats.Weights) => stats.ClassMatrix {
  const { rows, labels } = terms
  const answers = onlyValue(terms)
  const matrix = stats.classMatrix(terms.classes)
  return (counts) => {
    matrix.counts.fill(0)
    for (const row of rows)
      stats.countClass(matrix, labels[row] as number, answers[row] as number, counts[row] as number)
    return matrix
  }
}

/** Metrics of the probabilities of all classes. */
export function probabilityFamily(terms: TermRows): MetricFamily {
  const { fn } = terms.term
  const labels = gather(terms.labels, terms.rows)
  const probabilities = terms.values.map((values) => gather(values, terms.rows))
  const range = rangeOf(fn)
  const meanOf = (losses: Float64Array): WeighedStatistic => ({
    range,
    evaluate: weighing(terms.rows, (weights) => stats.weightedMean(losses, weights)),
  })
  switch (fn) {
    case 'log_loss':
    case 'brier_multiclass': {
      const lossesOf = fn === 'log_loss' ? stats.classLogLosses : stats.classBrierLosses
      const losses = lossesOf(labels, probabilities)
      const studentized = studentizing(terms.rows, stats.studentizedMean(losses))
      return { statistic: { ...meanOf(losses), studentized } }
    }
    case 'top_k_accuracy': {
      const hits = stats.topHits(numberArgument(terms.term), labels, probabilities)
      return {
        statistic: meanOf(hits),
        proportion: (counts) => {
          const sum = (of: (place: number) => number): number =>
            terms.rows.reduce((total, row, place) => total + (counts[row] as number) * of(place), 0)
          return { k: sum((place) => hits[place] as number), n: sum(() => 1) }
        },
      }
    }
    case 'roc_auc_ovr':
    case 'roc_auc_ovr_weighted': {
      const average = fn === 'roc_auc_ovr' ? 'macro' : 'weighted'
      const statistic = { range, evaluate: weighing(terms.rows, stats.oneVersusRest(average, labels, probabilities)) }
      return { statistic, analytic: () => stats.oneVersusRestEstimate(average, labels, probabilities) }
    }
    default:
      throw new Error(`${fn} is not a metric of probabilities.`)
  }
}
