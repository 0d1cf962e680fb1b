import type { Expr } from '../../expr/expr.ts'
import { literalValue } from '../../expr/value.ts'

/** `Σ coefficient · leaf + constant`, over double arithmetic taken as exact. */
export interface LinearForm {
  readonly coefficients: ReadonlyMap<string, number>
  readonly constant: number
}

/** Beyond these sizes a constant may swallow what it is added to, and arithmetic is no longer nearly exact. */
const LARGEST = 2 ** 40

/**
 * Reads a numeric expression as a linear form; `leafOf` names what is not arithmetic. Undefined where it is not linear, or
 * where a number in it is too large for rounding not to matter.
 */
export function linearForm(expr: Expr, leafOf: (expr: Expr) => string): LinearForm | undefined {
  if (expr.node === 'literal') {
    const value = Number(literalValue(expr))
    return Number.isFinite(value) && Math.abs(value) <= LARGEST
      ? { coefficients: new Map(), constant: value }
      : undefined
  }
  if (expr.node === 'call') {
    const [first, second] = expr.args
    const operation = /^(neg|add|sub|mul)_(int|double)$/.exec(expr.fn)?.[1] ?? (expr.fn === 'div_double' ? 'div' : '')
    if (operation !== '' && first !== undefined) {
      const left = linearForm(first, leafOf)
      if (operation === 'neg') return left === undefined ? undefined : scaled(left, -1)
      const right = second === undefined ? undefined : linearForm(second, leafOf)
      if (left === undefined || right === undefined) return undefined
      if (operation === 'add') return sum(left, right)
      if (operation === 'sub') return sum(left, scaled(right, -1))
      if (operation === 'div')
        return isConstant(right) && right.constant !== 0 ? scaled(left, 1 / right.constant) : alone(expr, leafOf)
      if (isConstant(left)) return scaled(right, left.constant)
      return isConstant(right) ? scaled(left, right.constant) : alone(expr, leafOf)
    }
    // An int where a double is wanted is the same number, within the exact ones.
    if (expr.fn === 'double_of_int' && first !== undefined) return linearForm(first, leafOf)
  }
  return alone(expr, leafOf)
}

const alone = (expr: Expr, leafOf: (expr: Expr) => string): LinearForm => ({
  coefficients: new Map([[leafOf(expr), 1]]),
  constant: 0,
})

/** Whether a form reads nothing. */
export const isConstant = (form: LinearForm): boolean => form.coefficients.size === 0

/** A form times a number. */
export function scaled({ coefficients, constant }: LinearForm, by: number): LinearForm {
  return { coefficients: cleaned([...coefficients].map(([leaf, c]) => [leaf, c * by])), constant: constant * by }
}

/** The sum of two forms. */
export function sum(a: LinearForm, b: LinearForm): LinearForm {
  const all = new Map(a.coefficients)
  for (const [leaf, c] of b.coefficients) all.set(leaf, (all.get(leaf) ?? 0) + c)
  return { coefficients: cleaned([...all]), constant: a.constant + b.constant }
}

const cleaned = (entries: readonly (readonly [string, number])[]): ReadonlyMap<string, number> =>
  new Map(entries.filter(([, c]) => c !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** The least and greatest value of a form where each leaf is within its bounds; ±Infinity where one has none. */
export function extent(
  { coefficients, constant }: LinearForm,
  boundsOf: (leaf: string) => readonly [low: number, high: number],
): readonly [low: number, high: number] {
  let [low, high] = [constant, constant]
  for (const [leaf, c] of coefficients) {
    const [from, to] = boundsOf(leaf)
    low += c > 0 ? c * from : c * to
    high += c > 0 ? c * to : c * from
  }
  return [low, high]
}
