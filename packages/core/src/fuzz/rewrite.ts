import type { Expr } from '../expr/expr.ts'
import { children } from '../targets/children.ts'

/** The same node over other parts, in the order of `children`. */
export function withChildren(expr: Expr, parts: readonly Expr[]): Expr {
  const part = (i: number): Expr => parts[i] as Expr
  switch (expr.node) {
    case 'call':
    case 'dispatch':
    case 'list':
    case 'reduce':
      return { ...expr, args: parts }
    case 'and':
    case 'or':
      return { ...expr, args: [part(0), part(1)] }
    case 'conditional':
      return { ...expr, args: [part(0), part(1), part(2)] }
    case 'field':
    case 'in-list':
    case 'lookup':
    case 'matches':
    case 'predict':
      return { ...expr, operand: part(0) }
    case 'bind':
      return { ...expr, value: part(0), body: part(1) }
    case 'optional-map':
      return { ...expr, operand: part(0), body: part(1) }
    case 'comprehension':
      return expr.where === undefined
        ? { ...expr, range: part(0), body: part(1) }
        : { ...expr, range: part(0), where: part(1), body: part(2) }
    default:
      return expr
  }
}

/** Every tree in which one node is another one, as `instead` offers them; nodes further up first. */
export function rewritten(expr: Expr, instead: (node: Expr) => readonly Expr[]): readonly Expr[] {
  const parts = children(expr)
  const below = parts.flatMap((part, i) =>
    rewritten(part, instead).map((other) => withChildren(expr, parts.with(i, other))),
  )
  return [...instead(expr), ...below]
}
