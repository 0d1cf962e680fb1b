import { bootstrap, type Statistic } from '../bootstrap.ts'
import { type Estimation, undefinedEstimate } from '../estimate.ts'
import type { Random } from '../prng.ts'
import { cellPopulation, type Population, rowPopulation } from '../resample.ts'
import {
  type AssumptionCheck,
  checkCalibration,
  checkConcept,
  checkReference,
  checkSupport,
  gravest,
  type RowKind,
  type ValueStrata,
} from './assumptions.ts'
import { classCounts, type EstimatedClassMetric, estimatedClassMetric } from './estimated-classes.ts'
import { type EstimatedLoss, estimatedLoss, LOSSES } from './estimated-losses.ts'
import { type EstimatedMetric, estimatedMetric } from './estimated-metrics.ts'
import { type Outcome, type OutcomeOf, outcomeStrata } from './outcomes.ts'
import { labelledCounts, rowCounts, type ScoredRows, type ScoreStrata, strataOf } from './strata.ts'

/** What is estimated, and of what kind of model. */
export type LabelFreeMetric =
  | { readonly task?: 'two-classes'; readonly metric: EstimatedMetric }
  /** `classes`: what they are called, in the order of their numbers. */
  | { readonly task: 'classes'; readonly metric: EstimatedClassMetric; readonly classes: readonly string[] }
  | { readonly task: 'amount'; readonly metric: EstimatedLoss }

/** What is estimated, from what. */
export type LabelFreeRequest = LabelFreeMetric & {
  /** Labelled rows that the same model scored; those without a label are left out. */
  readonly reference: ScoredRows
  /** The rows that are spoken of. */
  readonly rows: ScoredRows
  /** Labels that are there already: of these rows, or of others that the model answered lately. Default: these rows. */
  readonly late?: ScoredRows
  /** Rows with a value outside what the reference has; how many there would be without a shift; and the column they are most in. */
  readonly outside: { readonly rows: number; readonly expected: number; readonly worst?: string }
  /** Columns whose mix is compared, given the strata and what is summed of labelled rows. */
  readonly columns: (strata: ScoreStrata, outcome: OutcomeOf) => readonly ValueStrata[]
  readonly random: Random
  readonly replicates?: number
}

/** A metric without labels, with what it rests on. */
export interface LabelFreeEstimate {
  /** Undefined with the reason `assumption-failed` where an assumption does not hold. */
  readonly estimate: Estimation
  readonly assumptions: readonly AssumptionCheck[]
  readonly populations: readonly Population[]
  readonly statistic: Statistic
}

/**
 * Estimates a metric of rows without labels by post-stratification: what becomes of a row (its label, whether the answer is right, the loss) is distributed as
 * in the rows of the reference with the same answer and a score near by: of several classes the probability of the one answered, of a regression its
 * answer. Unlike CBPE and DLE (NannyML, How it works), which fit an isotonic curve or a model of the loss and give a value, strata are not smoothed, so that
 * the estimate has no bias from the fit, and both samples are resampled for the interval. The interval is that of the population these rows come from.
 */
export function labelFreeEstimate(request: LabelFreeRequest): LabelFreeEstimate {
  const reference = known(asAsked(request, request.reference))
  const rows = asAsked(request, request.rows)
  const strata = strataOf(reference, answersOf(request))
  const counted = rowCounts(strata, rows)
  const strays = rows.scores.length - counted.reduce((sum, count) => sum + count, 0)
  const late = request.late === undefined ? rows : asAsked(request, request.late)
  const { outside } = request
  const outcomes = outcomesOf(request)
  const checked = outcomes.map((outcome) => ({
    outcome,
    reference: outcomeStrata(strata, reference, outcome),
    outcomes: outcomes.length,
  }))
  const [first] = checked
  if (first === undefined) throw new Error('Every metric has an outcome.')
  const assumptions = [
    checkReference(strata, first.reference, counted, kindsOf(request, reference), strays),
    checkSupport(outside.rows, rows.scores.length, outside.expected, outside.worst),
    gravest(checked.map((each) => checkCalibration(strata, each, request.columns(strata, each.outcome.of)))),
    gravest(checked.map((each) => checkConcept(strata, each, outcomeStrata(strata, late, each.outcome)))),
  ]
  const { population, value } = referenceOf(request, strata, reference)
  const populations = [population, cellPopulation(counted)]
  const statistic: Statistic = {
    range: { low: 0, high: request.task === 'amount' ? Number.POSITIVE_INFINITY : 1 },
    evaluate: (there, here) => (there === undefined || here === undefined ? undefined : value(there, here)),
  }
  const base = { assumptions, populations, statistic }
  if (rows.scores.length === 0) return { ...base, estimate: undefinedEstimate('empty') }
  if (assumptions.some(({ verdict }) => verdict === 'fails'))
    return { ...base, estimate: undefinedEstimate('assumption-failed') }
  const { random, replicates } = request
  const options = replicates === undefined ? {} : { replicates }
  return { ...base, estimate: bootstrap({ populations, random, ...options }, statistic) }
}

