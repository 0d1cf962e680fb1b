import type { EvaluationErrorCode, Expr } from '../expr/expr.ts'
import type { RowFunctionName } from '../expr/functions/row-functions.ts'
import { children } from './children.ts'

type Codes = readonly EvaluationErrorCode[]

/** The errors a function can raise by itself when no argument is an error; functions not named here raise none. */
const raises: Partial<Record<RowFunctionName, Codes>> = {
  neg_int: ['overflow'],
  add_int: ['overflow'],
  sub_int: ['overflow'],
  mul_int: ['overflow'],
  abs_int: ['overflow'],
  neg_double: ['non-finite'],
  add_double: ['non-finite'],
  sub_double: ['non-finite'],
  mul_double: ['non-finite'],
  add_timestamp_duration: ['overflow'],
  add_duration_timestamp: ['overflow'],
  add_duration: ['overflow'],
  sub_timestamp: ['overflow'],
  sub_timestamp_duration: ['overflow'],
  sub_duration: ['overflow'],
  div_int: ['division-by-zero', 'overflow'],
  mod_int: ['division-by-zero', 'overflow'],
  div_double: ['division-by-zero', 'non-finite'],
  int_of_double: ['overflow'],
  int_of_string: ['invalid-conversion', 'overflow'],
  double_of_string: ['invalid-conversion', 'non-finite'],
  abs_double: ['non-finite'],
  ceil: ['non-finite'],
  floor: ['non-finite'],
  round: ['non-finite'],
  trunc: ['non-finite'],
  sqrt: ['non-finite'],
  sqrt_int: ['non-finite'],
  index_list: ['invalid-argument'],
  norm_list: ['non-finite'],
  char_at: ['invalid-argument'],
  substring: ['invalid-argument'],
  substring_to: ['invalid-argument'],
  bool_of_string: ['invalid-conversion'],
}

/** Whether a function can end in an error of its own, where no argument is one. */
export const raisesError = (fn: RowFunctionName): boolean => raises[fn] !== undefined

/**
 * Every error an expression of row scope can end in, where the cells of the columns `present` are known not to be
 * missing: a superset, so that what is not in it needs no guard.
 */
export function possibleErrors(expr: Expr, present: ReadonlySet<string> = NONE): ReadonlySet<EvaluationErrorCode> {
  const found = new Set<EvaluationErrorCode>()
  addErrors(expr, present, found)
  return found
}

function addErrors(expr: Expr, present: ReadonlySet<string>, found: Set<EvaluationErrorCode>): void {
  switch (expr.node) {
    case 'is-missing':
      return
    case 'column':
      if (!present.has(expr.name)) found.add('missing')
      return
    case 'literal':
      if (expr.value === null) found.add('missing')
      return
    case 'field':
      found.add('missing')
      break
    case 'lookup':
      found.add('no-such-key')
      break
    case 'call':
      for (const code of raises[expr.fn] ?? NO_CODES) found.add(code)
  }
  for (const child of children(expr)) addErrors(child, present, found)
}

/** Whether an expression can end in an error at all: as `possibleErrors`, but it stops at the first. */
export function canFail(expr: Expr, present: ReadonlySet<string> = NONE): boolean {
  switch (expr.node) {
    case 'is-missing':
      return false
    case 'column':
      return !present.has(expr.name)
    case 'literal':
      return expr.value === null
    case 'field':
    case 'lookup':
      return true
    case 'call':
      if (raises[expr.fn] !== undefined) return true
  }
  const parts = children(expr)
  for (let i = 0; i < parts.length; i++) if (canFail(parts[i] as Expr, present)) return true
  return false
}

/** Whether it can end in an error other than `missing`. */
function failsOtherwise(expr: Expr): boolean {
  switch (expr.node) {
    case 'is-missing':
    case 'column':
    case 'literal':
      return false
    case 'lookup':
      return true
    case 'call':
      if (raises[expr.fn] !== undefined) return true
  }
  const parts = children(expr)
  for (let i = 0; i < parts.length; i++) if (failsOtherwise(parts[i] as Expr)) return true
  return false
}

const NONE: ReadonlySet<string> = new Set()
const NO_CODES: Codes = []

/**
 * Columns whose missing cell always makes the whole expression end in `missing`, whatever the other cells hold: a
 * target can test them once, before everything else.
 */
export function decisiveColumns(expr: Expr): ReadonlySet<string> {
  const names = decisive(expr)
  return names.length === 0 ? NONE : new Set(names)
}

const NO_NAMES: readonly string[] = []

/** The same as a list, in which a name may stand twice; there are few, and most parts have none. */
function decisive(expr: Expr): readonly string[] {
  switch (expr.node) {
    case 'column':
      return [expr.name]
    case 'call': {
      let found = NO_NAMES
      for (let i = 0; i < expr.args.length; i++) {
        const arg = expr.args[i] as Expr
        const names = decisive(arg)
        if (names.length > 0) found = found.length === 0 ? names : found.concat(names)
        // An argument to the left that can end in another error could be the first to do so.
        if (i + 1 < expr.args.length && failsOtherwise(arg)) break
      }
      return found
    }
    case 'and':
    case 'or': {
      const left = decisive(expr.args[0])
      if (left.length === 0) return NO_NAMES
      const right = decisive(expr.args[1])
      return right.length === 0 ? NO_NAMES : left.filter((name) => right.includes(name))
    }
    case 'conditional':
      return decisive(expr.args[0])
    case 'in-list':
    case 'lookup':
    case 'matches':
      return decisive(expr.operand)
    default:
      return NO_NAMES
  }
}
