import { stats } from '@plumbline/core'
import { type MetricFamily, onlyValue, type TermRows } from './metric-family.ts'
import { gather, rangeOf, weighing } from './metric-rows.ts'

/** Metrics of a score: rows ranked once, or one loss per row. */
export function scoreFamily(terms: TermRows): MetricFamily {
  const { term, labels, rows } = terms
  const { fn } = term
  const scores = onlyValue(terms)
  const range = rangeOf(fn)
  if (fn === 'brier' || fn === 'log_loss') {
    const lossesOf = fn === 'brier' ? stats.brierLosses : stats.logLosses
    const losses = lossesOf(gather(labels, rows), gather(scores, rows))
    return { statistic: { range, evaluate: weighing(rows, (weights) => stats.weightedMean(losses, weights)) } }
  }
  const ranking = stats.rankByScore(labels, scores, rows)
  const metric =
    fn === 'roc_auc' ? stats.rocAuc : fn === 'average_precision' ? stats.averagePrecision : stats.calibrationError
  const statistic: stats.Statistic = {
    range,
    evaluate: (counts) => (ranking === undefined ? undefined : metric(ranking, counts)),
  }
  if (fn !== 'roc_auc') return { statistic }
  return { statistic, analytic: () => stats.aucEstimate(gather(labels, rows), gather(scores, rows)) }
}
