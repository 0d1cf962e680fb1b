import type { ErrorReason, Measured, stats, Term } from '@plumbline/core'

/**
 * How a term can be measured again on resampled rows. Terms over the same rows hold the same `Population` object (by
 * identity), and are then resampled together.
 */
export interface TermSample {
  readonly populations: readonly stats.Population[]
  readonly statistic: stats.Statistic
  /** The statistic on one resample of these populations after the other, NaN where it does not exist: those of its own interval. */
  readonly drawn?: Float64Array
}

/** One term of a `must` condition as measured on one relation and slice. */
export interface MeasuredTerm {
  readonly term: Term
  /** null where it is undefined on these rows. Timestamps as RFC 3339 text. */
  readonly value: Measured
  /** Cells or rows left out because missing. */
  readonly missing: number
  /** For estimates: the value with its interval, or why there is none. */
  readonly estimate?: stats.Estimation
  /** For estimates: needed where a margin reads several of them or bends one. */
  readonly sample?: TermSample
  /** Of an estimate without labels: what it rests on, as checked. */
  readonly assumptions?: readonly stats.AssumptionCheck[]
}

/** A term that could not be measured: the clause's verdict is `error`. */
export interface TermFailure {
  readonly reason: ErrorReason
  readonly cause: string
}

/** A term as measured, or why not. */
export type TermOutcome =
  | { readonly ok: true; readonly value: MeasuredTerm }
  | { readonly ok: false; readonly failure: TermFailure }

/**
 * A better estimate of `left − right` than two intervals or a bootstrap give, such as DeLong's paired one; undefined
 * where there is none for this pair.
 */
export type PairedEstimate = (left: number, right: number) => stats.Estimation | undefined

/** Everything measured for one instance of a `must` clause. */
export interface MeasuredInstance {
  /** Rows of the relation in the slice. */
  readonly n: number
  readonly terms: readonly MeasuredTerm[]
  readonly paired?: PairedEstimate
  /** Of a metric of a score, on all rows of a model. */
  readonly curves?: stats.ScoreCurves
}
