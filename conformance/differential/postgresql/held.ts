import { literalOf, literalValue, type Value } from '../../../packages/core/src/expr/value.ts'
import type { Expr, Literal } from '../../../packages/core/src/expr/expr.ts'
import { BOOL, STRING } from '../../../packages/core/src/expr/type.ts'
import type { GeneratedRow } from '../../../packages/core/src/fuzz/rows.ts'

/** 4714-11-24 BC, the first instant of PostgreSQL. */
const FIRST = -210_866_803_200_000_000n

/** The nearest value that PostgreSQL holds: U+0001 for NUL, its first instant for one before. */
function heldValue(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll('\0', '\u0001')
  if (typeof value === 'object' && 'list' in value) return { list: (value.list as readonly Value[]).map(heldValue) }
  if (typeof value === 'object' && 'timestamp' in value) {
    const { timestamp } = value as { readonly timestamp: bigint }
    return { timestamp: timestamp < FIRST ? FIRST : timestamp }
  }
  return value
}

/** The row with every cell one that PostgreSQL holds. */
export function heldRow(row: GeneratedRow): GeneratedRow {
  const cells = [...row.cells].map(([name, cell]) => [name, cell === null ? null : heldValue(cell)] as const)
  return { ...row, cells: new Map(cells) }
}

/**
 * The expression with every literal one that PostgreSQL holds, and `contains` for each `matches`, which it has not. Another database
 * that has no `matches` may hold other values.
 */
export function heldExpr(whole: Expr, held: (value: Value) => Value = heldValue): Expr {
  const heldLiteral = (literal: Literal): Literal => {
    const value = literalValue(literal)
    return value === null ? literal : { ...literal, value: literalOf(literal.type, held(value)).value }
  }
  return rewritten(whole, heldLiteral)
}

function rewritten(expr: Expr, heldLiteral: (literal: Literal) => Literal): Expr {
  const heldExpr = (part: Expr): Expr => rewritten(part, heldLiteral)
  switch (expr.node) {
    case 'literal':
      return heldLiteral(expr)
    case 'call':
      return { ...expr, args: expr.args.map(heldExpr) }
    case 'and':
    case 'or':
      return { ...expr, args: [heldExpr(expr.args[0]), heldExpr(expr.args[1])] }
    case 'conditional':
      return { ...expr, args: [heldExpr(expr.args[0]), heldExpr(expr.args[1]), heldExpr(expr.args[2])] }
    case 'in-list':
      return { ...expr, operand: heldExpr(expr.operand), elements: expr.elements.map(heldLiteral) }
    case 'lookup': {
      const entries = expr.entries.map(({ key, value }) => ({ key: heldLiteral(key), value }))
      return { ...expr, operand: heldExpr(expr.operand), entries }
    }
    case 'matches': {
      const part: Literal = { node: 'literal', type: STRING, value: expr.pattern.replaceAll('\0', '') }
      return { node: 'call', type: BOOL, fn: 'contains', args: [heldExpr(expr.operand), part] }
    }
    case 'list':
      return { ...expr, args: expr.args.map(heldExpr) }
    case 'bind':
      return { ...expr, value: heldExpr(expr.value), body: heldExpr(expr.body) }
    case 'comprehension':
      return { ...expr, range: heldExpr(expr.range), body: heldExpr(expr.body) }
    default:
      return expr
  }
}
