import { stats, type Term } from '@plumbline/core'
import { type MetricFamily, numberArgument, onlyValue, type TermRows } from './metric-family.ts'
import { gather, rangeOf, weighing } from './metric-rows.ts'

type Metric = (weights?: stats.Weights) => number | undefined

/** A metric of a regression: one loss per row, made once, and what is made of them at each resample. */
export function regressionFamily(terms: TermRows): MetricFamily {
  const { fn } = terms.term
  const observed = gather(terms.labels, terms.rows)
  const predicted = gather(onlyValue(terms), terms.rows)
  const statistic = { range: rangeOf(fn), evaluate: weighing(terms.rows, metricOf(terms.term, observed, predicted)) }
  if (fn !== 'median_absolute_error') return { statistic }
  const errors = (): Float64Array => stats.lossesOf(stats.absoluteLoss, observed, predicted).sort()
  return { statistic, analytic: () => stats.quantileEstimate(errors(), 0.5) }
}

function metricOf(term: Term, observed: Float64Array, predicted: Float64Array): Metric {
  const losses = (loss: stats.RowLoss): Float64Array => stats.lossesOf(loss, observed, predicted)
  const meanOf =
    (values: Float64Array): Metric =>
    (weights) =>
      stats.weightedMean(values, weights)
  switch (term.fn) {
    case 'mae':
      return meanOf(losses(stats.absoluteLoss))
    case 'mse':
      return meanOf(losses(stats.squaredLoss))
    case 'mape':
      return meanOf(losses(stats.relativeLoss))
    case 'mean_error':
      return meanOf(losses(stats.signedError))
    case 'rmse': {
      const mean = meanOf(losses(stats.squaredLoss))
      return (weights) => stats.root(mean(weights))
    }
    case 'r2': {
      const squares = losses(stats.squaredLoss)
      return (weights) => stats.r2(observed, squares, weights)
    }
    case 'pinball':
      return meanOf(losses(stats.pinballLoss(numberArgument(term))))
    case 'rmsle': {
      const mean = meanOf(losses(stats.squaredLogLoss))
      return (weights) => stats.root(mean(weights))
    }
    case 'smape':
      return meanOf(losses(stats.symmetricRelativeLoss))
    case 'wape': {
      const [errors, labels] = [meanOf(losses(stats.absoluteLoss)), meanOf(observed.map(Math.abs))]
      return (weights) => {
        const [error, label] = [errors(weights), labels(weights)]
        return error === undefined || label === undefined || label === 0 ? undefined : error / label
      }
    }
    case 'explained_variance': {
      const errors = losses(stats.signedError)
      return (weights) => stats.explainedVariance(observed, errors, weights)
    }
    case 'median_absolute_error':
      return stats.weightedMedian(losses(stats.absoluteLoss))
    default:
      throw new Error(`${term.fn} is not a metric of a regression.`)
  }
}
