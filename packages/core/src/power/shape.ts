import type { Expr } from '../expr/expr.ts'
import type { Comparison, Term } from '../expr/must.ts'
import { literalValue } from '../expr/value.ts'

type Reduction = Extract<Expr, { readonly node: 'reduce' }>

/** What a comparison asks, where it is straight in one estimate or in the difference of two. */
export type Shape =
  /** term ≥ bound, or ≤ where not `atLeast`. */
  | { readonly kind: 'term'; readonly term: Term; readonly bound: number; readonly atLeast: boolean }
  /** The same number of two models on the same rows: left − right ≥ bound (or ≤). */
  | {
      readonly kind: 'models'
      readonly left: Term
      readonly right: Term
      readonly bound: number
      readonly atLeast: boolean
    }
  /** A gap or ratio over groups against a bound. */
  | { readonly kind: 'spread'; readonly spread: Reduction; readonly bound: number; readonly atLeast: boolean }

/** constant + Σ scale · part. */
interface Straight {
  readonly constant: number
  readonly parts: ReadonlyMap<number | Reduction, number>
}

/** The shape of a comparison against a number that the clause names; undefined for any other. */
export function shapeOf({ op, left, right }: Comparison, terms: readonly Term[]): Shape | undefined {
  if (op === '==' || op === '!=') return undefined
  const [a, b] = [straight(left), straight(right)]
  if (a === undefined || b === undefined) return undefined
  const { constant, parts } = plus(a, times(b, -1))
  const moving = [...parts].filter(([, scale]) => scale !== 0)
  const [first, second, third] = moving
  if (first === undefined || third !== undefined) return undefined
  const [part, scale] = first
  const bound = 0 - constant / scale
  const atLeast = op.startsWith('>') === scale > 0
  if (!Number.isFinite(bound)) return undefined
  if (second === undefined) {
    if (typeof part !== 'number') return { kind: 'spread', spread: part, bound, atLeast }
    const term = terms[part]
    return term === undefined ? undefined : { kind: 'term', term, bound, atLeast }
  }
  const [other, otherScale] = second
  if (typeof part !== 'number' || typeof other !== 'number' || otherScale !== -scale) return undefined
  const [one, two] = [terms[part], terms[other]]
  if (one === undefined || two === undefined || !isSameOfModels(one, two)) return undefined
  return { kind: 'models', left: one, right: two, bound, atLeast }
}

/** Whether two terms are the same number of two models. */
function isSameOfModels(one: Term, two: Term): boolean {
  const rest = ({ fn, args, cluster, weights, where }: Term): string =>
    JSON.stringify([fn, args, cluster ?? null, weights ?? null, where ?? null])
  return one.model !== two.model && rest(one) === rest(two)
}

function straight(expr: Expr): Straight | undefined {
  if (expr.node === 'term') return { constant: 0, parts: new Map([[expr.index, 1]]) }
  if (expr.node === 'reduce') return { constant: 0, parts: new Map([[expr, 1]]) }
  if (expr.node === 'literal') {
    const value = literalValue(expr)
    return typeof value === 'number' || typeof value === 'bigint'
      ? { constant: Number(value), parts: new Map() }
      : undefined
  }
  if (expr.node !== 'call') return undefined
  const [a, b] = expr.args.map(straight)
  if (a === undefined) return undefined
  switch (expr.fn) {
    case 'neg_int':
    case 'neg_double':
      return times(a, -1)
    case 'double_of_int':
      return a
    case 'add_int':
    case 'add_double':
      return b && plus(a, b)
    case 'sub_int':
    case 'sub_double':
      return b && plus(a, times(b, -1))
    case 'mul_double':
      if (b === undefined) return undefined
      return a.parts.size === 0 ? times(b, a.constant) : b.parts.size === 0 ? times(a, b.constant) : undefined
    case 'div_double':
      return b === undefined || b.parts.size > 0 || b.constant === 0 ? undefined : times(a, 1 / b.constant)
    default:
      return undefined
  }
}

function plus(a: Straight, b: Straight): Straight {
  const parts = new Map(a.parts)
  for (const [part, scale] of b.parts) parts.set(part, (parts.get(part) ?? 0) + scale)
  return { constant: a.constant + b.constant, parts }
}

function times(a: Straight, by: number): Straight {
  return { constant: a.constant * by, parts: new Map([...a.parts].map(([part, scale]) => [part, scale * by])) }
}
