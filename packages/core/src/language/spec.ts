import type { ForeignTool } from '../evidence/foreign-tool.ts'
import type { ClauseSeverity, MissingPolicy } from '../clause/clause.ts'
import type { ColumnType, ElementType } from '../expr/type.ts'
import type { Located, Span } from '../source/span.ts'
import type { JsonValue } from '../evidence/canonical-json.ts'
import type { Override } from './extends/merge.ts'
import type { Micros } from './literals.ts'
import type { ModelRunner, Pixels } from './spec-models.ts'
import type { Monitor, Release, Retrain } from './spec-production.ts'

/**
 * A parsed spec: what the author wrote, read by schema, with the place of every value. Names are not yet resolved and
 * expressions are not yet parsed. Maps keep the order of the file.
 */
export interface Spec {
  readonly span: Span
  readonly language: Located<number>
  readonly system: SystemSection
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly data: ReadonlyMap<string, Dataset>
  /** Databases that hold rows of datasets. */
  readonly engines: ReadonlyMap<string, Engine>
  readonly slices: ReadonlyMap<string, Expression>
  readonly models: ReadonlyMap<string, Model>
  readonly clauses: ReadonlyMap<string, ClauseSource>
  readonly hazards: ReadonlyMap<string, Hazard>
  readonly waivers: ReadonlyMap<string, Waiver>
  readonly suppressions: readonly Suppression[]
  readonly guard?: Guard
  readonly monitor?: Monitor
  readonly pipeline?: Pipeline
  readonly release?: Release
  /** The parameters with the values that count, wherever they were given. */
  readonly params: ReadonlyMap<string, Param>
  /**
   * Files of features, as the spec names them (globs allowed), and whether their clauses are among `clauses`; `lacking` where
   * some could not be read.
   */
  readonly features: { readonly patterns: readonly Located<string>[]; readonly read: boolean; readonly lacking?: true }
  /** Steps of the author's own for features, each with the condition it stands for. */
  readonly macros: ReadonlyMap<string, Macro>
  /** Declared but not yet enforced keys, with their place: `guard`, `release.production.approvals`, … */
  readonly unenforced: readonly { readonly key: string; readonly span: Span; readonly closesProduction: boolean }[]
  /** What took the place of what another file says; in the order of reading. */
  readonly overrides: readonly Override[]
  /** All that the files say, as one, without places and comments: what the digest of the spec covers. */
  readonly content: () => JsonValue
}

/** An expression as written: its text, and how offsets in the text map to the file. */
export interface Expression {
  readonly text: string
  readonly span: Span
  /** File span of the half-open range [start, end) of `text`. */
  readonly place: (start: number, end: number) => Span
}

/** A name as authored: where its key stands. */
interface Named {
  readonly name: string
  readonly nameSpan: Span
  readonly span: Span
}

/** What the system is and is for; who answers for it. */
export interface SystemSection {
  readonly span: Span
  readonly name: Located<string>
  readonly version?: Located<string>
  readonly purpose?: Located<string>
  readonly intendedUse: readonly Located<string>[]
  readonly excludedUse: readonly Located<string>[]
  readonly owners: readonly { readonly name: string; readonly contact?: string }[]
  readonly risk?: Located<string>
  readonly frameworks: readonly Located<string>[]
}

/** A step for features: words with typed, named gaps, and a condition in which the names of the gaps stand for what fills them. */
export interface Macro extends Named {
  /** Such as `bills stay within {factor: number} credit lines`. */
  readonly step: Located<string>
  readonly form: 'every' | 'must'
  readonly condition: Expression
}

/** A requirement that clauses name under `meets`. */
export interface Requirement extends Named {
  readonly says: string
  /** The whole text where `says` is only its title; of files. */
  readonly text?: string
  readonly source?: string
  readonly owner?: string
}

/** A hazard and the ids of the clauses that control it. */
export interface Hazard extends Named {
  readonly says: string
  readonly severity?: string
  readonly controls: readonly Located<string>[]
}

/** A parameter as declared. */
export interface ParamSource extends Named {
  readonly type: 'integer' | 'number' | 'boolean' | 'text'
  readonly default?: Located<number | string | boolean>
  /** Closed bounds of a number. */
  readonly range?: ColumnSource['range']
  /** The only values it may have. */
  readonly values?: readonly Located<number | string | boolean>[]
  readonly unit?: Located<string>
  readonly says?: string
}

/** Closed bounds; `params` are those that a parameter in a unit stands for. */
export interface Bounds extends Located<readonly [low: number | string | null, high: number | string | null]> {
  readonly params?: readonly {
    readonly name: string
    readonly unit: string
    readonly span: Span
    readonly declared: Span
  }[]
}

