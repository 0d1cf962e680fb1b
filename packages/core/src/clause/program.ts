import type { ClassInfo, ColumnInfo } from '../expr/environment.ts'
import type { Expr } from '../expr/expr.ts'
import type { CellPath, DatabaseDialect, ModelTask, Source } from '../language/spec.ts'
import type { CommandFormat, ModelProtocol, Pixels } from '../language/spec-models.ts'
import type { Clause } from './clause.ts'
import type { ProgramMonitor, ProgramRelease, ProgramRetrain } from './production.ts'

/** A column of a dataset or an output of a model, resolved. Bounds are encoded like literals (int and timestamp as decimal text). */
export interface ProgramColumn extends ColumnInfo {
  readonly unit?: string
  readonly low?: number | string
  readonly high?: number | string
  readonly protected: boolean
  /** Its cells are masked in failing rows. */
  readonly sensitive?: true
  /** How many elements each list of it has. */
  readonly length?: number
  /** Where its cells are in the data, where not in a column of its name: that column, then keys of objects and places in arrays. */
  readonly path?: CellPath
  /** How its times are written in the data: directives of strptime (UTC without `%z`), or `epoch_s`, `epoch_ms`, `epoch_us`. */
  readonly format?: string
  readonly says?: string
  /** For outputs: where in the model's answer. */
  readonly tensor?: string
  readonly index?: number
}

/** A database that holds rows: how it is spoken to, and its address as written, `${NAME}` and all. */
export interface ProgramEngine {
  readonly name: string
  readonly dialect: DatabaseDialect
  /** Absent: what the environment of the database's own client says. */
  readonly address?: string
  /** The longest that one statement may take. */
  readonly statementTimeoutMs?: number
}

/** Files of the project. `path` is relative to the project and stays inside it. */
export type ProgramFiles = Source & {
  /** The source as declared, where rows are handed over in its place for one run: names of images are relative to its folder. */
  readonly standsFor?: string
}

/** A table or view of a database. */
export interface ProgramTable {
  readonly engine: ProgramEngine
  /** `table` or `schema.table`, as `tableNames` reads it. */
  readonly table: string
  /** False: its rows have no digest. */
  readonly pinned: boolean
}

/** Where the rows of a dataset are, and how they are read. */
export type ProgramSource = ProgramFiles | ProgramTable

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

/** A dataset whose rows are in files. */
export type FileDataset = ProgramDataset & { readonly source: ProgramFiles }

/** A dataset whose rows are in a database. */
export type TableDataset = ProgramDataset & { readonly source: ProgramTable }

/** Whether its rows are in files. */
export const isInFiles = (dataset: ProgramDataset): dataset is FileDataset => 'path' in dataset.source

/** Whether its rows are in a database. */
export const isInDatabase = (dataset: ProgramDataset): dataset is TableDataset => 'engine' in dataset.source

/** How a person names where rows come from: a path, or an engine and its table. */
export const sourceText = (source: ProgramSource): string =>
  'path' in source ? source.path : `${source.engine.name}: ${source.table}`

/** A model with its names resolved: what it reads and answers. `like` is written out. */
export interface ProgramModel {
  readonly name: string
  /** Path of the artifact the spec names; roles may be bound to another file at test time. */
  readonly artifact?: string
  /** What runs it where it is no file of this process; `artifact` is then absent. */
  readonly runner?: ProgramRunner
  readonly task: ModelTask
  readonly from: string
  readonly input: readonly string[]
  /** How images among its inputs become numbers; absent: what asks it is given files. */
  readonly pixels?: Pixels
  /** The model whose answers to the same rows are inputs, too, as `model.output`: this one judges it. */
  readonly judges?: Judged
  readonly outputs: readonly ProgramColumn[]
  /** The output that ranks: binary classification's score. */
  readonly score?: string
  /** The output that estimates the label: a regression's first number. */
  readonly amount?: string
  /** What a model of several classes answers: the output that names the class, and the probability of each. */
  readonly classes?: ClassInfo
  readonly label?: string
  readonly decision?: { readonly expr: Expr; readonly text: string }
}

/** Answers of another model that a judge reads. */
export interface Judged {
  readonly model: string
  readonly outputs: readonly string[]
}

/** All that a model is given of a row, in its order: cells, then answers of the model that it judges. */
export function givenTo({ input, judges }: Pick<ProgramModel, 'input' | 'judges'>): readonly string[] {
  return judges === undefined ? input : [...input, ...judges.outputs.map((output) => `${judges.model}.${output}`)]
}

/** What runs a model that is no file of this process. Durations are whole milliseconds. */
export type ProgramRunner =
  /** The answers are there already: the column of each output, by its name. */
  | { readonly kind: 'column'; readonly columns: Readonly<Record<string, string>> }
  | {
      readonly kind: 'command'
      /** An argument list, never a shell line; `file` is added at its end. */
      readonly command: readonly string[]
      /** The model itself, relative to the project; a candidate takes its place. */
      readonly file?: string
      /** Further files that belong to its identity. */
      readonly files: readonly string[]
      /** How rows and answers travel; default: JSON lines. */
      readonly format?: CommandFormat
      /** For one batch of rows. */
      readonly timeoutMs?: number
      readonly batch?: number
    }
  | {
      readonly kind: 'http'
      /** As written: `${NAME}` is filled in where a request is sent. */
      readonly address: string
      readonly protocol: ModelProtocol
      /** The server's name of the model. */
      readonly model?: string
      /** A credential as written, sent as a bearer token. */
      readonly token?: string
      readonly timeoutMs?: number
      readonly batch?: number
      readonly retries?: number
      /** Chat: the message, with `{column}` where a cell stands. */
      readonly prompt?: string
      /** Chat: requests in one run, at most. */
      readonly budget?: number
      /** Chat: the value is what stands behind the last of these words, to the end of its line. */
      readonly after?: string
      /** Chat: the value of the only output where an answer holds none (a refusal), in the place of no answer. */
      readonly otherwise?: string
      /** Chat: the name of the model that each answer has to give; another is no answer of this model. */
      readonly version?: string
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

/** A person's leave to weaken a clause or setting, until a day. */
export interface ProgramWaiver {
  readonly id: string
  /** Id of the clause, or name of the setting (`guard.input`). */
  readonly clause: string
  /** E-mail address in lower case. */
  readonly person: string
  readonly reason: string
  /** The last day it counts, in UTC. */
  readonly expires: string
  /** Armoured SSH signature. */
  readonly signature?: string
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
      /** The whole text where `says` is only its title. */
      readonly text?: string
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
  /** Absent where the spec has none. */
  readonly waivers?: readonly ProgramWaiver[]
  /** Keys that close production because they could add a requirement and are not enforced yet. */
  readonly unenforced: readonly string[]
}
