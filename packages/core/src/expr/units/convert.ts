import type { Literal } from '../expr.ts'
import { DOUBLE, INT } from '../type.ts'
import { minus, over, parseRational, plus, type Rational, times, toNumber, ZERO } from './rational.ts'
import type { Unit } from './unit.ts'

const INT64_MAX = 2n ** 63n - 1n

/** A value in another unit of the same dimension, exactly: (value + offset) × factor is the same in both. */
export function converted(value: Rational, from: Unit, to: Unit): Rational {
  const base = times(plus(value, from.offset ?? ZERO), from.factor)
  return minus(over(base, to.factor), to.offset ?? ZERO)
}

/** How many of `to` are one of `from` (without what a temperature scale adds). */
export function ratio(from: Unit, to: Unit): Rational {
  return over(from.factor, to.factor)
}

/**
 * A literal number in another unit. A whole result is an int where an int was written; any other is the nearest float64 to the
 * exact value.
 */
export function convertLiteral(literal: Literal, from: Unit, to: Unit): Literal {
  const value = parseRational(String(literal.value))
  if (value === undefined) return literal
  const result = converted(value, from, to)
  const whole = result.d === 1n && result.n <= INT64_MAX && result.n >= -INT64_MAX - 1n
  if (whole && literal.type.kind === 'int') return { ...literal, type: INT, value: String(result.n) }
  return { ...literal, type: DOUBLE, value: toNumber(result) }
}
