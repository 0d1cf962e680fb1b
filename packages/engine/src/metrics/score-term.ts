import { stats, type Term } from '@plumbline/core'
import { type MetricFamily, numberArgument, onlyValue, type TermRows, type WeighedStatistic } from './metric-family.ts'
import { gather, rangeOf, studentizing, weighing } from './metric-rows.ts'

/** Metrics of a score: rows ranked once, or one loss per row. */
export function scoreFamily(terms: TermRows): MetricFamily {
  const { term, labels, rows } = terms
  const { fn } = term
  const scores = onlyValue(terms)
  const range = rangeOf(fn)
  if (fn === 'brier' || fn === 'log_loss') {
    const lossesOf = fn === 'brier' ? stats.brierLosses : stats.logLosses
    const losses = lossesOf(gather(labels, rows), gather(scores, rows))
    const evaluate = weighing(rows, (weights) => stats.weightedMean(losses, weights))
    return { statistic: { range, evaluate, studentized: studentizing(rows, stats.studentizedMean(losses)) } }
  }
  if (fn === 'calibration_bias') {
    const excess = Float64Array.from(rows, (row) => probability(scores[row] as number) - (labels[row] === 1 ? 1 : 0))
    return { statistic: { range, evaluate: weighing(rows, (weights) => stats.weightedMean(excess, weights)) } }
  }
  const ranking = stats.rankByScore(labels, scores, rows)
  const metric = metricOf(term)
  const statistic: WeighedStatistic = {
    range,
    evaluate: (counts) => (ranking === undefined ? undefined : metric(ranking, counts)),
  }
  if (fn === 'calibration_error') {
    // No two rows share a kind where a score is read: a ranking of all kinds has each row.
    const ofDrawn = (drawn: stats.DrawnRows): stats.Estimation =>
      ranking === undefined
        ? stats.undefinedEstimate('undefined-metric')
        : stats.calibrationErrorEstimate(ranking, drawn)
    return { statistic, analytic: () => ofDrawn({}), ofDrawn }
  }
  if (fn !== 'roc_auc' && fn !== 'gini') return { statistic }
  return {
    statistic,
    analytic: () => {
      const area = stats.aucEstimate(gather(labels, rows), gather(scores, rows))
      if (fn === 'roc_auc') return area
      if (area.kind === 'estimate') return stats.affine(area, 2, -1)
      return stats.undefinedEstimate(area.reason, area.value === undefined ? undefined : 2 * area.value - 1)
    },
  }
}

/** A score that is no probability leaves a metric of probabilities undefined. */
const probability = (score: number): number => (score >= 0 && score <= 1 ? score : Number.NaN)

type RankingMetric = (ranking: stats.Ranking, weights?: stats.Weights) => number | undefined

function metricOf(term: Term): RankingMetric {
  const ofTop =
    (part: keyof stats.TopShare): RankingMetric =>
    (ranking, weights) =>
      stats.topShare(numberArgument(term), ranking, weights)?.[part]
  switch (term.fn) {
    case 'roc_auc':
      return stats.rocAuc
    case 'gini':
      return (ranking, weights) => {
        const area = stats.rocAuc(ranking, weights)
        return area === undefined ? undefined : 2 * area - 1
      }
    case 'average_precision':
      return stats.averagePrecision
    case 'calibration_error':
      return stats.calibrationError
    case 'gain':
      return ofTop('gain')
    case 'lift':
      return ofTop('lift')
    case 'top_precision':
      return ofTop('precision')
    default:
      throw new Error(`${term.fn} is not a metric of a score.`)
  }
}
