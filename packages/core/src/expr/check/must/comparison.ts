import {
  constantComparison,
  estimateEquality,
  impossibleThreshold,
  notACondition,
  nullValue,
} from '../../../diagnostics/catalog/expr.ts'
import type { ComparisonRef, Expr } from '../../expr.ts'
import { aggregates } from '../../functions/aggregates.ts'
import type { Comparison, Term } from '../../must.ts'
import { printSyntax } from '../../print/syntax.ts'
import type { BinarySyntax, Syntax } from '../../syntax.ts'
import { BOOL } from '../../type.ts'
import { at, type Context, report } from '../context.ts'
import { checkComparison, reportChain } from '../operators.ts'
import { renaming } from './arguments.ts'
import type { Binding, MustState } from './state.ts'
import { isArithmetic, termsOf } from './terms.ts'

/** One comparison of a `must` condition. */
export function checkMustComparison(
  context: Context,
  state: MustState,
  binding: Binding,
  node: BinarySyntax,
): ComparisonRef | undefined {
  if (node.left.kind === 'null' || node.right.kind === 'null') return report(context, node, nullValue, {})
  const left = context.check(node.left)
  const right = context.check(node.right)
  if (left === undefined || right === undefined || reportChain(context, node, left, right)) return undefined
  const names = renaming(binding)
  for (const [side, syntax] of [
    [left, node.left],
    [right, node.right],
  ] as const) {
    if (isArithmetic(side)) continue
    return report(context, syntax, notACondition, {
      text: printSyntax(syntax, names),
      problem: 'cannot stand under a comparison',
      fix: 'Compare measurements, numbers and arithmetic on them.',
    })
  }
  const typed = checkComparison(context, node, left, right)
  const [a, b] = typed?.args ?? []
  if (a === undefined || b === undefined) return undefined
  const terms = [...termsOf(a), ...termsOf(b)].map((index) => state.terms[index]).filter((term) => term !== undefined)
  if (terms.length === 0) return report(context, node, constantComparison, { text: printSyntax(node, names) })
  const estimated = terms.some((term) => term.estimates === 'population')
  if (estimated && (node.op === '==' || node.op === '!=')) return reportEquality(context, state, binding, node, a)
  if (!isReachable(context, state, a, b, node.right) || !isReachable(context, state, b, a, node.left)) return undefined
  const comparison: Comparison = {
    op: node.op as Comparison['op'],
    left: a,
    right: b,
    expression: printSyntax(node, names),
    estimated,
  }
  return { node: 'comparison', index: state.comparisons.push(comparison) - 1, type: BOOL, at: at(node) }
}

function reportEquality(
  context: Context,
  state: MustState,
  binding: Binding,
  node: BinarySyntax,
  left: Expr,
): undefined {
  const isEstimate = (side: Expr): boolean =>
    [...termsOf(side)].some((index) => state.terms[index]?.estimates === 'population')
  const [estimate, other] = isEstimate(left) ? [node.left, node.right] : [node.right, node.left]
  const names = renaming(binding)
  return report(context, node, estimateEquality, {
    op: node.op,
    term: printSyntax(estimate, names),
    other: printSyntax(other, names),
  })
}

/** A plain term is compared with a number inside its range; else it is reported. */
function isReachable(context: Context, state: MustState, side: Expr, bound: Expr, syntax: Syntax): boolean {
  const term: Term | undefined = side.node === 'term' ? state.terms[side.index] : undefined
  if (term === undefined || bound.node !== 'literal' || typeof bound.value === 'boolean') return true
  const row = aggregates[term.fn]
  if (!('range' in row) || row.range === undefined) return true
  const [low, high] = row.range
  const value = Number(bound.value)
  if (value >= low && value <= high) return true
  report(context, syntax, impossibleThreshold, { term: term.expression, bound: printSyntax(syntax), low, high })
  return false
}