/** A parameter and its value. `span` is where its value was given in a file. */
export interface Param extends Located<number | string | boolean> {
  readonly unit?: string
}

/** A person's leave to weaken a clause, until a day. */
export interface Waiver extends Named {
  /** Id of the clause, or name of the setting (`guard.input`). */
  readonly clause: Located<string>
  /** E-mail address. */
  readonly person: Located<string>
  readonly reason: string
  /** The last day it counts, in UTC: `2027-03-31`. */
  readonly expires: string
  /** Armoured SSH signature of the waiver's text by a listed key. */
  readonly signature?: string
}

/** A finding that its author does not want to hear of, and why. */
export interface Suppression {
  readonly code: Located<string>
  /** What the finding is about; all of the code where absent. */
  readonly at?: Located<string>
  readonly reason: string
  readonly span: Span
}

/** A dataset (a data relation) as declared. */
export interface Dataset extends Named {
  readonly source: Located<Source | TableSource>
  readonly says?: string
  readonly key: readonly Located<string>[]
  readonly time?: Located<string>
  readonly splits: ReadonlyMap<string, Expression>
  readonly columns: ReadonlyMap<string, ColumnSource>
  readonly severity?: Located<ClauseSeverity>
}

/** A file of the project (by ending or `format`, globs allowed), or an object behind `s3://`, and how to read it. */
export interface Source {
  readonly path: string
  readonly format: 'csv' | 'parquet' | 'json' | 'arrow'
  readonly delimiter?: string
  /** What fields of CSV may stand between; the empty text where nothing is quoted. Default `"`. */
  readonly quote?: string
  /** What goes before a quote that is part of a field. Default: the quote itself. */
  readonly escape?: string
  /** What parts whole numbers from their decimals in CSV. Default `.`. */
  readonly decimal?: '.' | ','
  /** What becomes of a line of CSV with more or fewer fields than the header: the source is refused (the default), or the line left out and reported. */
  readonly ragged?: 'refuse' | 'skip'
  readonly header?: boolean
  readonly nullValues?: readonly string[]
  readonly encoding?: string
}

/** A table or view of a database, which is asked where its rows are. */
export interface TableSource {
  /** A name of `engines`, or that of a dialect: then the database that the client's own environment names. */
  readonly engine: Located<string>
  /** `table` or `schema.table`, names exactly as they are; in double quotes where one holds a dot. */
  readonly table: string
  /** False: its rows are not read for a digest, and what is found of them opens no production gate. */
  readonly pinned: boolean
}

/** The databases whose SQL is written here. */
export type DatabaseDialect = 'postgresql' | 'spark' | 'trino' | 'clickhouse' | 'snowflake' | 'bigquery'

/** A database as declared. What it says is who is asked, never with which password. */
export interface Engine extends Named {
  readonly dialect: Located<DatabaseDialect>
  /** As written, with `${NAME}` for what the environment says; absent: what the client's own environment says. */
  readonly address?: Located<string>
  /** The longest that one statement may take. */
  readonly statementTimeout?: Located<Micros>
}

/** Where a cell is: the column in the data, then keys of objects and places in arrays (from 0). */
export type CellPath = readonly [column: string, ...steps: (string | number)[]]

/** A column as declared: its type and the contracts that become clauses of their own. */
export interface ColumnSource extends Named {
  readonly type: Located<ColumnType>
  /** What a list holds. */
  readonly element?: ElementType
  /** How many elements each list has, where that is declared. */
  readonly length?: number
  /** Where its cells are in the data, where not in a column of its name: the column there, then keys of objects and places in arrays. */
  readonly path?: Located<CellPath>
  /** How its times are written in the data: directives of strptime, or `epoch_s`, `epoch_ms`, `epoch_us`; RFC 3339 where absent. */
  readonly format?: Located<string>
  readonly unit?: Located<string>
  /** Closed bounds; either may be absent (null). For timestamps: RFC 3339 text. Integers beyond ±(2^53 − 1) are exact decimal text. */
  readonly range?: Bounds
  readonly values?: Located<
    readonly { readonly code: string | number | boolean; readonly label?: string; readonly span: Span }[]
  >
  readonly optional: boolean
  readonly role?: Located<'key' | 'label' | 'split'>
  readonly protected: boolean
  /** Its cells are shown to nobody: masked where a failing row is shown or kept. */
  readonly sensitive: boolean
  readonly mostly?: Located<string>
  readonly severity?: Located<ClauseSeverity>
  readonly missing?: Located<MissingPolicy>
  readonly rationale?: string
  readonly says?: string
  readonly origin?: string
}

/** What a model is for: it says which metrics its answers have. */
export type ModelTask = 'binary-classification' | 'multiclass-classification' | 'regression'

