import type { Sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import type { PlanSpelling } from './plan-spelling.ts'

/** A value as it leaves a database: 64-bit and larger integers exact, timestamps as microseconds since 1970 UTC, lists as text (`listText`). */
export type Cell = null | boolean | number | bigint | string

/** A result by column name; all columns have the same length. */
export interface Table {
  readonly rows: number
  readonly columns: ReadonlyMap<string, readonly Cell[]>
}

/** Something that answers statements over rows, one after another; none throws for data. */
export interface Database {
  /** How the statements of a plan are said there. */
  readonly spelling: PlanSpelling
  /** Runs one statement. */
  query(statement: Sql): Promise<Outcome<Table>>
  /** The columns of a statement as float64; null becomes NaN, booleans 0 and 1. */
  numbers(statement: Sql): Promise<Outcome<readonly Float64Array[]>>
  /** Runs statements that read files and nothing that another statement made, several at a time; the answers in their order. */
  readonly abreast?: (statements: readonly Sql[]) => Promise<readonly Outcome<Table>[]>
}
