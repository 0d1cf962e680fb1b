import { type AggregateName, stats } from '@plumbline/core'
import { gather, type MetricKinds, rangeOf, weighing } from './metric-rows.ts'

type Metric = (weights?: Uint32Array) => number | undefined

/** A metric of a regression: one loss per row, made once, and what is made of them at each resample. */
export function regressionStatistic(
  fn: AggregateName,
  kinds: MetricKinds,
  amounts: Float64Array,
  rows: Uint32Array,
): stats.Statistic {
  const observed = gather(kinds.rows.labels, rows)
  const predicted = gather(amounts, rows)
  return { range: rangeOf(fn), evaluate: weighing(rows, metricOf(fn, observed, predicted)) }
}

function metricOf(fn: AggregateName, observed: Float64Array, predicted: Float64Array): Metric {
  const losses = (loss: stats.RowLoss): Float64Array => stats.lossesOf(loss, observed, predicted)
  const meanOf =
    (values: Float64Array): Metric =>
    (weights) =>
      stats.weightedMean(values, weights)
  switch (fn) {
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
    case 'median_absolute_error':
      return stats.weightedMedian(losses(stats.absoluteLoss))
    default:
      throw new Error(`${fn} is not a metric of a regression.`)
  }
}

/** The absolute errors in ascending order, for the interval of their median. */
export function sortedErrors(kinds: MetricKinds, amounts: Float64Array, rows: Uint32Array): Float64Array {
  return stats.lossesOf(stats.absoluteLoss, gather(kinds.rows.labels, rows), gather(amounts, rows)).sort()
}
