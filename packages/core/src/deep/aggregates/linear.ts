import type { Expr } from '../../expr/expr.ts'
import { keyOfJson } from '../key.ts'

/** A number of each row as a sum of multiples of others, and a constant. */
export interface Linear {
  readonly parts: readonly { readonly expr: Expr; readonly factor: number }[]
  readonly constant: number
}

/** `x + 2.0 * y` taken apart; undefined for what is no sum of multiples, and for a number that stands alone. */
export function linearOf(expr: Expr): Linear | undefined {
  const found = new Map<string, { readonly expr: Expr; readonly factor: number }>()
  let constant = 0
  const add = (each: Expr, factor: number): boolean => {
    if (each.node === 'literal') {
      constant += factor * Number(each.value)
      return Number.isFinite(constant)
    }
    if (each.node !== 'call') {
      if (each.node !== 'column') return false
      const key = keyOfJson(each)
      found.set(key, { expr: each, factor: factor + (found.get(key)?.factor ?? 0) })
      return true
    }
    const [left, right] = each.args as readonly [Expr, Expr | undefined]
    if (each.fn === 'double_of_int' || each.fn === 'double_of_double') return add(left, factor)
    if (/^neg_(int|double)$/.test(each.fn)) return add(left, -factor)
    if (right === undefined) return false
    if (/^add_(int|double)$/.test(each.fn)) return add(left, factor) && add(right, factor)
    if (/^sub_(int|double)$/.test(each.fn)) return add(left, factor) && add(right, -factor)
    if (/^mul_(int|double)$/.test(each.fn)) {
      const [scale, other] = left.node === 'literal' ? [left, right] : [right, left]
      return scale.node === 'literal' && add(other, factor * Number(scale.value))
    }
    if (each.fn === 'div_double' && right.node === 'literal') {
      const divisor = Number(right.value)
      return divisor !== 0 && add(left, factor / divisor)
    }
    return false
  }
  if (expr.node !== 'call' || !isNumber(expr) || !add(expr, 1)) return undefined
  const parts = [...found.values()].filter(({ factor }) => factor !== 0)
  return parts.length === 0 || parts.length < found.size ? undefined : { parts, constant }
}

const isNumber = ({ type }: Expr): boolean => type.kind === 'int' || type.kind === 'double'
