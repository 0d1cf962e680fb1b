import type { RE2JS } from 're2js'
import type { Expr, VerdictOf } from '../expr.ts'
import type { EvaluationError, RecordValue, Value } from '../value.ts'
import type { Outcome } from './implementation.ts'

/** What an expression reads. A part that the expression does not name may be left out. */
export interface EvaluationInput {
  /** The current row (row scope); a column that is not there is missing. */
  readonly row?: RecordValue
  /** Bound variables (binder scope), and variables of expressions without columns. */
  readonly locals?: ReadonlyMap<string, Value | null>
  /** Measured terms of a `must` condition. */
  readonly terms?: readonly Outcome[]
  /** Decided comparisons of a `must` condition. */
  readonly comparisons?: readonly Outcome[]
  /** The answer of a model for a record, or why there is none. */
  readonly predict?: (model: string, record: RecordValue) => RecordValue | EvaluationError
  /** The verdict of a clause in time clauses. */
  readonly verdict?: (clause: string, is: VerdictOf['is']) => boolean
  /**
   * CEL as it stands, for expressions without columns: arithmetic on doubles may give infinities and NaN, and NaN is a
   * value. Without it our rules hold: such results are errors, and NaN is a missing cell.
   */
  readonly plain?: boolean
}

/** One evaluation in progress. */
export interface Run {
  readonly input: EvaluationInput
  readonly patterns: Map<string, RE2JS>
  /** What may still be done: elements visited, and characters and elements made. */
  readonly budget: { left: number }
  /** Variables of comprehensions and `cel.bind`, innermost last. */
  readonly scope: Scope | undefined
  go(part: Expr, scope?: Scope): Outcome
}

/** A variable, and those around it. A bound one is found when it is first read. */
export interface Scope {
  readonly name: string
  readonly read: () => Outcome
  readonly around: Scope | undefined
}

/** The variable of this name that is nearest. */
export function inScope(scope: Scope | undefined, name: string): Scope | undefined {
  let at = scope
  while (at !== undefined && at.name !== name) at = at.around
  return at
}

/** A scope with one variable more. */
export function withVariable(around: Scope | undefined, name: string, value: Value): Scope {
  return { name, read: () => value, around }
}
