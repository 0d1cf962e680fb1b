import type { Expr } from '../expr/expr.ts'
import type { Comparison } from '../expr/must.ts'
import { BOOL } from '../expr/type.ts'
import { requiredTerms } from './aggregates/measured.ts'
import type { Instance } from './instance.ts'

/** What an instance measures, with nothing asked of it. */
export function withoutBounds(instance: Instance): Instance {
  const { must } = instance.clause
  const comparisons = requiredTerms(instance).map((term): Comparison => {
    const number: Expr = { node: 'term', type: term.type, index: must.terms.indexOf(term) }
    return { op: '>=', left: number, right: number, expression: '', estimated: false }
  })
  const condition = comparisons
    .map((_, index): Expr => ({ node: 'comparison', type: BOOL, index }))
    .reduce<Expr>((left, right) => ({ node: 'and', type: BOOL, args: [left, right] }), TRUE)
  return { ...instance, clause: { ...instance.clause, must: { ...must, comparisons, condition } } }
}

const TRUE: Expr = { node: 'literal', type: BOOL, value: true }
