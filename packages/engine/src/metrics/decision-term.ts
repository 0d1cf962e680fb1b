import { type AggregateName, stats, type Term } from '@plumbline/core'
import type { MetricFamily, TermRows, WeighedStatistic } from './metric-family.ts'
import { numberArgument, onlyValue } from './metric-family.ts'
import { rangeOf } from './metric-rows.ts'

const PROPORTIONS: ReadonlySet<AggregateName> = new Set([
  'accuracy',
  'precision',
  'recall',
  'specificity',
  'negative_predictive_value',
  'positive_rate',
  'false_positive_rate',
  'false_negative_rate',
  'false_discovery_rate',
  'false_omission_rate',
  'jaccard',
])

const METRICS: Partial<Record<AggregateName, (c: stats.Confusion) => number | undefined>> = {
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
  false_positive_rate: (c) => stats.proportion('false_positive_rate', c),
  false_negative_rate: (c) => stats.proportion('false_negative_rate', c),
  false_discovery_rate: (c) => stats.proportion('false_discovery_rate', c),
  false_omission_rate: (c) => stats.proportion('false_omission_rate', c),
  jaccard: (c) => stats.proportion('jaccard', c),
}

/** Metrics of a decision, from the counts of its four outcomes; as k of n where it is a proportion. */
export function decisionFamily(rows: TermRows): MetricFamily {
  const { fn } = rows.term
  const metric = askedWith(rows.term) ?? METRICS[fn]
  if (metric === undefined) throw new Error(`${fn} is not a metric of a decision.`)
  const { sizes } = rows.kinds.population
  const outcomes = outcomesOf(rows)
  const statistic: WeighedStatistic = {
    range: rangeOf(fn),
    evaluate: (counts) => metric(confusionAt(outcomes, counts ?? sizes)),
  }
  if (!PROPORTIONS.has(fn)) return { statistic }
  return {
    statistic,
    proportion: (counts) => stats.proportionOf(fn as stats.ProportionMetric, confusionAt(outcomes, counts)),
  }
}

/** The metrics that are asked with numbers. */
function askedWith(term: Term): ((c: stats.Confusion) => number | undefined) | undefined {
  if (term.fn === 'f_beta') return (c) => stats.fBeta(numberArgument(term), c)
  if (term.fn !== 'expected_cost') return undefined
  return (c) => stats.expectedCost(numberArgument(term, 0), numberArgument(term, 1), c)
}

type Outcomes = readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array]

/** The rows of each of the four outcomes: which one a row has is then asked once, not once per resample. */
function outcomesOf(rows: TermRows): Outcomes {
  const decisions = onlyValue(rows)
  const kinds = Uint8Array.from(rows.rows, (row) =>
    stats.confusionKind(rows.labels[row] as number, decisions[row] as number),
  )
  const of = (kind: number): Uint32Array => rows.rows.filter((_, place) => kinds[place] === kind)
  return [of(0), of(1), of(2), of(3)]
}

function confusionAt([first, second, third, fourth]: Outcomes, counts: stats.Weights): stats.Confusion {
  return stats.confusionOf([sum(first, counts), sum(second, counts), sum(third, counts), sum(fourth, counts)])
}

function sum(rows: Uint32Array, counts: stats.Weights): number {
  let total = 0
  for (let i = 0; i < rows.length; i++) total += counts[rows[i] as number] as number
  return total
}
