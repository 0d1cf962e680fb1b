import type { Expr } from '../expr/expr.ts'
import type { Term } from '../expr/must.ts'
import { printExpr } from '../expr/print/typed.ts'
import type { BoxCount } from './numbers/boxes.ts'
import type { Resampled } from './numbers/decisions.ts'
import type { Spread } from './numbers/mean.ts'

/** The rows of a relation's slice: all of them, and those with a positive label where there is one. */
export interface RowCount {
  readonly rows: number
  readonly positives?: number
  /** Of a label of several classes: the rows of each, by its code as text. */
  readonly classes?: ReadonlyMap<string, number>
  /** Of expressions whose mean is asked for, by `spreadKey`. */
  readonly spreads?: ReadonlyMap<string, Spread>
  /** How rows fall into groups by a column (queries, clusters), by its name. */
  readonly groups?: ReadonlyMap<string, GroupCount>
  /** Rows in which a column is true, by its name. */
  readonly trues?: ReadonlyMap<string, number>
  /** True boxes, by the column that says in which image a row is; of each class where those are declared. */
  readonly boxes?: ReadonlyMap<string, readonly BoxCount[]>
}

/** Rows by the values of a column. */
export interface GroupCount {
  readonly groups: number
  /** Rows of the group that has most. */
  readonly largest: number
  /** Groups with a row whose label is above 0, where there is a label. */
  readonly relevant?: number
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
  /** `false`: only what can be decided is asked. */
  readonly effects?: false
  /** Where intervals of decisions that were resampled are kept; they are made anew without it. */
  readonly resampled?: Resampled
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
  /** Whether `detectable`, `effect` and `enough` are upper bounds: what rows show may lie nearer to the bound, and fewer may do. */
  readonly atMost?: true
  /** Where no value is detectable: so many rows would show this one. */
  readonly enough?: { readonly rows: number; readonly value: number }
  /** Why nothing is said of what is detectable. */
  readonly unknown?: string
  /** What is counted, where that is not rows: `groups of query`, `clusters of customer`, `images`. */
  readonly unit?: string
  /** What `detectable` takes for granted, beyond rows and bound. */
  readonly given?: string
  /** Where the scale that `detectable` would need is not known: how far beyond the bound, in … (`standard deviations of the errors`). */
  readonly effect?: { readonly size: number; readonly of: string }
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
  /** `false`: what is detectable need not be known, and what takes long is left out. */
  readonly effects?: false
}

/** A comparison's part of what rows can say. */
export type Said = Omit<Decidability, 'comparison' | 'eased'>
