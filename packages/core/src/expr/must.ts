import type { Expr } from './expr.ts'
import type { AggregateName } from './functions/aggregates.ts'
import type { Type } from './type.ts'

/** One argument of an aggregate, resolved. */
export type TermArgument =
  | { readonly kind: 'column'; readonly name: string }
  /** A column of the relation that the term names. */
  | { readonly kind: 'foreign'; readonly relation: string; readonly column: string }
  | { readonly kind: 'expr'; readonly expr: Expr }
  /** A relation by its canonical name, e.g. `accounts.train`. */
  | { readonly kind: 'relation'; readonly relation: string }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  /** Plain values of one kind: all numbers, all texts or all booleans. */
  | { readonly kind: 'list'; readonly values: readonly (number | string | boolean)[] }
  /** A declared class of the label. */
  | { readonly kind: 'class'; readonly code: string | number | boolean }

/** One aggregate, metric or distance to be measured for a `must` condition. Plain JSON. */
export interface Term {
  readonly fn: AggregateName
  readonly args: readonly TermArgument[]
  /** `f(champion)`: measure it for another model on the same rows. */
  readonly model?: string
  /** Restricts the rows further: one group of `ratio_across`/`gap_across`. */
  readonly where?: Expr
  /** Rows with equal values of this column are drawn together when the interval is made. */
  readonly cluster?: string
  /** The column that says how much each row counts. */
  readonly weights?: string
  readonly type: Type
  /** As people read it: `recall() where sex == 1`, `psi(age, accounts.train)`. Unique within the condition. */
  readonly expression: string
  /** What the number speaks of here, after `confidence:`/`sample:` and the kind of relation are taken into account. */
  readonly estimates: 'rows' | 'population'
}

/** One comparison of a `must` condition; `left` and `right` read terms only. */
export interface Comparison {
  readonly op: '<' | '<=' | '>' | '>=' | '==' | '!='
  readonly left: Expr
  readonly right: Expr
  readonly expression: string
  /** True when a term in it estimates the population: it is decided on an interval, and shares the clause's α. */
  readonly estimated: boolean
}

/** A `must` condition: `condition` is a tree of `and`, `or`, `not` (call) and `comparison` leaves. Plain JSON. */
export interface MustCondition {
  readonly condition: Expr
  readonly comparisons: readonly Comparison[]
  readonly terms: readonly Term[]
  /** What `columns` stood for, and what it left out because the function does not accept its type. */
  readonly columns?: { readonly included: readonly string[]; readonly skipped: readonly string[] }
}
