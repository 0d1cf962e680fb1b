import type { ClauseSeverity } from './clause.ts'

/** Windows of production traffic, with the defaults in place. Durations are whole microseconds. */
export interface ProgramMonitor {
  /** Lengths of the tumbling windows that `every` and `must` clauses on `requests` are decided on; at least one. */
  readonly windows: readonly number[]
  /** How long after its end a window waits for late rows before it is decided. */
  readonly lateness: number
  /** Rows below which a window decides nothing. */
  readonly minRows: number
  /** Where labels arrive; absent where the spec names no such file. */
  readonly labels?: ProgramLabels
  readonly alerts: readonly ProgramAlert[]
}

/** A file of labels (the join columns, the label, `arrived_at`) that arrive after the answers they judge. */
export interface ProgramLabels {
  /** A file or pattern inside the project: csv, parquet or json by its ending. */
  readonly source: string
  /** Columns that label and request share. */
  readonly join: readonly string[]
  /** Microseconds after the end of a window until which its labels are waited for. */
  readonly within: number
  /** Least share of a window's rows whose label must have arrived, as exact decimal text in [0, 1]. */
  readonly minShare: string
}

/** Where evidence of trouble is sent. */
export interface ProgramAlert {
  readonly kind: 'webhook' | 'alertmanager' | 'stdout'
  /** As written: `${NAME}` stands for a variable of the environment and is resolved only when sending. Absent for `stdout`. */
  readonly url?: string
  /** Least severity of the clauses it tells of; all where absent. */
  readonly severity?: ClauseSeverity
  /** Ids of the clauses it tells of; all where absent. */
  readonly when?: readonly string[]
}

/** When and how a challenger is trained. Durations are whole microseconds. */
export interface ProgramRetrain {
  /** Ids of the clauses whose violation in production asks for one. */
  readonly when: readonly string[]
  /** Whether new data ask for one. */
  readonly newData: boolean
  /** Time after which one is asked for anyway. */
  readonly schedule?: number
  /** Least time between two retrainings. */
  readonly cooldown: number
  /** At most `count` retrainings in any span of `per`. */
  readonly budget?: { readonly count: number; readonly per: number }
  /** Stages of the pipeline that make the challenger, in the order of the pipeline. */
  readonly stages: readonly string[]
  /** The model file they make. */
  readonly candidate: string
  /** The file that is given the labelled requests before the stages run, with a column `part` (`learn`, `held-out`). */
  readonly window?: string
}

/** What an environment asks of a version before it may enter, and when it is taken out again. */
export interface ProgramEnvironment {
  readonly requires: readonly ('data' | 'model' | 'release')[]
  /** Ids of the clauses whose violation by the version in place brings back the one before it. */
  readonly rollback: readonly string[]
}

/** An environment of a release. */
export type EnvironmentName = keyof ProgramRelease

/** The environments of a release, with the defaults in place. */
export interface ProgramRelease {
  readonly staging: ProgramEnvironment
  readonly production: ProgramEnvironment
}
