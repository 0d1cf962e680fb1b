import type { Expr, InList } from '../../expr/expr.ts'
import { type EvaluationError, isError, literalValue, type Value } from '../../expr/value.ts'
import { distance } from './distance.ts'

/** What a part of the condition is on the row at hand: the answer of whichever evaluator the caller has. */
export type ValueOf = (part: Expr) => Value | EvaluationError

/**
 * The margin of a condition on one row; undefined where it ends in an error. Greater than 0 implies that the condition
 * is true, less than 0 that it is false; 0 is the border itself, where `<` is false and `<=` true.
 *
 * Quantitative semantics after Fainekos and Pappas, "Robustness of temporal logic specifications for continuous-time
 * signals", Theoretical Computer Science 410 (2009), definition 8, without time.
 */
export function marginOf(condition: Expr, valueOf: ValueOf): number | undefined {
  const go = (part: Expr): number | undefined => marginOf(part, valueOf)
  switch (condition.node) {
    case 'and':
      return absorbing(condition.args, false, valueOf, Math.min)
    case 'or':
      return absorbing(condition.args, true, valueOf, Math.max)
    case 'conditional': {
      const [choice, then, otherwise] = condition.args
      const chosen = valueOf(choice)
      if (isError(chosen)) return undefined
      const taken = go(chosen === true ? then : otherwise)
      // Nearer than to the border of the branch may be the border to the other one.
      return taken === undefined ? undefined : clipped(taken, Math.abs(go(choice) ?? 0))
    }
    case 'in-list':
      return membership(condition, valueOf)
    case 'call':
      return condition.fn === 'not' ? negated(go(condition.args[0] as Expr)) : comparison(condition, valueOf)
    default:
      return certain(valueOf(condition))
  }
}

const COMPARISON = /^(lt|le|gt|ge|eq|ne)_/

function comparison(condition: Expr & { readonly node: 'call' }, valueOf: ValueOf): number | undefined {
  const operator = COMPARISON.exec(condition.fn)?.[1]
  const [left, right] = condition.args.map(valueOf)
  if (operator === undefined || left === undefined || right === undefined) return certain(valueOf(condition))
  if (isError(left) || isError(right)) return undefined
  const apart = distance(left, right)
  if (apart === undefined) return certain(valueOf(condition))
  switch (operator) {
    case 'lt':
    case 'le':
      return -apart
    case 'gt':
    case 'ge':
      return apart
    case 'eq':
      return -Math.abs(apart)
    default:
      return Math.abs(apart)
  }
}

/** The nearest element counts. */
function membership(condition: InList, valueOf: ValueOf): number | undefined {
  const value = valueOf(condition.operand)
  if (isError(value)) return undefined
  const apart = condition.elements.map((element) => distance(value, literalValue(element) as Value))
  const known = apart.filter((each) => each !== undefined)
  return known.length === 0 ? certain(valueOf(condition)) : Math.max(...known.map((each) => -Math.abs(each)))
}

/** `&&` and `||`: a side that decides wins over one that ends in an error. */
function absorbing(
  sides: readonly [Expr, Expr],
  decisive: boolean,
  valueOf: ValueOf,
  combine: (a: number, b: number) => number,
): number | undefined {
  const [left, right] = sides.map((side) => marginOf(side, valueOf))
  if (left !== undefined && right !== undefined) return combine(left, right)
  const [only, side] = left === undefined ? [right, sides[1]] : [left, sides[0]]
  return only !== undefined && valueOf(side) === decisive ? only : undefined
}

/** A truth value without a distance. */
function certain(value: Value | EvaluationError): number | undefined {
  if (isError(value)) return undefined
  return value === true ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

const negated = (margin: number | undefined): number | undefined => (margin === undefined ? undefined : 0 - margin)

const clipped = (margin: number, most: number): number => Math.sign(margin) * Math.min(Math.abs(margin), most)
