import type { Expr } from '../../expr.ts'
import { rowFunctions } from '../../functions/row-functions.ts'

/** Indexes of the terms that a side of a comparison reads. */
export function termsOf(expr: Expr): ReadonlySet<number> {
  switch (expr.node) {
    case 'term':
      return new Set([expr.index])
    case 'call':
    case 'reduce':
      return new Set(expr.args.flatMap((arg) => [...termsOf(arg)]))
    default:
      return new Set()
  }
}

/** True for what may stand under a comparison of `must`: terms, literals and arithmetic on them. */
export function isArithmetic(expr: Expr): boolean {
  switch (expr.node) {
    case 'term':
      return true
    case 'literal':
      return expr.type.kind !== 'bool' && expr.type.kind !== 'null'
    case 'call':
      return rowFunctions[expr.fn].result.kind !== 'bool' && expr.args.every(isArithmetic)
    case 'reduce':
      return expr.args.every(isArithmetic)
    default:
      return false
  }
}
