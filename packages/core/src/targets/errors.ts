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
}

/**
 * Every error an expression of row scope can end in, where the cells of the columns `present` are known not to be
 * missing: a superset, so that what is not in it needs no guard.
 */
export function possibleErrors(expr: Expr, present: ReadonlySet<string> = NONE): ReadonlySet<EvaluationErrorCode> {
  if (expr.node === 'is-missing') return new Set()
  if (expr.node === 'column') return new Set(present.has(expr.name) ? [] : ['missing'])
  const found = new Set<EvaluationErrorCode>()
  if (expr.node === 'literal' && expr.value === null) found.add('missing')
  if (expr.node === 'field') found.add('missing')
  if (expr.node === 'lookup') found.add('no-such-key')
  if (expr.node === 'call') for (const code of raises[expr.fn] ?? []) found.add(code)
  for (const child of children(expr)) for (const code of possibleErrors(child, present)) found.add(code)
  return found
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Columns whose missing cell always makes the whole expression end in `missing`, whatever the other cells hold: a
 * target can test them once, before everything else.
 */
export function decisiveColumns(expr: Expr): ReadonlySet<string> {
  switch (expr.node) {
    case 'column':
      return new Set([expr.name])
    case 'call': {
      const found = new Set<string>()
      for (const arg of expr.args) {
        for (const name of decisiveColumns(arg)) found.add(name)
        // An argument to the left that can end in another error could be the first to do so.
        if ([...possibleErrors(arg)].some((code) => code !== 'missing')) break
      }
      return found
    }
    case 'and':
    case 'or': {
      const right = decisiveColumns(expr.args[1])
      return new Set([...decisiveColumns(expr.args[0])].filter((name) => right.has(name)))
    }
    case 'conditional':
      return decisiveColumns(expr.args[0])
    case 'in-list':
    case 'lookup':
    case 'matches':
      return decisiveColumns(expr.operand)
    default:
      return NONE
  }
}
