import type { Expr, Literal } from '../../expr/expr.ts'
import type { Comparison } from '../../expr/must.ts'

/** What each row has to meet of one number: `age >= 18`. */
export interface RowBound {
  readonly subject: Expr
  readonly op: Exclude<Comparison['op'], '!='>
  readonly literal: Literal
}

const OPERATORS: Readonly<Record<string, RowBound['op']>> = { lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==' }
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' } as const
export const DENIED = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

/** Conditions that all have to be true. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.node === 'and' ? expr.args.flatMap(conjuncts) : [expr]
}

/** A comparison of a number with a constant; undefined for another condition. */
export function rowBound(expr: Expr): RowBound | undefined {
  if (expr.node !== 'call') return undefined
  const op = OPERATORS[expr.fn.slice(0, 2)]
  const [left, right] = expr.args
  if (op === undefined || !/^(lt|le|gt|ge|eq)_/.test(expr.fn) || left === undefined || right === undefined)
    return undefined
  if (isNumber(left) && right.node === 'literal') return of(left, op, right)
  return left.node === 'literal' && isNumber(right) ? of(right, MIRRORED[op], left) : undefined
}

function of(subject: Expr, op: RowBound['op'], literal: Literal): RowBound | undefined {
  const { kind } = literal.type
  return (kind === 'int' || kind === 'double') && Number.isFinite(Number(literal.value))
    ? { subject, op, literal }
    : undefined
}

export const isNumber = ({ node, type }: Expr): boolean =>
  node !== 'literal' && (type.kind === 'int' || type.kind === 'double')
