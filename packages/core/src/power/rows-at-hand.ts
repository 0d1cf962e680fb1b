import type { Expr } from '../expr/expr.ts'
import type { Term } from '../expr/must.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { Spread } from './mean.ts'

/** The rows of a relation's slice: all of them, and those with a positive label where there is one. */
export interface RowCount {
  readonly rows: number
  readonly positives?: number
  /** Of a label of several classes: the rows of each, by its code as text. */
  readonly classes?: ReadonlyMap<string, number>
  /** Of expressions whose mean is asked for, by `spreadKey`. */
  readonly spreads?: ReadonlyMap<string, Spread>
}

/** The name of an expression, or of the column `name`, among the spreads that were measured. */
export const spreadKey = (of: Expr | string): string => (typeof of === 'string' ? JSON.stringify(of) : printExpr(of))

/** What is known of rows before anything is measured on them. */
export interface RowsAtHand {
  readonly count: RowCount
  /** The rows of a group within the slice, by what makes a row one of them. */
  readonly group?: (where: Expr) => RowCount | undefined
  /** How the losses whose mean a metric is spread, where predictions are at hand. */
  readonly losses?: (term: Term) => Spread | undefined
  /** How much more one model loses on a row than another. */
  readonly differences?: (left: Term, right: Term) => Spread | undefined
}

/** What the rows at hand can say of one comparison of a clause. */
export interface Decidability {
  readonly comparison: string
  /** Which way its bound is moved, as it is written, to ask less; absent where there is no bound by itself. */
  readonly eased?: 'lower' | 'raise'
  readonly canHold: boolean
  readonly canFail: boolean
  /** Rows (of the kind that count: positives for recall) that there are, and that would do. */
  readonly rows: number
  readonly rowsToHold?: number
  /** The value that is shown to meet the bound four times in five, at the strictest level of the family. */
  readonly detectable?: number
  /** What `detectable` takes for granted, beyond rows and bound. */
  readonly given?: string
  /** Where the spread that `detectable` would need is not known: how far beyond the bound, in standard deviations of … */
  readonly effect?: { readonly deviations: number; readonly of: string }
  /** Where no bound would do: only more rows, or a lower level, too. */
  readonly onlyBy?: 'rows' | 'level'
  /** Of a quantile: the share of rows on the allowed side of the bound, at least or at most it, where that is shown four times in five. */
  readonly allowed?: { readonly share: number; readonly atLeast: boolean }
  /** Where groups are compared: how many; rows are then those of the smallest, and as many are needed of each. */
  readonly groups?: number
}

/** The most lenient and the strictest level that a comparison may be asked at. */
export interface Levels {
  readonly lenient: number
  readonly strict: number
}

/** A comparison's part of what rows can say. */
export type Said = Omit<Decidability, 'comparison' | 'eased'>
