import type { Expr } from '../../expr/expr.ts'
import type { Term } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import type { Say } from './facts.ts'
import { either, literal, plus } from './formula.ts'
import type { Measurements, Placed } from './measured.ts'

/**
 * The least that a metric of a decision can be where the Matthews correlation is at least so much, above 0. Its square is the product of
 * informedness and markedness (Powers, "Evaluation", 2011), both at most 1, so neither of the shares that they add is below it; F1 is the
 * harmonic mean of two of these, least where one is 1; accuracy is least where one kind of mistake is not made at all. Kappa is the
 * correlation times 2r / (1 + r²), r the root of how far label and decision are from being as frequent, which it is at most.
 */
export const LEAST_AT: Readonly<Partial<Record<Term['fn'], (correlation: number) => number>>> = {
  accuracy: (m) => (2 * m) / (1 + m),
  recall: (m) => m * m,
  specificity: (m) => m * m,
  precision: (m) => m * m,
  negative_predictive_value: (m) => m * m,
  balanced_accuracy: (m) => (1 + m * m) / 2,
  f1: (m) => (2 * m * m) / (1 + m * m),
  kappa: (m) => (2 * m * m) / (1 + m * m),
}

const ROUNDING = 1e-12

/** Metrics of a decision beside its Matthews correlation, at the numbers that it is compared with. A wrong decision turned round is a right one. */
export function correlationFacts(populations: Iterable<Measurements>, instances: readonly Instance[], say: Say): void {
  for (const { terms } of populations) {
    for (const correlation of terms.values()) {
      if (correlation.term.fn !== 'mcc') continue
      const kappa = [...terms.values()].find(
        ({ term, slice }) =>
          term.fn === 'kappa' && term.model === correlation.term.model && slice === correlation.slice,
      )
      // Where it is above 0, kappa is at most the correlation: a sum is at least twice the root of the product.
      if (kappa !== undefined)
        say('other', (f) =>
          either(
            f.compare(f.number(kappa), '<=', literal(0)),
            f.compare(f.number(kappa), '<=', plus(f.number(correlation), literal(ROUNDING))),
          ),
        )
      const bounds = boundsIn(instances)
      for (const other of terms.values())
        if (other.term.model === correlation.term.model && other.slice === correlation.slice)
          for (const bound of bounds) beside(correlation, other, bound, say)
    }
  }
}

function beside(correlation: Placed, other: Placed, bound: number, say: Say): void {
  const least = LEAST_AT[other.term.fn]
  if (least === undefined || bound === 0 || Math.abs(bound) > 1) return
  const isRight = bound > 0
  // F1 and kappa are not the same of a decision turned round.
  if (!isRight && (other.term.fn === 'f1' || other.term.fn === 'kappa')) return
  const end = least(Math.abs(bound)) - ROUNDING
  say('other', (f) => {
    const isLess = f.compare(f.number(correlation), isRight ? '<' : '>', literal(bound))
    const beyond = f.compare(f.number(other), isRight ? '>=' : '<=', literal(isRight ? end : 1 - end))
    return either(isLess, beyond)
  })
}

/** The numbers that correlations are compared with. */
function boundsIn(instances: readonly Instance[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const { clause } of instances) {
    const { comparisons, terms } = clause.must
    const isCorrelation = (side: Expr): boolean => side.node === 'term' && terms[side.index]?.fn === 'mcc'
    for (const { left, right } of comparisons)
      for (const [side, at] of [
        [left, right],
        [right, left],
      ] as const)
        if (isCorrelation(side) && at.node === 'literal') found.add(Number(at.value))
  }
  return found
}
