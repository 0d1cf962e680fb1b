import type { Expr, Literal } from '../../expr/expr.ts'
import { isError, literalValue, type RecordValue, type Value } from '../../expr/value.ts'
import { onRow } from '../confirm.ts'
import { ERROR, FALSE, MISSING, TRUE } from './outcomes.ts'

/** Beyond it, whole numbers and float64 do not lie in the same order. */
const EXACT = 2 ** 52
export const COMPARISON = /^(lt|le|gt|ge|eq|ne)_/
/** What is compared with constants. */
export interface Compared {
  readonly term: Expr
  readonly literals: readonly Literal[]
  /** The comparison with a column in the place of the term. */
  readonly on: (name: string) => Expr
}

/** A comparison with constants, where an expression is one; a cell by itself is one with none. */
export function compared(expr: Expr): Compared | undefined {
  if (expr.node === 'column') return { term: expr, literals: [], on: (name) => ({ ...expr, name }) }
  if (expr.node === 'in-list') {
    const { operand, elements } = expr
    return { term: operand, literals: elements, on: (name) => ({ ...expr, operand: column(name, operand) }) }
  }
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return undefined
  const [a, b] = expr.args as readonly [Expr, Expr]
  const [term, literal] = b.node === 'literal' ? [a, b] : [b, a]
  if (literal.node !== 'literal' || term.node === 'literal') return undefined
  // A whole number as a float64 lies where the number does.
  const cell = term.node === 'call' && term.fn === 'double_of_int' ? term.args[0] : undefined
  if (cell?.node === 'column' && Math.abs(Number(literal.value)) < EXACT) {
    const on = (name: string): Expr => {
      const inner = { ...term, args: [column(name, cell)] } as Expr
      return { ...expr, args: b.node === 'literal' ? [inner, b] : [a, inner] }
    }
    return { term: cell, literals: [literal], on }
  }
  if (term.node === 'call' && term.fn === 'double_of_double')
    return compared({ ...expr, args: b.node === 'literal' ? [term.args[0] as Expr, b] : [a, term.args[0] as Expr] })
  const on = (name: string): Expr => {
    const inner = column(name, term)
    return { ...expr, args: b.node === 'literal' ? [inner, b] : [a, inner] }
  }
  return { term, literals: [literal], on }
}

const column = (name: string, { type }: Expr): Expr => ({ node: 'column', name, type })

const SCALARS: ReadonlySet<string> = new Set(['bool', 'int', 'double', 'string', 'timestamp', 'duration'])
export const isScalar = (expr: Expr): boolean => SCALARS.has(expr.type.kind)

/** Where the order of two expressions decides. */
export const ORDER: Readonly<Record<string, readonly [below: number, same: number, above: number]>> = {
  lt: [TRUE, FALSE, FALSE],
  le: [TRUE, TRUE, FALSE],
  gt: [FALSE, FALSE, TRUE],
  ge: [FALSE, TRUE, TRUE],
  eq: [FALSE, TRUE, FALSE],
  ne: [TRUE, FALSE, TRUE],
}

/** Of values on which all expressions of one column come to the same, the first. */
export function withoutSame<T extends Value | null>(
  values: readonly T[],
  exprs: readonly Expr[],
  name: string,
): readonly T[] {
  const different = new Map<string, T>()
  const outcomes = exprs.map((expr) => outcomeFor(expr, name))
  for (const value of values) {
    const key = outcomes.map((outcome) => outcome(value)).join('')
    if (!different.has(key)) different.set(key, value)
  }
  return [...different.values()]
}

/** What a condition on one column comes to for its cell. */
export function outcomeFor(expr: Expr, name: string): (value: Value | null) => number {
  const evaluated = (value: Value | null): number => outcomeOf(expr, new Map([[name, value]]))
  if (expr.node !== 'call' || !COMPARISON.test(expr.fn)) return evaluated
  const [a, b] = expr.args as readonly [Expr, Expr]
  const literal = b.node === 'literal' ? b : a
  if (literal.node !== 'literal' || (literal === b ? a : b).node !== 'column') return evaluated
  const constant = literalValue(literal)
  if (typeof constant !== 'number' && typeof constant !== 'bigint') return evaluated
  const order = ORDER[expr.fn.slice(0, 2)] as readonly number[]
  // Numbers of one kind lie in the order that JavaScript has them in; what is tried is never NaN.
  return (value) => {
    if (typeof value !== typeof constant) return evaluated(value)
    const [left, right] = literal === b ? [value as number, constant] : [constant, value as number]
    return order[left < right ? 0 : left > right ? 2 : 1] as number
  }
}

/** What a condition comes to on a row. */
export function outcomeOf(expr: Expr, row: RecordValue): number {
  const value = onRow(row)(expr)
  if (isError(value)) return value.error === 'missing' ? MISSING : ERROR
  return value === true ? TRUE : FALSE
}
