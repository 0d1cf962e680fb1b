import type { Expr, Literal } from '../expr/expr.ts'
import { aggregates } from '../expr/functions/aggregates.ts'
import type { Comparison, Term as MeasuredTerm } from '../expr/must.ts'
import { DOUBLE } from '../expr/type.ts'
import { double } from '../targets/smt/numbers.ts'
import { and, equal, not, or, real, smt, type Term, truth } from '../targets/smt/term.ts'
import { isWhole } from './aggregates/measured.ts'
import { COMPARE } from './compare.ts'
import type { Measured } from './confusion.ts'

/** What the sides of a comparison are read with. */
export interface Reading {
  readonly values: readonly Measured[]
  define(term: Term): Term
  constant(literal: Literal): Term | undefined
  /** Whether a constant is one whose place is looked for. */
  moves(constant: Expr): boolean
}

const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' } as const

type Compared = Pick<Comparison, 'op' | 'left' | 'right'>

function constantRight({ op, left, right }: Comparison): Compared {
  if (left.node !== 'literal' || right.node === 'literal') return { op, left, right }
  return { op: MIRRORED[op], left: right, right: left }
}

/** A comparison of measured numbers; undefined where it does what is not followed. `isFact`: true of what has no value, too. */
export function comparisonOf(
  comparison: Comparison,
  terms: readonly MeasuredTerm[],
  read: Reading,
  isFact: boolean,
): Term | undefined {
  const { op, left, right } = tight(constantRight(comparison), terms, read)
  const linear = isFact
    ? ofNothing(op, left, right, read)
    : (linearly(op, left, right, read) ?? agreed(op, left, right, read) ?? acrossGroups(op, left, right, terms, read))
  if (linear !== undefined) return linear
  const [a, b] = [numberOf(left, read, isFact), numberOf(right, read, isFact)]
  return a === undefined || b === undefined ? undefined : COMPARE[op](a, b)
}

/** A fraction beside a constant: its part beside so much of the whole. A fraction of nothing satisfies no comparison. */
function linearly(op: keyof typeof COMPARE, left: Expr, right: Expr, read: Reading): Term | undefined {
  const fraction = left.node === 'term' ? read.values[left.index]?.fraction : undefined
  if (fraction === undefined || right.node !== 'literal') return undefined
  const bound = read.constant(right)
  if (bound === undefined) return undefined
  return and(smt`(> ${fraction.whole} 0.0)`, COMPARE[op](fraction.part, smt`(* ${bound} ${fraction.whole})`))
}

/** A number that says something of shares of rows where it stands beside a constant. */
function agreed(op: keyof typeof COMPARE, left: Expr, right: Expr, read: Reading): Term | undefined {
  if (left.node !== 'term' || right.node !== 'literal' || read.moves(right)) return undefined
  return read.values[left.index]?.beside?.(op, Number(right.value))
}

/** The same of a fact, which is true of a fraction of nothing. */
function ofNothing(op: keyof typeof COMPARE, left: Expr, right: Expr, read: Reading): Term | undefined {
  const fraction = left.node === 'term' ? read.values[left.index]?.fraction : undefined
  const bound = right.node === 'literal' ? read.constant(right) : undefined
  if (fraction === undefined || bound === undefined || (op !== '>=' && op !== '<=')) return undefined
  return COMPARE[op](fraction.part, smt`(* ${bound} ${fraction.whole})`)
}

/** A whole number beside a constant that is none, or that it may not be: beside the next one. */
function tight(comparison: Compared, terms: readonly MeasuredTerm[], read: Reading): Compared {
  const { op, left, right } = comparison
  const term = left.node === 'term' ? terms[left.index] : undefined
  const at = right.node === 'literal' ? Number(right.value) : Number.NaN
  if (term === undefined || !isWhole(term) || !Number.isSafeInteger(Math.round(at)) || read.moves(right))
    return comparison
  const to = (value: number, way: '<=' | '>='): Compared => ({
    op: way,
    left,
    right: { node: 'literal', type: DOUBLE, value },
  })
  if (op === '<' || op === '<=') return to(op === '<' ? Math.ceil(at) - 1 : Math.floor(at), '<=')
  if (op === '>' || op === '>=') return to(op === '>' ? Math.floor(at) + 1 : Math.ceil(at), '>=')
  return comparison
}

/**
 * Gaps and ratios over groups beside a constant that each pair has to be within: linear where the numbers are. Undefined for others.
 */