/** How many answers a model can give that rows are told apart by. */
function answersOf(asked: LabelFreeMetric): number {
  if (asked.task === 'classes') return asked.classes.length
  return asked.task === 'amount' ? 1 : 2
}

/** What is expected of rows at equal answers and scores, so that the metric is what is expected. */
function outcomesOf(asked: LabelFreeMetric): readonly Outcome[] {
  const event = (of: OutcomeOf, name: string, part: string): Outcome => ({ of, kind: 'event', name, part })
  switch (asked.task) {
    case 'classes':
      return asked.metric === 'accuracy'
        ? [event((label, answer) => (label === answer ? 1 : 0), 'the share of right answers', ' of a class')]
        : asked.classes.map((name, i) =>
            event((label) => (label === i ? 1 : 0), `the share of "${name}"`, ' among the rows of an answer'),
          )
    case 'amount': {
      const name = asked.metric === 'mae' ? 'the mean absolute error' : 'the mean squared error'
      return [{ of: LOSSES[asked.metric], kind: 'loss', name, part: '' }]
    }
    default:
      return [event((label) => (label === 1 ? 1 : 0), 'the share of positives', ' of a decision')]
  }
}

/** Kinds of labelled rows of which there have to be some. */
function kindsOf(asked: LabelFreeMetric, { labels, decisions }: ScoredRows): readonly RowKind[] {
  const count = (name: string, isOfKind: (label: number, decision: number) => boolean): RowKind => ({
    name,
    rows: labels.reduce((sum, label, row) => sum + (isOfKind(label, decisions[row] as number) ? 1 : 0), 0),
  })
  switch (asked.task) {
    case 'classes':
      return asked.metric === 'accuracy'
        ? [count('answered wrong', (l, d) => l !== d), count('answered right', (l, d) => l === d)]
        : asked.classes.map((name, i) => count(`"${name}"`, (label) => label === i))
    case 'amount':
      return []
    default:
      return [count('positive', (label) => label === 1), count('negative', (label) => label !== 1)]
  }
}

/** The reference as it is resampled, and the metric of a resample of it and of the rows by stratum. */
function referenceOf(
  asked: LabelFreeMetric,
  strata: ScoreStrata,
  reference: ScoredRows,
): { readonly population: Population; readonly value: (there: Uint32Array, here: Uint32Array) => number | undefined } {
  switch (asked.task) {
    case 'classes': {
      const size = asked.classes.length
      return {
        population: cellPopulation(classCounts(strata, reference, size)),
        value: (there, here) => estimatedClassMetric(asked.metric, strata, size, there, here),
      }
    }
    case 'amount':
      return {
        population: rowPopulation(reference.scores.length),
        value: estimatedLoss(asked.metric, strata, reference),
      }
    default:
      return {
        population: cellPopulation(labelledCounts(strata, reference)),
        value: (there, here) => estimatedMetric(asked.metric, strata, there, here),
      }
  }
}

/** Of an area no decision is asked: all rows have the same. */
function asAsked({ metric }: LabelFreeMetric, rows: ScoredRows): ScoredRows {
  return metric === 'roc_auc' ? { ...rows, decisions: new Float64Array(rows.scores.length) } : rows
}

function known({ scores, decisions, labels }: ScoredRows): ScoredRows {
  const kept = (_: number, row: number): boolean => !Number.isNaN(labels[row] as number)
  return { scores: scores.filter(kept), decisions: decisions.filter(kept), labels: labels.filter(kept) }
}
