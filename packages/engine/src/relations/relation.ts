import type { Expr, ProgramColumn, Sql, Type } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import type { Read, ReadFailure } from './failure.ts'

/** A column of an open relation. All its fragments are valid against `OpenRelation.from` and `numbered`. */
export interface RelationColumn {
  readonly name: string
  readonly type: Type
  /** The typed cell; NULL = missing. */
  readonly cell: Sql
  /** Text of the source cell where it cannot be read as the declared type, else NULL; absent where that cannot happen. */
  readonly misfit?: Sql
  /** A misfit counts as missing, too: whoever read the cell before (the guard) took it so. */
  readonly misfitIsMissing?: true
  /** Numbers and times of a Parquet file as stored, so that its statistics answer `min` and `max`; NaN or ±infinity may be among them. */
  readonly plain?: Sql
  /** Its Parquet blocks each begin with a short list of their values: grouping the cells by value costs next to nothing. */
  readonly fewValues?: true
  /** Between which values all its cells lie, known without reading them. Then none is NaN, nor a time that is no instant. */
  readonly bounds?: Bounds
}

/** Least and greatest cell of a column; times as microseconds since 1970 UTC. */
export interface Bounds {
  readonly least: bigint | number
  readonly greatest: bigint | number
}

/**
 * A FROM item. `only` is the same rows with these columns alone, where the engine looks at each column of every statement, asked for or
 * not: of a wide table that costs more than the reading.
 */
export type Rows = Sql & { readonly only?: (columns: Iterable<string>) => Sql }

/** The rows with no more than these columns, where that is less work. */
export const rowsWith = (rows: Rows, columns: Iterable<string>): Sql => rows.only?.(columns) ?? rows

/** Rows that a model gave no answer for: a clause that needs one of them is not decided, others are. */
export interface Unanswered {
  /** TRUE where the model was asked and failed: whatever reads an answer there is an error. */
  readonly failed: Sql
  /** TRUE where it was not asked, since an input is missing: the answer is missing to conditions, and the error of a number over rows. */
  readonly unasked: Sql
  readonly failure: ReadFailure
}

/** Rows a plan can be made for: of a dataset, or of a dataset with a model's answers. */
export interface OpenRelation {
  readonly name: string
  /** The database that holds its rows and is asked of them; absent: the session of the run. */
  readonly database?: Database
  /** A FROM item with the columns. */
  readonly from: Rows
  /** The same rows with a column `row`: the 1-based position in the source. Only read for witnesses. */
  readonly numbered: Rows
  /** True where columns are read independently of each other (Parquet): several small statements beat one large. */
  readonly columnar: boolean
  readonly columns: ReadonlyMap<string, RelationColumn>
  /** Declared columns that cannot be read, and why. */
  readonly failures: ReadonlyMap<string, ReadFailure>
  /** Of columns in `failures` that are read on most rows all the same: the rows on which they are not. */
  readonly unanswered?: ReadonlyMap<string, Unanswered>
  /** The split condition: rows where it is true are the relation's; rows where it is an error are nobody's. */
  readonly filter: Expr | null
  readonly key: readonly string[]
  /** As declared: categories with their values, for the bins of distances. */
  readonly declared: ReadonlyMap<string, ProgramColumn>
  /** Names of all columns in the data, in its order, declared or not; absent where there is no such order. */
  readonly present?: readonly string[]
  /** What of the source was left out; a sentence each. */
  readonly notes?: readonly string[]
  /** Set where these are rows drawn from the relation, not all of it. */
  readonly drawn?: { readonly rows: number; readonly of: number; readonly seed: string }
  /** What is wrong with the source where a statement over these columns failed; undefined where that is not known. */
  readonly faultIn?: (columns: Iterable<string>) => Promise<string | undefined>
  /** By relation name; each says its kind. None yet where they are still made (`pinning`). */
  readonly digests: Readonly<Record<string, string>>
  /** The digests, once all bytes were read, which goes on while the engine answers. */
  readonly pinning?: Promise<Read<Readonly<Record<string, string>>>>
  /** By model name; empty for a data relation. */
  readonly models: Readonly<Record<string, string>>
}

/** The digests of a relation, or why its bytes cannot be read. */
export const digestsOf = async ({ digests, pinning }: OpenRelation): Promise<Read<Readonly<Record<string, string>>>> =>
  (await pinning) ?? { ok: true, value: digests }

/** Relations by the canonical name a clause or term uses. */
export interface RelationCatalog {
  resolve(name: string): Promise<ResolvedRelation>
}

/** A relation, or why it cannot be read. */
export type ResolvedRelation =
  | { readonly ok: true; readonly value: OpenRelation }
  | { readonly ok: false; readonly failure: ReadFailure }
