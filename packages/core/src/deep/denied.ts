import type { Expr, Literal } from '../expr/expr.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { DOUBLE } from '../expr/type.ts'
import { isExact } from './aggregates/measured.ts'
import type { Instance } from './instance.ts'

const OPPOSITE = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=', '!=': '==' } as const

/**
 * What violates one conjunct of an instance's condition, as an instance: its comparisons turned round, of numbers that have a value.
 * Undefined where the conjunct does more than join comparisons.
 */
export function denied({ clause, slice }: Instance, conjunct: Expr): Instance | undefined {
  const comparisons: Comparison[] = [...clause.must.comparisons]
  const turned = (expr: Expr, wanted: boolean): Expr | undefined => {
    switch (expr.node) {
      case 'comparison': {
        const comparison = comparisons[expr.index]
        if (wanted || comparison === undefined) return comparison === undefined ? undefined : expr
        comparisons.push(beyond({ ...comparison, op: OPPOSITE[comparison.op] }, clause.must.terms))
        return { ...expr, index: comparisons.length - 1 }
      }
      case 'and':
      case 'or': {
        const [a, b] = [turned(expr.args[0], wanted), turned(expr.args[1], wanted)]
        if (a === undefined || b === undefined) return undefined
        return { ...expr, node: (expr.node === 'and') === wanted ? 'and' : 'or', args: [a, b] }
      }
      case 'call':
        return expr.fn === 'not' && expr.args[0] !== undefined ? turned(expr.args[0], !wanted) : undefined
      default:
        return undefined
    }
  }
  const condition = turned(conjunct, false)
  return condition === undefined
    ? undefined
    : { clause: { ...clause, must: { ...clause.must, condition, comparisons } }, slice }
}

const isRounded = (term: Term): boolean =>
  term.fn === 'variance' || term.fn === 'stddev' || (term.fn !== 'share' && !isExact(term))

/** Relative; more than what is rounded on the way to a mean. */
const ROUNDING = 1e-8

/** A number above a constant: above it by more than rounding, where it is rounded. */
function beyond(comparison: Comparison, terms: readonly Term[]): Comparison {
  const { op, left, right } = comparison
  const mirrored = left.node === 'literal'
  const [side, literal] = mirrored ? [right, left] : [left, right]
  const term = side.node === 'term' ? terms[side.index] : undefined
  if (op.length > 1 || term === undefined || !isRounded(term) || literal.node !== 'literal') return comparison
  const value = Number(literal.value)
  const way = (op === '>') !== mirrored ? 1 : -1
  const moved: Literal = { ...literal, type: DOUBLE, value: value + way * ROUNDING * Math.abs(value) }
  return mirrored ? { ...comparison, left: moved } : { ...comparison, right: moved }
}
