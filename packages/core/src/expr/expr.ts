import type { RowFunctionName } from './functions/row-functions.ts'
import type { Type } from './type.ts'

/**
 * The typed tree: what the type-checker makes and every target compiles. Plain JSON.
 *
 * A value is one of the scalar kinds or an error. Reading a missing cell (null or NaN) is the error `missing`.
 * `call` is strict: the first argument (left to right) that is an error is the result. `and`, `or` and
 * `conditional` absorb errors as CEL defines: `false && error` = `error && false` = false, `true || error` =
 * `error || true` = true; where both sides leave an error, the left one is the result.
 */
export type Expr =
  | Literal
  | Column
  | Local
  | Field
  | Call
  | Logic
  | Conditional
  | IsMissing
  | InList
  | Lookup
  | Matches
  | With
  | Predict
  | TermRef
  | Reduce
  | ComparisonRef
  | VerdictOf
  | Dispatch
  | ListNode
  | MapNode
  | Comprehension
  | Bind
  | OptionalMap

interface Node {
  readonly type: Type
  /** Offsets [start, end) in the text of the expression; not part of any digest. */
  readonly at?: readonly [number, number]
}

/**
 * Encoded so that JSON holds it exactly: bool → boolean; int → decimal string; double → number, or 'Infinity',
 * '-Infinity'; string → string; timestamp and duration → decimal string of microseconds; uint → decimal string; bytes → a
 * string of one character an octet; type → its name; null → null.
 */
export interface Literal extends Node {
  readonly node: 'literal'
  readonly value: boolean | number | string | null
}

/** The cell of the current row (row scope). */
export interface Column extends Node {
  readonly node: 'column'
  readonly name: string
}

/** A bound variable: a record (`x` of `forall`) or a scalar (`s` over the values of a column). */
export interface Local extends Node {
  readonly node: 'local'
  readonly name: string
}

/** A field of a record: `x.pay_0`, `champion(x).risk`. A missing cell is the error `missing` here, too. */
export interface Field extends Node {
  readonly node: 'field'
  readonly operand: Expr
  readonly name: string
}

/** A strict function or operator; `fn` is a row of the function table, one per overload. */
export interface Call extends Node {
  readonly node: 'call'
  readonly fn: RowFunctionName
  readonly args: readonly Expr[]
}

/** Three-valued `&&` and `||`: an argument that decides wins over one that ends in an error. */
export interface Logic extends Node {
  readonly node: 'and' | 'or'
  readonly args: readonly [Expr, Expr]
}

/** Evaluates only the branch taken; an error in the condition is the result. */
export interface Conditional extends Node {
  readonly node: 'conditional'
  readonly args: readonly [condition: Expr, then: Expr, otherwise: Expr]
}

/** `c == null`, `c != null` (negated), `has(c)` (negated); the operand is a column or field; never an error. */
export interface IsMissing extends Node {
  readonly node: 'is-missing'
  readonly operand: Column | Field
  readonly negated: boolean
}

/** `x in [1, 2, 3]`; elements are literals of the operand's kind (or int/double mixed). Empty list = false. */
export interface InList extends Node {
  readonly node: 'in-list'
  readonly operand: Expr
  readonly elements: readonly Literal[]
}

/** `label(c)`: a fixed map from codes to texts; a key that is not there is the error `no-such-key`. */
export interface Lookup extends Node {
  readonly node: 'lookup'
  readonly operand: Expr
  readonly entries: readonly { readonly key: Literal; readonly value: string }[]
}

/** `s.matches("re")`: RE2 syntax, unanchored search; the pattern is a literal, compiled at check time. */
export interface Matches extends Node {
  readonly node: 'matches'
  readonly operand: Expr
  readonly pattern: string
}

/** `x.with({'pay_0': e})`: the record with some fields replaced. */
export interface With extends Node {
  readonly node: 'with'
  readonly operand: Expr
  readonly fields: readonly { readonly name: string; readonly value: Expr }[]
}

/** `champion(x)`: the outputs of a model for a record. */
export interface Predict extends Node {
  readonly node: 'predict'
  readonly model: string
  readonly operand: Expr
}

/** The value of one term of a `must` condition, by index into its `terms`. */
export interface TermRef extends Node {
  readonly node: 'term'
  readonly index: number
}

/** `min_over`/`max_over`/`ratio_across`/`gap_across` after expansion: a reduction of numbers. ratio = least/greatest, gap = greatest − least. */
export interface Reduce extends Node {
  readonly node: 'reduce'
  readonly op: 'min' | 'max' | 'ratio' | 'gap'
  readonly args: readonly Expr[]
}

/** One comparison of a `must` condition, by index into its `comparisons`. Decided three-valued. */
export interface ComparisonRef extends Node {
  readonly node: 'comparison'
  readonly index: number
}

/** `violated("id")`, `satisfied("id")`, `undecided("id")` in time clauses. */
export interface VerdictOf extends Node {
  readonly node: 'verdict-of'
  readonly clause: string
  readonly is: 'violated' | 'satisfied' | 'undecided'
}

/** A strict function or operator on a value of unknown type: the overload is found when it is evaluated. */
export interface Dispatch extends Node {
  readonly node: 'dispatch'
  readonly syntax: 'operator' | 'global' | 'method'
  readonly name: string
  readonly args: readonly Expr[]
}

/** `[a, b]`; an element whose place is in `optional` is an optional, left out where it has no value. */
export interface ListNode extends Node {
  readonly node: 'list'
  readonly args: readonly Expr[]
  readonly optional?: readonly number[]
}

/** `{k: v}`; strict in keys and values, a key twice is the error `duplicate-key`. `optional` as in lists. */
export interface MapNode extends Node {
  readonly node: 'map'
  readonly keys: readonly Expr[]
  readonly args: readonly Expr[]
  readonly optional?: readonly number[]
}

/**
 * `range.all(x, body)` and its kin, over the elements of a list or the keys of a map; with two variables over index and
 * element, or key and value. `all` and `exists` absorb errors as `&&` and `||` do; the others are strict.
 */
export interface Comprehension extends Node {
  readonly node: 'comprehension'
  readonly op: ComprehensionOp
  readonly range: Expr
  readonly variables: readonly [string] | readonly [string, string]
  readonly where?: Expr
  readonly body: Expr
}

/** What a comprehension makes: a truth value, a list, or a map (by key, or by entries). */
export type ComprehensionOp = 'all' | 'exists' | 'exists-one' | 'list' | 'map' | 'entries' | 'sort-by'

/** `cel.bind(name, value, body)`: the value is found where the body first reads it, at most once. */
export interface Bind extends Node {
  readonly node: 'bind'
  readonly name: string
  readonly value: Expr
  readonly body: Expr
}

/** `o.optMap(x, body)` and, with `flat`, `o.optFlatMap(x, body)`; and `o.or(p)`, `o.orValue(v)`, which leave `p` unread. */
export interface OptionalMap extends Node {
  readonly node: 'optional-map'
  readonly op: 'map' | 'flat-map' | 'or' | 'or-value'
  readonly name: string
  readonly operand: Expr
  readonly body: Expr
}

/** Why an expression has no value on a row. */
export type EvaluationErrorCode =
  | 'missing'
  | 'overflow'
  | 'division-by-zero'
  | 'non-finite'
  | 'invalid-conversion'
  | 'no-such-key'
  | 'no-such-overload'
  | 'invalid-argument'
  | 'duplicate-key'
  | 'no-value'
  | 'too-costly'
