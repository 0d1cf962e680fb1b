import type { ColumnInfo } from '../expr/environment.ts'
import type { Expr } from '../expr/expr.ts'
import type { Source } from '../language/spec.ts'
import type { Clause, ClauseSeverity } from './clause.ts'

/** A column of a dataset or an output of a model, resolved. Bounds are encoded like literals (int and timestamp as decimal text). */
export interface ProgramColumn extends ColumnInfo {
  readonly unit?: string
  readonly low?: number | string
  readonly high?: number | string
  readonly protected: boolean
  readonly says?: string
  /** For outputs: where in the model's answer. */
  readonly tensor?: string
  readonly index?: number
}

/** How to read a dataset. `path` is relative to the project and stays inside it. */
export type ProgramSource = Source

/** A dataset with its names resolved: how it is read, its columns, and its splits as conditions. */
export interface ProgramDataset {
  readonly name: string
  readonly source: ProgramSource
  readonly key: readonly string[]
  readonly time?: string
  readonly columns: readonly ProgramColumn[]
  readonly splits: readonly { readonly name: string; readonly condition: Expr; readonly text: string }[]
  readonly label?: string
}

/** A model with its names resolved: what it reads and answers. `like` is written out. */
export interface ProgramModel {
  readonly name: string
  /** Path of the artifact the spec names; roles may be bound to another file at test time. */
  readonly artifact?: string
  readonly task: 'binary-classification' | 'regression'
  readonly from: string
  readonly input: readonly string[]
  readonly outputs: readonly ProgramColumn[]
  /** The output that ranks: binary classification's score. */
  readonly score?: string
  readonly label?: string
  readonly decision?: { readonly expr: Expr; readonly text: string }
}

/** A relation a clause or term names: rows of a dataset, or of a dataset with a model's answers. */
export type ProgramRelation =
  | { readonly kind: 'data'; readonly name: string; readonly dataset: string; readonly split?: string }
  | {
      readonly kind: 'model'
      readonly name: string
      readonly model: string
      readonly dataset: string
      readonly split?: string
    }
  | { readonly kind: 'requests'; readonly name: 'requests' }
  | { readonly kind: 'system'; readonly name: 'system' }
  /** Requests generated from the declared domain, and the staged candidate's answers to them. */
  | { readonly kind: 'release'; readonly name: 'release' }

/** A stage of the pipeline. Paths are relative to the project; `run` is an argument list, never a shell line. */
export interface ProgramStage {
  readonly name: string
  readonly run: readonly string[]
  readonly needs: readonly string[]
  readonly makes: readonly string[]
  readonly params: Readonly<Record<string, number | string | boolean>>
}

/** The guard as declared, with the defaults in place. */
export interface ProgramGuard {
  readonly input: 'reject' | 'fallback' | 'flag'
  readonly output: 'reject' | 'fallback' | 'flag'
  /** What happens to a request that the guard could not judge (out of time): `closed` = no answer, `open` = flagged. */
  readonly onFailure: 'open' | 'closed'
  readonly fallback?:
    | { readonly kind: 'model'; readonly model: string }
    | {
        readonly kind: 'value'
        readonly outputs: readonly { readonly name: string; readonly value: number | string | boolean }[]
      }
  /** Time the guard may add to one request, in microseconds (at least 1). */
  readonly budget?: { readonly micros: number; readonly severity: 'block' | 'warn' | 'info' }
}

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

/** A lowered spec: everything that runs reads this. Plain frozen JSON; the schema is published. */
export interface Program {
  readonly schema: 'plumbline/program/1'
  readonly spec: { readonly name: string; readonly version: string; readonly digest: string }
  readonly about: {
    readonly purpose?: string
    readonly intendedUse: readonly string[]
    readonly excludedUse: readonly string[]
    readonly owners: readonly { readonly name: string; readonly contact?: string }[]
    readonly risk?: string
    readonly frameworks: readonly string[]
    readonly requirements: readonly {
      readonly id: string
      readonly says: string
      readonly source?: string
      readonly owner?: string
    }[]
    readonly hazards: readonly {
      readonly id: string
      readonly says: string
      readonly severity?: string
      readonly controls: readonly string[]
    }[]
  }
  readonly datasets: readonly ProgramDataset[]
  readonly models: readonly ProgramModel[]
  readonly relations: readonly ProgramRelation[]
  readonly clauses: readonly Clause[]
  readonly pipeline: { readonly candidate?: string; readonly stages: readonly ProgramStage[] }
  /** Absent where the spec has no such section. */
  readonly guard?: ProgramGuard
  /** Absent where the spec has no such section. */
  readonly monitor?: ProgramMonitor
  /** Absent where the pipeline has no such section. */
  readonly retrain?: ProgramRetrain
  readonly release: ProgramRelease
  /** Keys that close production because they could add a requirement and are not enforced yet. */
  readonly unenforced: readonly string[]
}
