import type { Expr } from '../expr/expr.ts'
import type { ScalarKind } from '../expr/type.ts'
import type { RecordValue, Value } from '../expr/value.ts'
import type { RowAnswer, ErrorDetail } from './answer.ts'

/** A column of the rows that expressions are asked on. */
export interface RowColumn {
  readonly name: string
  readonly kind: ScalarKind
  /** A cell is a list of values of the kind, none of them missing. */
  readonly list?: true
}

/** Expressions of row scope, and the rows each of them is asked on. */
export interface Batch {
  readonly columns: readonly RowColumn[]
  readonly exprs: readonly Expr[]
  readonly rows: readonly RecordValue[]
}

/** One implementation of the language beside the reference evaluator: a target, and what runs it. */
export interface Implementation {
  /** `javascript`, `duckdb`, … */
  readonly name: string
  readonly errors: ErrorDetail
  /** Why it cannot be asked for this expression, in words; undefined where it can. */
  refuses(expr: Expr): string | undefined
  /** Why it cannot hold this cell, in words; undefined where it can. */
  cannotHold(cell: Value): string | undefined
  /** Answers by expression and row; it is asked only what it can express and hold, and does not throw for any of it. What it does not decide is `open`. */
  answers(batch: Batch): Promise<readonly (readonly RowAnswer[])[]>
  /** What the expression became, for people. */
  code(expr: Expr): string
}
