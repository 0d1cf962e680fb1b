import { aggregates, type AggregateName, stats, type Term } from '@plumbline/core'
import type { MeasuredTerm } from '../decide/measured.ts'
import { isEstimate } from '../decide/must.ts'
import { completeRows, gather, type MetricKinds, rangeOf, weighing } from './metric-rows.ts'
import { regressionStatistic, sortedErrors } from './regression-term.ts'

/** How intervals that need resampling are made. */
export interface Resampling {
  readonly random: (purpose: string) => stats.Random
  readonly replicates: number
}

const PROPORTIONS: ReadonlySet<AggregateName> = new Set([
  'accuracy',
  'precision',
  'recall',
  'specificity',
  'negative_predictive_value',
  'positive_rate',
])

/** A metric to be measured: a term, by its index in the condition, of a model. */
export interface MetricOfModel {
  readonly term: Term
  readonly index: number
  readonly model: string
}

/** Measures metrics on the same grouped rows; those without an interval from theory share their resamples. */
export function measureMetrics(
  metrics: readonly MetricOfModel[],
  kinds: MetricKinds,
  resampling: Resampling,
): readonly MeasuredTerm[] {
  const measured = metrics.map((metric) => measureMetric(metric, kinds))
  const open = measured.flatMap((m, i) => (isEstimate(m.term) && m.estimate === undefined ? [i] : []))
  if (open.length === 0) return measured
  const estimations = stats.bootstrapAll(
    { populations: [kinds.population], random: resampling.random('metrics'), replicates: resampling.replicates },
    open.map((i) => (measured[i] as Measurement).sample.statistic),
  )
  return measured.map((m, i) => {
    const estimate = estimations[open.indexOf(i)]
    return estimate === undefined ? m : { ...m, estimate }
  })
}

type Measurement = MeasuredTerm & Required<Pick<MeasuredTerm, 'sample'>>

function measureMetric({ term, index, model }: MetricOfModel, kinds: MetricKinds): Measurement {
  const { needs } = aggregates[term.fn]
  const values = (needs === 'decision' ? kinds.rows.decisions : kinds.rows.amounts).get(model)
  if (values === undefined) throw new Error(`${term.expression} was not given what it reads.`)
  const { rows, missing } = completeRows(kinds, values, kinds.rows.masks.get(index), term.fn !== 'positive_rate')
  const statisticOf = {
    decision: decisionStatistic,
    score: scoreStatistic,
    amount: regressionStatistic,
    timing: undefined,
  }[needs ?? 'timing']
  if (statisticOf === undefined) throw new Error(`${term.expression} is not measured on rows.`)
  const statistic = statisticOf(term.fn, kinds, values, rows)
  const value = statistic.evaluate(kinds.population.sizes) ?? null
  const base = { term, value, missing, sample: { populations: [kinds.population], statistic } }
  const estimate = isEstimate(term) ? analytic(term.fn, kinds, values, rows) : undefined
  return estimate === undefined ? base : { ...base, estimate }
}

/** The interval that theory gives: Wilson for proportions, DeLong for the ROC area; undefined where only resampling does. */
function analytic(
  fn: AggregateName,
  kinds: MetricKinds,
  values: Float64Array,
  rows: Uint32Array,
): stats.Estimation | undefined {
  if (fn === 'roc_auc') return stats.aucEstimate(gather(kinds.rows.labels, rows), gather(values, rows))
  if (fn === 'median_absolute_error') return stats.quantileEstimate(sortedErrors(kinds, values, rows), 0.5)
  if (!PROPORTIONS.has(fn)) return undefined
  const { k, n } = stats.proportionOf(
    fn as stats.ProportionMetric,
    confusionAt(kinds, values, rows, kinds.population.sizes),
  )
  return stats.wilsonEstimate(k, n)
}

function confusionAt(
  kinds: MetricKinds,
  decisions: Float64Array,
  rows: Uint32Array,
  counts: Uint32Array,
): stats.Confusion {
  const cells: [number, number, number, number] = [0, 0, 0, 0]
  for (const row of rows)
    cells[stats.confusionKind(kinds.rows.labels[row] as number, decisions[row] as number)] += counts[row] as number
  return stats.confusionOf(cells)
}

const DECISION_METRICS: Partial<Record<AggregateName, (c: stats.Confusion) => number | undefined>> = {
  accuracy: stats.accuracy,
  precision: stats.precision,
  recall: stats.recall,
  specificity: stats.specificity,
  positive_rate: stats.positiveRate,
  f1: stats.f1,
  negative_predictive_value: stats.negativePredictiveValue,
  balanced_accuracy: stats.balancedAccuracy,
  mcc: stats.mcc,
  kappa: stats.kappa,
}

function decisionStatistic(
  fn: AggregateName,
  kinds: MetricKinds,
  decisions: Float64Array,
  rows: Uint32Array,
): stats.Statistic {
  const metric = DECISION_METRICS[fn]
  if (metric === undefined) throw new Error(`${fn} is not a metric of a decision.`)
  return {
    range: rangeOf(fn),
    evaluate: (counts) => metric(confusionAt(kinds, decisions, rows, counts ?? kinds.population.sizes)),
  }
}

function scoreStatistic(
  fn: AggregateName,
  kinds: MetricKinds,
  scores: Float64Array,
  rows: Uint32Array,
): stats.Statistic {
  const { labels } = kinds.rows
  const range = rangeOf(fn)
  if (fn === 'brier' || fn === 'log_loss') {
    const lossesOf = fn === 'brier' ? stats.brierLosses : stats.logLosses
    const losses = lossesOf(gather(labels, rows), gather(scores, rows))
    return { range, evaluate: weighing(rows, (weights) => stats.weightedMean(losses, weights)) }
  }
  const ranking = stats.rankByScore(labels, scores, rows)
  const metric =
    fn === 'roc_auc' ? stats.rocAuc : fn === 'average_precision' ? stats.averagePrecision : stats.calibrationError
  return { range, evaluate: (counts) => (ranking === undefined ? undefined : metric(ranking, counts)) }
}
