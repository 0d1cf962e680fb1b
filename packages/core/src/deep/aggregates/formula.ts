import type { MustClause } from '../../clause/clause.ts'
import type { Expr, Literal } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import type { Comparison, MustCondition } from '../../expr/must.ts'
import { BOOL, DOUBLE } from '../../expr/type.ts'
import type { Instance } from '../instance.ts'
import type { Placed } from './measured.ts'

/** A condition on numbers, as it is put together. */
export interface Formula {
  /** The number that a term is. */
  number(placed: Placed): Expr
  compare(left: Expr, op: Comparison['op'], right: Expr): Expr
  /** The condition as an instance beside those of `must` clauses; `like` has whatever else a clause has. */
  instance(condition: Expr, like: MustClause, id: string, rest: Pick<Instance, 'fact' | 'given'>): Instance
}

/** A formula over terms of the same rows, or of one population and the whole relation. */
export function createFormula(): Formula {
  const placed: Placed[] = []
  const comparisons: Comparison[] = []
  return {
    number: (each) => {
      placed.push(each)
      return { node: 'term', type: DOUBLE, index: placed.length - 1 }
    },
    compare: (left, op, right) => {
      comparisons.push({ op, left, right, expression: '', estimated: false })
      return { node: 'comparison', type: BOOL, index: comparisons.length - 1 }
    },
    instance: (condition, like, id, rest) => {
      const must: MustCondition = { condition, comparisons, terms: placed.map(({ term }) => term) }
      const within = placed.find(({ slice }) => slice !== null)?.slice ?? null
      return { clause: { ...like, id, must }, slice: { name: 'all', condition: within }, ...rest }
    },
  }
}

export const literal = (value: number): Literal => ({ node: 'literal', type: DOUBLE, value })

const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({ node: 'call', fn, type: DOUBLE, args })
export const plus = (a: Expr, b: Expr): Expr => call('add_double', a, b)
export const minus = (a: Expr, b: Expr): Expr => call('sub_double', a, b)
export const times = (a: Expr, b: Expr): Expr => call('mul_double', a, b)
export const both = (a: Expr, b: Expr): Expr => ({ node: 'and', type: BOOL, args: [a, b] })
export const either = (a: Expr, b: Expr): Expr => ({ node: 'or', type: BOOL, args: [a, b] })
/** How far it is from 0. */
export const size = (a: Expr): Expr => ({ node: 'reduce', type: DOUBLE, op: 'max', args: [a, call('neg_double', a)] })