function acrossGroups(
  op: keyof typeof COMPARE,
  left: Expr,
  right: Expr,
  terms: readonly MeasuredTerm[],
  read: Reading,
): Term | undefined {
  if (left.node !== 'reduce' || right.node !== 'literal') return undefined
  const isGap = left.op === 'gap' && op.startsWith('<')
  const isRatio = left.op === 'ratio' && left.args.every((arg) => isNotNegative(arg, terms))
  const bound = isGap || isRatio ? read.constant(right) : undefined
  const numbers = left.args.map((arg) => numberOf(arg, read))
  if (bound === undefined || !numbers.every((each) => each !== undefined)) return undefined
  const pairs = numbers.flatMap((a) => numbers.flatMap((b) => (a === b ? [] : [[a, b] as const])))
  if (isGap) return and(...pairs.map(([a, b]) => COMPARE[op](smt`(- ${a} ${b})`, bound)))
  // A ratio has a value where the greatest is not 0.
  const some = or(...numbers.map((each) => smt`(> ${each} 0.0)`))
  const within = pairs.map(([a, b]) => COMPARE[op](a, smt`(* ${bound} ${b})`))
  if (op.startsWith('>')) return and(some, ...within)
  // The least is below the greatest: some is below so much of another, or they are all the same.
  const same = and(...pairs.map(([a, b]) => equal(a, b)), COMPARE[op](smt`1.0`, bound))
  return op.startsWith('<') ? and(some, or(...within, same)) : undefined
}

/** Whether a number is never below 0. */
function isNotNegative(expr: Expr, terms: readonly MeasuredTerm[]): boolean {
  const term = expr.node === 'term' ? terms[expr.index] : undefined
  const { range } = (term === undefined ? {} : aggregates[term.fn]) as { readonly range?: readonly [number, number] }
  return range !== undefined && range[0] >= 0
}

/** A condition over its comparisons. */
export function truthOf(expr: Expr, compared: readonly Term[], open: () => Term): Term {
  switch (expr.node) {
    case 'comparison':
      return compared[expr.index] ?? open()
    case 'and':
      return and(...expr.args.map((arg) => truthOf(arg, compared, open)))
    case 'or':
      return or(...expr.args.map((arg) => truthOf(arg, compared, open)))
    case 'literal':
      return typeof expr.value === 'boolean' ? truth(expr.value) : open()
    case 'call':
      return expr.fn === 'not' ? not(truthOf(expr.args[0] as Expr, compared, open)) : open()
    default:
      return open()
  }
}

/**
 * A constant as it is written: 0.9 is nine tenths. The float64 next to it lies on one side of that, but so does the one that
 * a measured nine tenths is rounded to.
 */
function decimal(value: number): Term {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (match === null) return double(value)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const power = Number(exponent) - fraction.length
  return power >= 0 ? real(digits * 10n ** BigInt(power)) : real(digits, 10n ** BigInt(-power))
}

/** A constant as a real number; undefined for what is none. */
export function numberOfLiteral({ type, value }: Literal): Term | undefined {
  if (type.kind === 'int') return real(BigInt(value as string))
  return type.kind === 'double' ? decimal(Number(value)) : undefined
}

/** A side of a comparison as a real number; undefined for what is not followed. Rounding is left out: its bounds are not at 1e-16. */
function numberOf(expr: Expr, read: Reading, isFact = false): Term | undefined {
  const { values, define } = read
  const args = (parts: readonly Expr[]): readonly Term[] | undefined => {
    const found = parts.map((part) => numberOf(part, read, isFact))
    return found.every((each) => each !== undefined) ? found : undefined
  }
  switch (expr.node) {
    case 'term': {
      const value = values[expr.index]
      return isFact ? (value?.plain?.() ?? value?.value()) : value?.value()
    }
    case 'literal':
      return read.constant(expr)
    case 'call': {
      const found = args(expr.args)
      const [a, b] = found ?? []
      if (a === undefined) return undefined
      if (expr.fn === 'double_of_int' || expr.fn === 'double_of_double') return a
      if (expr.fn === 'neg_double' || expr.fn === 'neg_int') return smt`(- ${a})`
      if (b === undefined) return undefined
      switch (expr.fn) {
        case 'add_double':
        case 'add_int':
          return smt`(+ ${a} ${b})`
        case 'sub_double':
        case 'sub_int':
          return smt`(- ${a} ${b})`
        case 'mul_double':
        case 'mul_int':
          return smt`(* ${a} ${b})`
        default:
          return undefined
      }
    }
    case 'reduce': {
      const found = args(expr.args)
      if (found === undefined || found.length === 0) return undefined
      const least = found.reduce((a, b) => define(smt`(ite (<= ${a} ${b}) ${a} ${b})`))
      const greatest = found.reduce((a, b) => define(smt`(ite (>= ${a} ${b}) ${a} ${b})`))
      switch (expr.op) {
        case 'min':
          return least
        case 'max':
          return greatest
        case 'gap':
          return smt`(- ${greatest} ${least})`
        case 'ratio':
          return smt`(/ ${least} ${greatest})`
      }
    }
  }
  return undefined
}
