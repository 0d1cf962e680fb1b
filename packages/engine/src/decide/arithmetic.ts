import { type Expr, type Measured, type RowFunctionName, literalValue } from '@plumbline/core'

/** Numbers in, a number out; undefined where the result does not exist (division by zero, not finite). */
export type Arithmetic = (terms: readonly (number | undefined)[]) => number | undefined

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined)

const binary: Partial<Record<RowFunctionName, (a: number, b: number) => number | undefined>> = {
  add_int: (a, b) => a + b,
  add_double: (a, b) => finite(a + b),
  sub_int: (a, b) => a - b,
  sub_double: (a, b) => finite(a - b),
  mul_int: (a, b) => a * b,
  mul_double: (a, b) => finite(a * b),
  div_int: (a, b) => (b === 0 ? undefined : Math.trunc(a / b)),
  div_double: (a, b) => (b === 0 ? undefined : finite(a / b)),
  mod_int: (a, b) => (b === 0 ? undefined : a % b),
  greatest_int: Math.max,
  greatest_double: Math.max,
  least_int: Math.min,
  least_double: Math.min,
}

const unary: Partial<Record<RowFunctionName, (a: number) => number | undefined>> = {
  neg_int: (a) => -a,
  neg_double: (a) => -a,
  abs_int: Math.abs,
  abs_double: Math.abs,
  double_of_int: (a) => a,
  int_of_double: Math.trunc,
  sqrt: (a) => finite(Math.sqrt(a)),
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  round: (a) => Math.sign(a) * Math.round(Math.abs(a)),
}

/**
 * Compiles the arithmetic of a comparison's side in float64, for resampling: thousands of evaluations where exactness
 * beyond float64 is no matter. Undefined when it is not arithmetic of numbers.
 */
export function arithmetic(expr: Expr): Arithmetic | undefined {
  switch (expr.node) {
    case 'literal': {
      const value = literalValue(expr)
      const number = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined
      return number === undefined ? undefined : () => number
    }
    case 'term':
      return (terms) => terms[expr.index]
    case 'reduce': {
      const args = expr.args.map(arithmetic)
      if (args.some((arg) => arg === undefined)) return undefined
      return (terms) => {
        const values = args.map((arg) => arg?.(terms))
        return values.some((value) => value === undefined) ? undefined : reduce(expr.op, values as number[])
      }
    }
    case 'call': {
      const [a, b] = expr.args.map(arithmetic)
      if (a === undefined) return undefined
      const one = unary[expr.fn]
      if (one !== undefined) {
        return (terms) => {
          const value = a(terms)
          return value === undefined ? undefined : one(value)
        }
      }
      const two = binary[expr.fn]
      if (two === undefined || b === undefined) return undefined
      return (terms) => {
        const left = a(terms)
        const right = b(terms)
        return left === undefined || right === undefined ? undefined : two(left, right)
      }
    }
    default:
      return undefined
  }
}

/** The reductions of `min_over`, `max_over`, `ratio_across` (least/greatest) and `gap_across`; undefined for 0/0. */
export function reduce(op: 'min' | 'max' | 'ratio' | 'gap', values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const least = Math.min(...values)
  const greatest = Math.max(...values)
  switch (op) {
    case 'min':
      return least
    case 'max':
      return greatest
    case 'gap':
      return finite(greatest - least)
    case 'ratio':
      return greatest === 0 ? undefined : finite(least / greatest)
  }
}

/** constant + Σ scale · term, over the terms that are estimates. */
export interface Linear {
  readonly constant: number
  readonly scales: ReadonlyMap<number, number>
}

const only = (constant: number): Linear => ({ constant, scales: new Map() })

const scaled = (linear: Linear, by: number): Linear => ({
  constant: linear.constant * by,
  scales: new Map([...linear.scales].map(([index, scale]) => [index, scale * by])),
})

function sum(a: Linear, b: Linear): Linear {
  const scales = new Map(a.scales)
  for (const [index, scale] of b.scales) scales.set(index, (scales.get(index) ?? 0) + scale)
  return { constant: a.constant + b.constant, scales }
}

/** The expression as a linear function of its estimated terms, the others being constants; undefined when it bends. */
export function linear(
  expr: Expr,
  estimated: (index: number) => boolean,
  values: readonly (number | undefined)[],
): Linear | undefined {
  if (expr.node === 'term' && estimated(expr.index)) return { constant: 0, scales: new Map([[expr.index, 1]]) }
  if (!readsEstimate(expr, estimated)) {
    const value = arithmetic(expr)?.(values)
    return value === undefined ? undefined : only(value)
  }
  if (expr.node === 'reduce' && expr.args.length === 1 && (expr.op === 'min' || expr.op === 'max')) {
    return expr.args[0] === undefined ? undefined : linear(expr.args[0], estimated, values)
  }
  if (expr.node !== 'call') return undefined
  const [a, b] = expr.args.map((arg) => linear(arg, estimated, values))
  if (a === undefined) return undefined
  switch (expr.fn) {
    case 'neg_double':
    case 'neg_int':
      return scaled(a, -1)
    case 'double_of_int':
      return a
    case 'add_double':
    case 'add_int':
      return b && sum(a, b)
    case 'sub_double':
    case 'sub_int':
      return b && sum(a, scaled(b, -1))
    case 'mul_double':
    case 'mul_int':
      if (b === undefined) return undefined
      return a.scales.size === 0 ? scaled(b, a.constant) : b.scales.size === 0 ? scaled(a, b.constant) : undefined
    case 'div_double':
      return b === undefined || b.scales.size > 0 || b.constant === 0 ? undefined : scaled(a, 1 / b.constant)
    default:
      return undefined
  }
}

/** Whether an estimated term occurs in it. */
export function readsEstimate(expr: Expr, estimated: (index: number) => boolean): boolean {
  return termsOf(expr).some(estimated)
}

/** Indexes of the terms that occur in an expression, each once. */
export function termsOf(expr: Expr): readonly number[] {
  if (expr.node === 'term') return [expr.index]
  if (expr.node !== 'call' && expr.node !== 'reduce' && expr.node !== 'conditional') return []
  return [...new Set(expr.args.flatMap(termsOf))]
}

/** A measured value as float64; undefined for what is no number. */
export function asNumber(value: Measured): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}
