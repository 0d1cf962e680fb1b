import { bootstrap, type Statistic } from '../bootstrap.ts'
import { type Estimation, undefinedEstimate } from '../estimate.ts'
import type { Random } from '../prng.ts'
import { cellPopulation, type Population } from '../resample.ts'
import {
  type AssumptionCheck,
  checkCalibration,
  checkConcept,
  checkReference,
  checkSupport,
  type ValueStrata,
} from './assumptions.ts'
import { type EstimatedMetric, estimatedMetric } from './estimated-metrics.ts'
import { labelledCounts, rowCounts, type ScoredRows, type ScoreStrata, strataOf } from './strata.ts'

/** What is estimated, from what. */
export interface LabelFreeRequest {
  readonly metric: EstimatedMetric
  /** Labelled rows that the same model scored; those without a label are left out. */
  readonly reference: ScoredRows
  /** The rows that are spoken of. */
  readonly rows: ScoredRows
  /** Labels that are there already: of these rows, or of others that the model answered lately. Default: these rows. */
  readonly late?: ScoredRows
  /** Rows with a value outside what the reference has; how many there would be without a shift; and the column they are most in. */
  readonly outside: { readonly rows: number; readonly expected: number; readonly worst?: string }
  /** Columns whose mix is compared, given the strata. */
  readonly columns: (strata: ScoreStrata) => readonly ValueStrata[]
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
 * Estimates a metric of rows without labels by post-stratification: P(positive | decision, score) is that of the reference. Unlike CBPE (NannyML,
 * How it works, Confidence-based performance estimation), which fits an isotonic curve and gives a value, strata are not smoothed, so that the
 * estimate has no bias from the fit, and both samples are resampled for the interval. The interval is that of the population these rows come from.
 */
export function labelFreeEstimate(request: LabelFreeRequest): LabelFreeEstimate {
  const { metric } = request
  const reference = known(asAsked(metric, request.reference))
  const rows = asAsked(metric, request.rows)
  const strata = strataOf(reference)
  const labelled = labelledCounts(strata, reference)
  const counted = rowCounts(strata, rows)
  const strays = rows.scores.length - counted.reduce((sum, count) => sum + count, 0)
  const late = labelledCounts(strata, request.late === undefined ? rows : asAsked(metric, request.late))
  const { outside } = request
  const assumptions = [
    checkReference(strata, labelled, counted, strays),
    checkSupport(outside.rows, rows.scores.length, outside.expected, outside.worst),
    checkCalibration(strata, labelled, request.columns(strata)),
    checkConcept(strata, labelled, late),
  ]
  const populations = [cellPopulation(labelled), cellPopulation(counted)]
  const statistic: Statistic = {
    range: { low: 0, high: 1 },
    evaluate: (there, here) =>
      there === undefined || here === undefined ? undefined : estimatedMetric(metric, strata, there, here),
  }
  const base = { assumptions, populations, statistic }
  if (rows.scores.length === 0) return { ...base, estimate: undefinedEstimate('empty') }
  if (assumptions.some(({ verdict }) => verdict === 'fails'))
    return { ...base, estimate: undefinedEstimate('assumption-failed') }
  const { random, replicates } = request
  const options = replicates === undefined ? {} : { replicates }
  return { ...base, estimate: bootstrap({ populations, random, ...options }, statistic) }
}

/** Of an area no decision is asked: all rows have the same. */
function asAsked(metric: EstimatedMetric, rows: ScoredRows): ScoredRows {
  return metric === 'roc_auc' ? { ...rows, decisions: new Float64Array(rows.scores.length) } : rows
}

function known({ scores, decisions, labels }: ScoredRows): ScoredRows {
  const kept = (_: number, row: number): boolean => !Number.isNaN(labels[row] as number)
  return { scores: scores.filter(kept), decisions: decisions.filter(kept), labels: labels.filter(kept) }
}
