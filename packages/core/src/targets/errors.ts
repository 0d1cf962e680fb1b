import type { EvaluationErrorCode, Expr } from '../expr/expr.ts'
import type { RowFunctionName } from '../expr/functions/row-functions.ts'
import { children } from './children.ts'

type Codes = readonly EvaluationErrorCode[]

/** The errors a function can raise by itself when no argument is an error; functions not named here raise none. */
const raises: Partial<Record<RowFunctionName, Codes>> = {
  neg_int: ['overflow'], add_int: ['overflow'], sub_int: ['overflow'], mul_int: ['overflow'], abs_int: ['overflow'],
  neg_double: ['non-finite'], add_double: ['non-finite'], sub_double: ['non-finite'], mul_double: ['non-finite'],
  add_timestamp_duration: ['overflow'], add_duration_timestamp: ['overflow'], add_duration: ['overflow'],
  sub_timestamp: ['overflow'], sub_timestamp_duration: ['overflow'], sub_duration: ['overflow'],
  div_int: ['division-by-zero', 'overflow'], mod_int: ['division-by-zero', 'overflow'],
  div_double: ['division-by-zero', 'non-finite'],
  int_of_double: ['overflow'], int_of_string: ['invalid-conversion', 'overflow'],
  double_of_string: ['invalid-conversion', 'non-finite'],
  abs_double: ['non-finite'], ceil: ['non-finite'], floor: ['non-finite'], round: ['non-finite'], trunc: ['non-finite'],
  sqrt: ['non-finite'],
}

/** Every error an expression of row scope can end in: a superset, so that what is not in it needs no guard. */
export function possibleErrors(expr: Expr): ReadonlySet<EvaluationErrorCode> {
  if (expr.node === 'is-missing') return new Set()
  const found = new Set<EvaluationErrorCode>()
  if (expr.node === 'column' || expr.node === 'field') found.add('missing')
  if (expr.node === 'lookup') found.add('no-such-key')
  if (expr.node === 'call') for (const code of raises[expr.fn] ?? []) found.add(code)
  for (const child of children(expr)) for (const code of possibleErrors(child)) found.add(code)
  return found
}
