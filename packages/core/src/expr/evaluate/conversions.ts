import type { Timestamp } from '../value.ts'
import { error, finite, int64, type Outcome } from './implementation.ts'

const SECOND = 1_000_000n

/** `int(…)`, `double(…)`, `string(…)`. */
export const conversions = {
  int_of_double: (a: number): Outcome => {
    // The open interval (-2^63, 2^63), as CEL has it: -2^63 itself is refused.
    const inside = a > -(2 ** 63) && a < 2 ** 63
    return inside ? BigInt(Math.trunc(a)) : error('overflow')
  },
  int_of_string: (a: string): Outcome =>
    /^[+-]?[0-9]+$/.test(a) ? int64(readInteger(a)) : error('invalid-conversion'),
  int_of_timestamp: (a: Timestamp): Outcome => floorDivide(a.timestamp, SECOND),
  double_of_int: (a: bigint): Outcome => Number(a),
  double_of_string: (a: string): Outcome =>
    /^[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/.test(a) ? finite(Number(a)) : error('invalid-conversion'),
  string_of_int: (a: bigint): Outcome => String(a),
  string_of_bool: (a: boolean): Outcome => String(a),
}

/** A bigint constructor that takes a plus sign; long texts are cut, since they overflow anyway. */
function readInteger(text: string): bigint {
  const digits = text.replace(/^[+-]/, '').replace(/^0+(?=[0-9])/, '')
  const magnitude = BigInt(digits.slice(0, 30))
  return text.startsWith('-') ? -magnitude : magnitude
}

/** Quotient rounded down; bigint division truncates. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}
