import type { Column, Expr } from '../../expr/expr.ts'
import { BOOL } from '../../expr/type.ts'
import { columnsOf } from '../../targets/children.ts'
import type { Asked } from '../asked.ts'
import { oncePer } from '../once-per.ts'
import { byPredicates } from '../predicates/decide.ts'
import { keyOf } from './measured.ts'

const asked = (expr: Expr, isHolding: boolean): Asked => ({
  demand: { name: '', expr, missing: 'fail', holds: isHolding },
  slice: 'all',
  columns: columnsOf(expr),
  slack: 0,
})

/** That a row meets a condition. */
export const holds = oncePer((expr: Expr): Asked => asked(expr, true))
/** That it does not: the condition is false of it, or an error. */
export const fails = oncePer((expr: Expr): Asked => asked(expr, false))
/** That it has a cell of a column. */
export const hasCell = oncePer(
  (column: Column): Asked => holds({ node: 'is-missing', type: BOOL, operand: column, negated: true }),
)

const answers = oncePer((_first: Asked) => new Map<string, boolean>())
const keyOfAsked = ({ demand: { expr, holds: isHolding } }: Asked): string => `${isHolding ? '' : '!'}${keyOf(expr)}`

/** Whether it is shown without a solver that no row is all of what is asked. The same few conditions are asked of in each question. */
export function cannot(first: Asked, ...rest: readonly Asked[]): boolean {
  const known = answers(first)
  const key = rest.map(keyOfAsked).join('\0')
  const answer = known.get(key) ?? byPredicates([first, ...rest])?.kind === 'unsatisfiable'
  known.set(key, answer)
  return answer
}

const denies = (a: Expr, b: Expr): boolean =>
  a.node === 'call' && a.fn === 'not' && a.args[0] !== undefined && keyOf(a.args[0]) === keyOf(b)

/** Whether no row meets both of two conditions. */
export const areApart = (a: Expr, b: Expr): boolean => denies(a, b) || denies(b, a) || cannot(holds(a), holds(b))
