import type { Expr } from '../../expr/expr.ts'
import type { Encoding } from './encoding.ts'
import { INFINITE, MINUS_INFINITE, TOO_GREAT, TOO_SMALL } from './numbers.ts'
import { and, equal, FALSE, implies, or, real, smt, type Term } from './term.ts'

/** A result of arithmetic: the exact number, and the float64 that it is rounded to. */
export interface Rounding {
  readonly expr: Expr
  readonly exact: Term
  readonly value: Term
}

const UNIT = real(1n, 2n ** 53n)
/** Half of the least float64: how far a product that underflows may be off. */
const UNDERFLOW = real(1n, 2n ** 1075n)
/** Terms that each rounding is compared with. */
const MOST_COMPARED = 10

/** It is +Inf or -Inf. */
export const isInfinite = (value: Term, finite: boolean | undefined): Term =>
  finite === true ? FALSE : or(equal(value, INFINITE), equal(value, MINUS_INFINITE))

/** An exact result that is rounded to an infinite one. */
export const overflows = (exact: Term): Term => or(smt`(>= ${exact} ${TOO_GREAT})`, smt`(<= ${exact} ${TOO_SMALL})`)

/**
 * The float64 that an exact number is rounded to, as a new constant between the bounds of round to nearest: at most the
 * unit 2^-53 off in relation (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., theorem 2.2), and half of
 * the least float64 more where a product may underflow (his equation 2.8). How roundings lie to one another is added at
 * the end, by `roundingFacts`.
 */
export function rounded(encoding: Encoding, expr: Expr, exact: Term, underflows: boolean): Term {
  const { script } = encoding
  const at = script.define('Real', exact)
  const known = encoding.roundings.find((each) => each.exact === at)
  if (known !== undefined) return known.value
  encoding.loose.add('rounding is bounded, not computed')
  const value = script.declare('round', 'Real')
  const slack = underflows ? smt`(+ (* ${UNIT} (ite (>= ${at} 0.0) ${at} (- ${at}))) ${UNDERFLOW})` : undefined
  const off = script.define('Real', slack ?? smt`(* ${UNIT} (ite (>= ${at} 0.0) ${at} (- ${at})))`)
  script.assert(smt`(and (<= (- ${at} ${off}) ${value}) (<= ${value} (+ ${at} ${off})))`)
  encoding.roundings.push({ expr, exact: at, value })
  encoding.guides.push(equal(value, at))
  return value
}

/** Rounding keeps order, and leaves what is a float64 as it is: each rounding against the float64 there are in the script. */
export function roundingFacts({ roundings, doubles }: Encoding): readonly Term[] {
  const facts: Term[] = []
  const fixed = [real(0n), ...doubles].slice(0, MOST_COMPARED)
  for (const [i, { exact, value }] of roundings.entries()) {
    for (const other of fixed) {
      facts.push(
        and(
          implies(smt`(>= ${exact} ${other})`, smt`(>= ${value} ${other})`),
          implies(smt`(<= ${exact} ${other})`, smt`(<= ${value} ${other})`),
        ),
      )
    }
    for (const other of roundings.slice(Math.max(0, i - MOST_COMPARED), i)) {
      facts.push(
        and(
          implies(smt`(>= ${exact} ${other.exact})`, smt`(>= ${value} ${other.value})`),
          implies(smt`(<= ${exact} ${other.exact})`, smt`(<= ${value} ${other.value})`),
          implies(smt`(>= ${exact} ${other.value})`, smt`(>= ${value} ${other.value})`),
          implies(smt`(<= ${exact} ${other.value})`, smt`(<= ${value} ${other.value})`),
          implies(smt`(>= ${other.exact} ${value})`, smt`(>= ${other.value} ${value})`),
          implies(smt`(<= ${other.exact} ${value})`, smt`(<= ${other.value} ${value})`),
        ),
      )
    }
  }
  return facts
}
