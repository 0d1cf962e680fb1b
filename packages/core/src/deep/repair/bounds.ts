import type { Call, Column, Expr, Literal } from '../../expr/expr.ts'

const BOUND = /^(lt|le|gt|ge|eq)_/

/** Steps in which a bound is moved, for each unit of its size. */
const GRAIN = 1_000

/** The size of a step: whole numbers by one, others by a thousandth of the power of ten that they fill. */
export function grainOf({ type, value }: Literal): number {
  if (type.kind === 'int') return 1
  const size = Math.abs(Number(value))
  return size <= 1 ? 1 / GRAIN : 10 ** Math.floor(Math.log10(size)) / GRAIN
}

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
