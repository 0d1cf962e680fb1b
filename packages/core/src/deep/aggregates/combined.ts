import type { Expr } from '../../expr/expr.ts'
import type { Say } from './facts.ts'
import { either, literal, plus, size, times } from './formula.ts'
import { type Linear, linearOf } from './linear.ts'
import { argument, beside, keyOf, type Measurements, type Placed, subjectOf } from './measured.ts'

/** Of what is added, by which rounding may be off. */
const ROUNDING = 1e-9

/**
 * What is computed from the cells of a row as a sum of multiples of them lies between the sums of the ends of its parts, and its mean is the
 * sum of their means where no cell is missing. Cells so large that their sum is no number (beyond 1e308) are left out of account.
 * Returned: the ends that this speaks of, by subject.
 */
export function combinedFacts(
  population: Measurements,
  isThere: (subject: string) => boolean,
  say: Say,
): ReadonlyMap<string, readonly Placed[]> {
  const found = new Map<string, readonly Placed[]>()
  for (const { term } of population.terms.values()) {
    const [first] = term.args
    const subject = subjectOf(term)
    const linear = first?.kind === 'expr' ? linearOf(first.expr) : undefined
    if (first?.kind !== 'expr' || linear === undefined || subject === undefined) continue
    if (found.has(subject) || !isThere(subject)) continue
    const ends = (['min', 'max'] as const).map((fn) => beside(population, fn, argument(first.expr)))
    found.set(subject, ends)
    for (const { expr } of linear.parts)
      found.set(
        keyOf(expr),
        (['min', 'max'] as const).map((fn) => beside(population, fn, argument(expr))),
      )
    for (const [i, end] of ends.entries()) {
      const isLeast = i === 0
      say('other', (f) => {
        const sum = combination(linear, (expr, factor) =>
          f.number(beside(population, factor > 0 === isLeast ? 'min' : 'max', argument(expr))),
        )
        return f.compare(f.number(end), isLeast ? '>=' : '<=', slackened(sum, isLeast ? -ROUNDING : ROUNDING))
      })
    }
    meansOf(population, first.expr, linear, say)
  }
  return found
}

/** The mean of a combination is that of the means, where each row has all cells. */
function meansOf(population: Measurements, expr: Expr, linear: Linear, say: Say): void {
  const means = [expr, ...linear.parts.map((part) => part.expr)].map((of) => numberOf(population, 'mean', keyOf(of)))
  const missing = linear.parts.map((part) => numberOf(population, 'null_share', keyOf(part.expr)))
  const [own, ...others] = means
  if (own === undefined || others.every((each) => each === undefined) || missing.includes(undefined)) return
  const meanOf = (of: Expr): Placed => beside(population, 'mean', argument(of))
  for (const op of ['>=', '<='] as const)
    say('other', (f) => {
      const sum = combination(linear, (part) => f.number(meanOf(part)))
      const fact = f.compare(f.number(own), op, slackened(sum, op === '>=' ? -ROUNDING : ROUNDING))
      return missing.reduce((all, each) => either(f.compare(f.number(each as Placed), '>', literal(0)), all), fact)
    })
  for (const { expr: part } of linear.parts) {
    if (numberOf(population, 'mean', keyOf(part)) !== undefined) continue
    const [least, greatest] = (['min', 'max'] as const).map((fn) => beside(population, fn, argument(part)))
    between(meanOf(part), least as Placed, greatest as Placed, say)
  }
}

function between(mean: Placed, least: Placed, greatest: Placed, say: Say): void {
  say('order', (f) => f.compare(f.number(mean), '>=', slackened(f.number(least), -ROUNDING)))
  say('order', (f) => f.compare(f.number(mean), '<=', slackened(f.number(greatest), ROUNDING)))
}

function combination({ parts, constant }: Linear, number: (expr: Expr, factor: number) => Expr): Expr {
  const sum = parts.map(({ expr, factor }) => times(literal(factor), number(expr, factor))).reduce(plus)
  return constant === 0 ? sum : plus(sum, literal(constant))
}

const slackened = (sum: Expr, by: number): Expr => plus(sum, times(literal(by), size(sum)))

const numberOf = ({ terms }: Measurements, fn: string, subject: string): Placed | undefined =>
  [...terms.values()].find(({ term }) => term.fn === fn && subjectOf(term) === subject)
