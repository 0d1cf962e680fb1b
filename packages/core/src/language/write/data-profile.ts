import type { EPOCHS } from '../sections/time-format.ts'
import type { Source, CellPath } from '../spec.ts'
import type { ColumnType } from '../../expr/type.ts'

/** What was found in a data file, as plain data: all that a first spec of it is written from. */
export interface DataProfile {
  /** The file, and how it was read; `path` is relative to the project. Options that are the default are absent. */
  readonly source: Source
  /** Rows, the header not counted. */
  readonly rows: number
  /** Columns a spec can declare, in the order of the file. */
  readonly columns: readonly ColumnProfile[]
  /** Columns whose values identify a row, likeliest first: complete and without duplicates in every row. */
  readonly keys: readonly string[]
  /** Rows equal to an earlier one in every declared column; absent where they were not counted. */
  readonly copies?: number
  /** Columns of the file that cannot be declared, and why, as the end of "…: it ". */
  readonly leftOut: readonly { readonly column: string; readonly why: string }[]
  /** Guesses about the file as a whole. */
  readonly guesses: readonly SourceGuess[]
}

/** What was concluded from the bytes and not declared anywhere. */
export type SourceGuess = 'no-header' | 'null-values' | 'encoding'

/** One column of a profile; it holds for every row, no sample was taken. */
export interface ColumnProfile {
  readonly name: string
  /** Where its cells are, where they are inside of a column. */
  readonly path?: CellPath
  /** How its texts write times: directives of strptime. Absent where they are of ISO 8601. */
  readonly format?: string
  /** The type all cells that are not missing can be read as. */
  readonly type: ColumnType
  /** Cells that are empty, NaN or one of the source's null values. */
  readonly missing: number
  /** Distinct values, exact or within some percent. */
  readonly distinct: number
  /**
   * Least and greatest value: integers in exact decimal text, numbers as float64, timestamps in RFC 3339. Null where
   * the column has no such value (infinite, or none at all); absent for types without order.
   */
  readonly range?: readonly [low: number | string | null, high: number | string | null]
  /** Every value of a category, sorted. */
  readonly values?: readonly (string | number | boolean)[]
  readonly doubts: readonly ColumnDoubt[]
}

/** Why a person should look at the type of a column. */
export type ColumnDoubt =
  /** Small whole numbers that may be codes or amounts. */
  | 'codes'
  /** Texts that look like dates, and no known format has them all. */
  | 'dates'
  /** Texts that are dates with the day first as well as with the month first. */
  | 'day-or-month'
  /** Whole numbers that may count seconds, milliseconds or microseconds since 1970. */
  | keyof typeof EPOCHS
  /** Texts that look like numbers, written with a decimal comma, grouped digits, or a sign of a currency or percent. */
  | 'numbers'
  /** Digits that are text because a number would lose zeros or precision. */
  | 'digits'
  /** Some texts that usually stand for a missing value, but cannot be declared as one here. */
  | 'null-like'
  | 'all-missing'
  | 'constant'
