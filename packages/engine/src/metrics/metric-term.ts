import { aggregates, stats, type Term, unlabelled } from '@plumbline/core'
import type { MeasuredTerm } from '../decide/measured.ts'
import { isEstimate } from '../decide/must.ts'
import { answerFamily, probabilityFamily } from './class-term.ts'
import { boxesFamily } from './boxes-term.ts'
import { columnsFamily, textFamily } from './columns-term.ts'
import { decisionFamily } from './decision-term.ts'
import type { MetricFamily, TermRows } from './metric-family.ts'
import { clustered } from './clustered.ts'
import { completeRows, type GroupsOfRows, groupsOf, type MetricKinds } from './metric-rows.ts'
import { rankingFamily } from './ranking-term.ts'
import { regressionFamily } from './regression-term.ts'
import { scoreFamily } from './score-term.ts'
import { rangesFamily, seriesFamily } from './series-term.ts'
import { weighted } from './weighted.ts'

/** How intervals that need resampling are made. */
export interface Resampling {
  readonly random: (purpose: string) => stats.Random
  readonly replicates: number
}

/** A metric to be measured: a term, by its index in the condition, of a model, and where its rows keep what it reads. */
export interface MetricOfModel {
  readonly term: Term
  readonly index: number
  readonly model: string
  /** Places among the columns of the rows. */
  readonly values: readonly number[]
  readonly mask?: number
  /** The place of the numbers of clusters, where whole clusters are drawn. */
  readonly cluster?: number
  /** The place of the weights of rows. */
  readonly weights?: number
  /** The class that is asked about, against the rest. */
  readonly ofClass?: number
  /** How many classes the label declares; 0 where it is none of several. */
  readonly classes: number
  /** The numbers of the classes that the metric names. */
  readonly named: readonly number[]
}

/** Measures metrics on the same grouped rows; those without an interval from theory share their resamples. */
export function measureMetrics(
  metrics: readonly MetricOfModel[],
  kinds: MetricKinds,
  resampling: Resampling,
): readonly MeasuredTerm[] {
  const grouped = new Map<number, GroupsOfRows>()
  const groups = (place: number): GroupsOfRows => {
    const known = grouped.get(place) ?? groupsOf(kinds.rows.columns[place] ?? new Float64Array(0))
    grouped.set(place, known)
    return known
  }
  const measured = metrics.map((metric) => measureMetric(metric, kinds, groups))
  const open = measured.flatMap((m, i) => (isEstimate(m.term) && m.estimate === undefined ? [i] : []))
  const estimations = new Map<number, stats.Estimation>()
  for (const population of new Set(open.map((i) => populationOf(measured[i])))) {
    const shared = open.filter((i) => populationOf(measured[i]) === population)
    const found = stats.bootstrapAll(
      { populations: [population], random: resampling.random('metrics'), replicates: resampling.replicates },
      shared.map((i) => (measured[i] as Measurement).sample.statistic),
    )
    for (const [at, i] of shared.entries()) estimations.set(i, found[at] as stats.Estimation)
  }
  return measured.map((m, i) => {
    const estimate = estimations.get(i)
    return estimate === undefined ? m : { ...m, estimate }
  })
}

const populationOf = (measured: Measurement | undefined): stats.Population =>
  measured?.sample.populations[0] as stats.Population

type Measurement = MeasuredTerm & Required<Pick<MeasuredTerm, 'sample'>>

function measureMetric(
  metric: MetricOfModel,
  kinds: MetricKinds,
  groups: (place: number) => GroupsOfRows,
): Measurement {
  const { term } = metric
  const { rows: read, missing } = termRows(metric, kinds)
  const own = familyOf(read, (value) => groups(metric.values[value] ?? -1))
  const weights = metric.weights === undefined ? undefined : kinds.rows.columns[metric.weights]
  const counted = weights === undefined ? own : weighted(own, kinds, weights)
  const family = metric.cluster === undefined ? counted : clustered(counted, kinds, groups(metric.cluster))
  const { statistic, population = kinds.population } = family
  const clusters = metric.cluster === undefined ? undefined : groups(metric.cluster).of
  const { ofDrawn } = own
  const isDrawn = weights !== undefined || clusters !== undefined
  const analytic =
    isDrawn && ofDrawn !== undefined ? () => ofDrawn({ weights, clusters }) : analyticOf(family, population)
  const value = statistic.evaluate(population.sizes) ?? null
  const base = { term, value, missing, sample: { populations: [population], statistic } }
  const estimate = isEstimate(term) ? analytic?.() : undefined
  return estimate === undefined ? base : { ...base, estimate }
}

/** The interval that theory gives: the family's own, or Wilson's of a share. */
function analyticOf({ analytic, proportion }: MetricFamily, { sizes }: stats.Population): MetricFamily['analytic'] {
  if (proportion === undefined) return analytic
  return () => {
    const { k, n } = proportion(sizes)
    return stats.wilsonEstimate(k, n)
  }
}

/** The rows that a metric is made of, those of one class against the rest as two classes. */
export function termRows(
  { term, values, mask, cluster, ofClass, classes, named }: MetricOfModel,
  kinds: MetricKinds,
): { readonly rows: TermRows; readonly missing: number } {
  const column = (place: number): Float64Array => kinds.rows.columns[place] ?? new Float64Array(kinds.rows.n)
  const columns = values.map(column)
  const { rows, missing } = completeRows(
    kinds,
    cluster === undefined ? columns : [...columns, column(cluster)],
    mask === undefined ? undefined : column(mask),
    !unlabelled.has(term.fn),
  )
  const isOne = (of: Float64Array): Float64Array => of.map((value) => (value === ofClass ? 1 : 0))
  const against = ofClass !== undefined
  return {
    missing,
    rows: {
      term,
      kinds,
      labels: against ? isOne(kinds.rows.labels) : kinds.rows.labels,
      values: against && aggregates[term.fn].needs === 'decision' ? columns.map(isOne) : columns,
      rows,
      classes: against ? 0 : classes,
      named,
    },
  }
}

function familyOf(rows: TermRows, groupsBy: (value: number) => GroupsOfRows): MetricFamily {
  const { fn } = rows.term
  switch (aggregates[fn].needs) {
    case 'decision':
      return rows.classes > 0 ? answerFamily(rows) : decisionFamily(rows)
    case 'answer':
      return answerFamily(rows)
    case 'score':
      return rows.classes > 0 ? probabilityFamily(rows) : scoreFamily(rows)
    case 'probabilities':
      return probabilityFamily(rows)
    case 'amount':
      return regressionFamily(rows)
    case 'order':
      return rankingFamily(rows, groupsBy(1))
    case 'columns':
      return columnsFamily(rows)
    case 'texts':
      return textFamily(rows)
    case 'series':
      return seriesFamily(rows)
    case 'ranges':
      return rangesFamily(rows)
    case 'boxes':
      return boxesFamily(rows, groupsBy(0))
    default:
      throw new Error(`${fn} is not measured on rows.`)
  }
}
