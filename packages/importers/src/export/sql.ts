import type { Expr } from '@plumbline/core'
import { plainValue, signOf } from './facts-of-condition.ts'

/**
 * A condition in SQL that every database reads alike: comparisons, `AND`, `OR`, `NOT`, `IN`, `IS NULL`, and sums of columns.
 * It is NULL where a cell that it needs is missing. Undefined where it holds anything else.
 */
export function toSql(expr: Expr): string | undefined {
  switch (expr.node) {
    case 'and':
    case 'or': {
      const parts = expr.args.map(toSql)
      return parts.every((part) => part !== undefined)
        ? `(${parts.join(expr.node === 'and' ? ' and ' : ' or ')})`
        : undefined
    }
    case 'is-missing':
      return expr.operand.node === 'column'
        ? `${identifier(expr.operand.name)} is ${expr.negated ? 'not ' : ''}null`
        : undefined
    case 'in-list': {
      const operand = operandText(expr.operand)
      const elements = expr.elements.map(operandText)
      return operand !== undefined && elements.length > 0 && elements.every((each) => each !== undefined)
        ? `${operand} in (${elements.join(', ')})`
        : undefined
    }
    case 'column':
      return expr.type.kind === 'bool' ? identifier(expr.name) : undefined
    case 'call':
      return callText(expr)
    default:
      return undefined
  }
}

function callText({ fn, args }: Extract<Expr, { node: 'call' }>): string | undefined {
  const [first, second] = args
  if (first === undefined) return undefined
  if (fn === 'not') {
    const inner = toSql(first)
    return inner === undefined ? undefined : `not (${inner})`
  }
  const sign = signOf(fn)
  if (sign === undefined || second === undefined) return undefined
  const [left, right] = [operandText(first), operandText(second)]
  const written = sign === '==' ? '=' : sign === '!=' ? '<>' : sign
  return left === undefined || right === undefined ? undefined : `${left} ${written} ${right}`
}

function operandText(expr: Expr): string | undefined {
  if (expr.node === 'column') return identifier(expr.name)
  if (expr.node === 'literal') {
    const value = plainValue(expr)
    if (expr.type.kind === 'timestamp' || value === undefined) return undefined
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
  }
  if (expr.node !== 'call') return undefined
  const sign = expr.fn.startsWith('add_') ? '+' : expr.fn.startsWith('sub_') ? '-' : undefined
  const [left, right] = expr.args.map(operandText)
  return sign === undefined || left === undefined || right === undefined || expr.type.kind === 'string'
    ? undefined
    : `${left} ${sign} ${expr.args[1]?.node === 'call' ? `(${right})` : right}`
}

/** Bare where every database takes it so; else in the quotes of the standard. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

const RESERVED = new Set(
  'all and any as between by case check column create cross default desc distinct do else end except false for foreign from full grant group having in index inner insert into is join key left like limit natural not null of offset on or order outer primary references right select some table then to true union unique update user using values view when where window with'.split(
    ' ',
  ),
)
