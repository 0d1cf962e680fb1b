import type { RequestLogState } from '@plumbline/engine'
import type { Finding, GuardPlan } from '@plumbline/guard'
import { MODEL_FAILURE_REASONS, type ModelFailureReason } from '../versions/model-failure.ts'
import { createMetrics, type Metrics, type Series } from './exposition.ts'

/** How a request to a guarded model ends; the `_guard` column has all but `refused`, which never became rows. */
export const VERDICTS = ['accepted', 'flagged', 'fallback', 'rejected', 'withheld', 'unavailable', 'refused'] as const
/** One of {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number]

/** Seconds: a guard takes microseconds, a model may take its whole time. */
const BOUNDS = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** What there is to count of one answered request. */
export interface RequestCount {
  readonly verdict: Verdict
  readonly rows: number
  readonly findings: readonly Finding[]
  /** Seconds from the read request to its answer, less those of models. */
  readonly guardSeconds: number
  /** Seconds that the model and the fallback took; undefined where neither was asked. */
  readonly modelSeconds: number | undefined
}

/** The series of a guarded model. */
export interface ServingMetrics {
  readonly all: Metrics
  count(request: RequestCount): void
  /** A model or fallback that did not answer. */
  modelFailed(reason: ModelFailureReason): void
  readonly swaps: Series
  readonly refusedSwaps: Series
  /** Appends to the log that failed. */
  readonly logFailures: Series
  /** Rows that were answered without being logged. */
  readonly unlogged: Series
}

/** What only the server knows when the metrics are read. */
export interface ServingState {
  readonly model: string
  readonly role: string
  readonly serving: () => { readonly version: string; readonly digest: string } | undefined
  readonly inFlight: () => number
  /** The log of requests, where there is one. */
  readonly log?: () => RequestLogState
}

/** Makes the series of a plan: one for each verdict and each clause, so that a clause that never bit is seen as 0. */
export function servingMetrics(plan: GuardPlan, state: ServingState): ServingMetrics {
  const all = createMetrics()
  const by = (name: string, help: string): ReadonlyMap<string, Series> =>
    new Map(VERDICTS.map((verdict) => [verdict, all.counter(name, help, { verdict })]))
  const requests = by('plumbline_requests_total', 'Requests to infer, by how they ended.')
  const rows = by('plumbline_rows_total', 'Rows of requests to infer, by how their request ended.')
  const violations = new Map(
    plan.clauses.map(({ id }) => [
      id,
      all.counter('plumbline_clause_violations_total', 'Rows that violate a clause.', { clause: id }),
    ]),
  )
  const other = all.counter('plumbline_other_violations_total', 'Rows refused or flagged by no clause of the spec.')
  const failures = new Map(
    MODEL_FAILURE_REASONS.map((reason) => [
      reason,
      all.counter('plumbline_model_failures_total', 'Times that the model or its fallback did not answer.', { reason }),
    ]),
  )
  const guard = all.histogram('plumbline_guard_seconds', 'Seconds added by the guard, logging included.', BOUNDS)
  const model = all.histogram('plumbline_model_seconds', 'Seconds that the model and its fallback took.', BOUNDS)
  all.gauge('plumbline_serving_info', 'The version that answers.', () => {
    const now = state.serving()
    return now === undefined ? [] : [[{ model: state.model, role: state.role, spec: plan.spec.version, ...now }, 1]]
  })
  all.gauge('plumbline_requests_in_flight', 'Requests that are being answered.', state.inFlight)
  if (state.log !== undefined) logMetrics(all, state.log)
  processMetrics(all)
  return {
    all,
    modelFailed: (reason) => add(failures.get(reason), 1),
    swaps: all.counter('plumbline_swaps_total', 'Versions that were loaded while serving.'),
    refusedSwaps: all.counter('plumbline_refused_swaps_total', 'Loads that were refused; nothing changed.'),
    logFailures: all.counter('plumbline_log_failures_total', 'Appends to the request log that failed.'),
    unlogged: all.counter('plumbline_unlogged_rows_total', 'Rows answered without being logged.'),
    count({ verdict, rows: asked, findings, guardSeconds, modelSeconds }) {
      add(requests.get(verdict), 1)
      add(rows.get(verdict), asked)
      for (const { violation } of findings)
        add(('clause' in violation && violation.clause !== undefined && violations.get(violation.clause)) || other, 1)
      guard.observe(guardSeconds)
      if (modelSeconds !== undefined) model.observe(modelSeconds)
    },
  }
}

function add(series: Series | undefined, count: number): void {
  if (series !== undefined) series.value += count
}

/** The log of requests on disk. */
function logMetrics(all: Metrics, log: () => RequestLogState): void {
  all.gauge('plumbline_log_bytes', 'Bytes of the log of requests on disk.', () => log().bytes)
  all.gauge('plumbline_log_segments', 'Segments of the log of requests on disk.', () => log().segments)
  all.gauge('plumbline_log_rows_waiting', 'Rows that wait for the disk.', () => log().waitingRows)
  all.gauge(
    'plumbline_log_removed_segments',
    'Segments removed to stay within the bound, since the start.',
    () => log().closed.removed.segments,
  )
  all.gauge(
    'plumbline_log_compaction_failures',
    'Segments that could not be turned into Parquet, since the start.',
    () => log().closed.compactionFailures,
  )
}

/** The process as Prometheus clients name it. */
function processMetrics(all: Metrics): void {
  const began = Date.now() / 1000 - process.uptime()
  all.gauge('process_cpu_seconds_total', 'CPU time of the process, all threads.', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  all.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss())
  all.gauge('process_start_time_seconds', 'When the process began, since 1970.', () => began)
}
