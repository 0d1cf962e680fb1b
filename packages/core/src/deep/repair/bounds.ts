import type { Call, Column, Expr, Literal } from '../../expr/expr.ts'

const BOUND = /^(lt|le|gt|ge|eq)_/

/** Numbers that a condition compares something with. */
export function boundsOf(expr: Expr): readonly Literal[] {
  switch (expr.node) {
    case 'and':
    case 'or':
    case 'conditional':
      return expr.args.flatMap(boundsOf)
    case 'call': {
      if (expr.fn === 'not') return expr.args.flatMap(boundsOf)
      if (!BOUND.test(expr.fn)) return []
      return expr.args.flatMap((arg) =>
        arg.node === 'literal' && (arg.type.kind === 'int' || arg.type.kind === 'double') ? [arg] : [],
      )
    }
    default:
      return []
  }
}

/** The expression with some literals, found by identity, replaced. */
export function replaced(expr: Expr, by: ReadonlyMap<Expr, Column | Literal>): Expr {
  const found = by.get(expr)
  if (found !== undefined) return found
  switch (expr.node) {
    case 'and':
    case 'or':
      return { ...expr, args: [replaced(expr.args[0], by), replaced(expr.args[1], by)] }
    case 'conditional':
      return { ...expr, args: [replaced(expr.args[0], by), replaced(expr.args[1], by), replaced(expr.args[2], by)] }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => replaced(arg, by)) } satisfies Call
    default:
      return expr
  }
}
