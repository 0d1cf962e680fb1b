import { stats, type Term } from '@plumbline/core'
import { type MetricFamily, numberArgument, onlyValue, type TermRows } from './metric-family.ts'
import { gather, rangeOf, studentizing, weighing } from './metric-rows.ts'

type Metric = (weights?: stats.Weights) => number | undefined

/** A metric of a regression: one loss per row, made once, and what is made of them at each resample. */
export function regressionFamily(terms: TermRows): MetricFamily {
  const { fn } = terms.term
  const observed = gather(terms.labels, terms.rows)
  const predicted = gather(onlyValue(terms), terms.rows)
  const errors = studentizedOf(terms.term, observed, predicted)
  const statistic = {
    range: rangeOf(fn),
    evaluate: weighing(terms.rows, metricOf(terms.term, observed, predicted)),
    ...(errors === undefined ? {} : { studentized: studentizing(terms.rows, errors) }),
  }
  if (fn !== 'median_absolute_error') return { statistic }
  const absolute = (): Float64Array => stats.lossesOf(stats.absoluteLoss, observed, predicted).sort()
  return { statistic, analytic: () => stats.quantileEstimate(absolute(), 0.5) }
}

/** The standard error of what is a mean of losses, made of one, or a ratio of two; a signed error has no logarithm. */
function studentizedOf(term: Term, observed: Float64Array, predicted: Float64Array): stats.Studentized | undefined {
  const mean = (loss: stats.RowLoss, power = 1): stats.Studentized =>
    stats.studentizedMean(stats.lossesOf(loss, observed, predicted), power)
  const errors = (loss: stats.RowLoss): Float64Array => stats.lossesOf(loss, observed, predicted)
  switch (term.fn) {
    case 'mae':
      return mean(stats.absoluteLoss)
    case 'mse':
      return mean(stats.squaredLoss)
    case 'rmse':
      return mean(stats.squaredLoss, 0.5)
    case 'rmsle':
      return mean(stats.squaredLogLoss, 0.5)
    case 'mape':
      return mean(stats.relativeLoss)
    case 'smape':
      return mean(stats.symmetricRelativeLoss)
    case 'pinball':
      return mean(stats.pinballLoss(numberArgument(term)))
    case 'tweedie_deviance':
      return mean(stats.tweedieLoss(numberArgument(term)))
    case 'wape':
      return stats.studentizedRatio(errors(stats.absoluteLoss), observed.map(Math.abs))
    case 'r2':
    case 'explained_variance':
      return stats.studentizedDetermination(observed, errors(stats.signedError), term.fn === 'explained_variance')
    default:
      return undefined
  }
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
    case 'tweedie_deviance':
      return meanOf(losses(stats.tweedieLoss(numberArgument(term))))
    case 'd2_absolute_error':
      return stats.d2AbsoluteError(observed, losses(stats.absoluteLoss))
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