/** A model as declared. */
export interface Model extends Named {
  /** The file of a model that runs in process; `like` copies everything else from another model. */
  readonly artifact?: Located<string>
  /** What runs it where it is no such file; `artifact` is then absent. */
  readonly runner?: ModelRunner
  readonly like?: Located<string>
  readonly task?: Located<ModelTask>
  readonly input?: {
    readonly span: Span
    readonly from: Located<string>
    readonly columns: readonly Located<string>[]
    readonly pixels?: Located<Pixels>
  }
  readonly outputs: ReadonlyMap<string, OutputSource>
  readonly label?: Located<string>
  readonly decision?: Expression
}

/** An output of a model as declared: its type, and where in the answer it stands. */
export interface OutputSource extends Named {
  readonly type: Located<ColumnType>
  readonly unit?: Located<string>
  readonly range?: Bounds
  readonly values?: ColumnSource['values']
  readonly says?: string
  /** The class whose probability this output is. */
  readonly class?: Located<string | number | boolean>
  readonly tensor?: Located<string>
  readonly index?: number
}

/** A clause as written; `body` says which of the forms it has. */
export interface ClauseSource extends Named {
  readonly says?: Located<string>
  readonly of: readonly Located<string>[]
  readonly body: ClauseBody
  readonly severity?: Located<ClauseSeverity>
  /** `young`, or `by education`. */
  readonly slices: readonly Located<
    { readonly kind: 'named'; readonly name: string } | { readonly kind: 'by'; readonly column: string }
  >[]
  readonly missing?: Located<MissingPolicy>
  readonly mostly?: Located<string>
  readonly confidence?: Located<number | 'none'>
  /** Whether the rows are a sample (true), or how many of them are drawn as one. */
  readonly sample?: Located<boolean | DrawnSample>
  /** The column whose equal values mark rows that are drawn together. */
  readonly cluster?: Located<string>
  /** Whether intervals hold however often the rows are looked at while they grow. */
  readonly anytime?: Located<boolean>
  /** The column that says how much each row counts. */
  readonly weights?: Located<string>
  readonly allowEmpty: boolean
  readonly meets: readonly Located<string>[]
  readonly hazards: readonly Located<string>[]
  readonly rationale?: Located<string>
  readonly origin?: Located<string>
  /** Who answers for it. */
  readonly owner?: Located<string>
  /** Tools whose recorded results may answer it where there is no evidence. */
  readonly accepts?: readonly Located<ForeignTool>[]
}

/** Rows drawn at random from a relation, without replacement: how many, or what share of them as exact decimal text. */
export type DrawnSample = { readonly rows: number } | { readonly share: string }

/** The form of a clause with the expressions it has, not yet parsed. */
export type ClauseBody =
  | { readonly form: 'every'; readonly condition: Expression }
  | { readonly form: 'must'; readonly condition: Expression }
  | {
      readonly form: 'forall'
      readonly binders: ReadonlyMap<string, Expression>
      readonly assume?: Expression
      readonly let: ReadonlyMap<string, Expression>
      readonly holds: Expression
      readonly over?: Located<string>
    }
  | {
      readonly form: 'always'
      readonly condition: Expression
      readonly window?: Located<Micros>
      readonly for?: Located<number>
    }
  | { readonly form: 'eventually'; readonly condition: Expression; readonly within: Located<Micros> }
  | {
      readonly form: 'whenever'
      readonly whenever: Expression
      readonly then: Expression
      readonly within: Located<Micros>
    }

/** What a guard does with a request or an answer that violates a clause. */
export type GuardAction = 'reject' | 'fallback' | 'flag'

/** The guard in front of the model. */
export interface Guard {
  readonly span: Span
  readonly input?: Located<GuardAction>
  readonly output?: Located<GuardAction>
  /** What a request meets that the guard could not judge: nobody (closed), or the model (open, and flagged). */
  readonly onFailure?: Located<'open' | 'closed'>
  readonly fallback?: {
    readonly span: Span
    readonly model?: Located<string>
    /** Constant outputs by name. */
    readonly value?: ReadonlyMap<string, Located<number | string | boolean>>
  }
  readonly budget?: { readonly addedLatency: Located<Micros>; readonly severity?: Located<ClauseSeverity> }
}

/** The stages that make models, which file is the candidate, and when a challenger is made. */
export interface Pipeline {
  readonly span: Span
  readonly candidate?: Located<string>
  readonly stages: ReadonlyMap<string, PipelineStage>
  readonly retrain?: Retrain
}

/** One command of the pipeline with the files it reads and makes. */
export interface PipelineStage extends Named {
  /** An argument list; a text is split on spaces, without a shell. */
  readonly run: Located<readonly string[]>
  readonly needs: readonly Located<string>[]
  readonly makes: readonly Located<string>[]
  readonly params: ReadonlyMap<string, number | string | boolean>
}
