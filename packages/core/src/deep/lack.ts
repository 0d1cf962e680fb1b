import type { Expr } from '../expr/expr.ts'
import type { Comparison } from '../expr/must.ts'
import type { Instance } from './instance.ts'

/** Sums and products count as met only beyond what rounding could have done. */
const ROUNDING = 1e-9

/** A number that is asked for again and again; undefined where there is none. */
type Reading = () => number | undefined

/**
 * How many comparisons of an instance have to turn out otherwise for it to be met; 0: it is. Made once for an instance, and asked
 * as often as the numbers of its terms change; `valueOf` gives where the number of a term is read.
 */
export function lackOf(instance: Instance, valueOf: (index: number) => Reading): () => number {
  const { condition, comparisons } = instance.clause.must
  const isFact = instance.fact !== undefined
  const lack = (expr: Expr, isWanted: boolean): (() => number) => {
    switch (expr.node) {
      case 'comparison': {
        const comparison = comparisons[expr.index]
        const holds = comparison === undefined ? () => undefined : compared(comparison, valueOf, isFact)
        return () => (holds() === isWanted ? 0 : 1)
      }
      case 'and':
      case 'or': {
        const [a, b] = [lack(expr.args[0], isWanted), lack(expr.args[1], isWanted)]
        return (expr.node === 'and') === isWanted ? () => a() + b() : () => Math.min(a(), b())
      }
      case 'call':
        return expr.fn === 'not' ? lack(expr.args[0] as Expr, !isWanted) : () => Infinity
      default: {
        const value = expr.node === 'literal' && expr.value === isWanted ? 0 : Infinity
        return () => value
      }
    }
  }
  return lack(condition, true)
}

const OPERATORS: Readonly<Record<Comparison['op'], (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
}

/** Undefined, too, where rounding could decide; facts leave room for it. */
function compared(
  { op, left, right }: Comparison,
  valueOf: (index: number) => Reading,
  isFact: boolean,
): () => boolean | undefined {
  const [read, readOther] = [numberOf(left, valueOf), numberOf(right, valueOf)]
  const isExact = isFact || (isPlain(left) && isPlain(right))
  const holds = OPERATORS[op]
  return () => {
    const a = read()
    const b = readOther()
    if (a === undefined || b === undefined) return undefined
    if (!isExact && Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a), Math.abs(b))) return undefined
    return holds(a, b)
  }
}

const isPlain = ({ node }: Expr): boolean => node === 'term' || node === 'literal'

/** Reads a side of a comparison of numbers that terms have. */
export function numberOf(expr: Expr, valueOf: (index: number) => Reading): Reading {
  switch (expr.node) {
    case 'term':
      return valueOf(expr.index)
    case 'literal': {
      const value = expr.type.kind === 'int' || expr.type.kind === 'double' ? Number(expr.value) : undefined
      return () => value
    }
    case 'reduce': {
      const parts = expr.args.map((arg) => numberOf(arg, valueOf))
      const { op } = expr
      return () => {
        const found = parts.map((part) => part())
        if (found.length === 0 || !found.every((each) => each !== undefined)) return undefined
        const [least, greatest] = [Math.min(...found), Math.max(...found)]
        if (op === 'ratio') return greatest === 0 ? undefined : least / greatest
        return op === 'min' ? least : op === 'max' ? greatest : greatest - least
      }
    }
    case 'call': {
      const [read, readOther] = expr.args.map((arg) => numberOf(arg, valueOf))
      const operation = OPERATIONS[expr.fn]
      return () => {
        const a = read?.()
        const b = readOther === undefined ? Number.NaN : readOther()
        return a === undefined || b === undefined ? undefined : operation?.(a, b)
      }
    }
    default:
      return () => undefined
  }
}

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  double_of_int: (a) => a,
  double_of_double: (a) => a,
  neg_int: (a) => -a,
  neg_double: (a) => -a,
  add_int: (a, b) => a + b,
  add_double: (a, b) => a + b,
  sub_int: (a, b) => a - b,
  sub_double: (a, b) => a - b,
  mul_int: (a, b) => a * b,
  mul_double: (a, b) => a * b,
}
