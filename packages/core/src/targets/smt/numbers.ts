import { fractionOf } from './float64.ts'
import { real, smt, type Term } from './term.ts'

const TWO = 2n

/** Stands for infinity: above every float64, so that comparisons with it come out right. */
export const INFINITE: Term = real(TWO ** 1024n)
/** Stands for minus infinity. */
export const MINUS_INFINITE: Term = real(-(TWO ** 1024n))
/** The greatest finite float64. */
export const GREATEST: Term = real((TWO ** 53n - 1n) * TWO ** 971n)
/** The negative of it. */
export const LEAST: Term = real(-(TWO ** 53n - 1n) * TWO ** 971n)
/** From here on an exact result is rounded to infinity: half a unit beyond the greatest (IEEE 754-2019, 4.3.1). */
export const TOO_GREAT: Term = real(TWO ** 1024n - TWO ** 970n)
/** The same on the other side. */
export const TOO_SMALL: Term = real(-(TWO ** 1024n - TWO ** 970n))

/** A float64 as a real number. */
export function double(value: number): Term {
  if (value === Number.POSITIVE_INFINITY) return INFINITE
  if (value === Number.NEGATIVE_INFINITY) return MINUS_INFINITE
  const { numerator, denominator } = fractionOf(value)
  return real(numerator, denominator)
}

/** Whether a number of an int64 column lies in its range. */
export const isInt64 = (term: Term): Term =>
  smt`(and (<= (- 9223372036854775808) ${term}) (<= ${term} 9223372036854775807))`
