import { error, finite, int64, type Outcome } from './implementation.ts'

/** int64 arithmetic: exact in bigint, then checked. */
export const intArithmetic = {
  neg_int: (a: bigint): Outcome => int64(-a),
  add_int: (a: bigint, b: bigint): Outcome => int64(a + b),
  sub_int: (a: bigint, b: bigint): Outcome => int64(a - b),
  mul_int: (a: bigint, b: bigint): Outcome => int64(a * b),
  // Division of bigints truncates toward zero, and the remainder has the sign of the dividend, as the table says.
  div_int: (a: bigint, b: bigint): Outcome => (b === 0n ? error('division-by-zero') : int64(a / b)),
  // -2^63 % -1 is 0, but its quotient does not fit, and the table makes that an overflow of both.
  mod_int: (a: bigint, b: bigint): Outcome => {
    if (b === 0n) return error('division-by-zero')
    return typeof int64(a / b) === 'bigint' ? a % b : error('overflow')
  },
  abs_int: (a: bigint): Outcome => int64(a < 0n ? -a : a),
  greatest_int: (a: bigint, b: bigint): Outcome => (a >= b ? a : b),
  least_int: (a: bigint, b: bigint): Outcome => (a <= b ? a : b),
}

/** IEEE 754 arithmetic; results that are not finite are errors. */
export const doubleArithmetic = {
  neg_double: (a: number): Outcome => finite(-a),
  add_double: (a: number, b: number): Outcome => finite(a + b),
  sub_double: (a: number, b: number): Outcome => finite(a - b),
  mul_double: (a: number, b: number): Outcome => finite(a * b),
  div_double: (a: number, b: number): Outcome => (b === 0 ? error('division-by-zero') : finite(a / b)),
  abs_double: (a: number): Outcome => finite(Math.abs(a)),
  ceil: (a: number): Outcome => finite(Math.ceil(a)),
  floor: (a: number): Outcome => finite(Math.floor(a)),
  trunc: (a: number): Outcome => finite(Math.trunc(a)),
  // Not floor(|a| + 0.5): that sum rounds 0.49999999999999994 up to 1. The fraction a − trunc(a) is exact.
  round: (a: number): Outcome => {
    const whole = Math.trunc(a)
    return finite(Math.abs(a - whole) >= 0.5 ? whole + Math.sign(a) : whole)
  },
  sqrt: (a: number): Outcome => finite(Math.sqrt(a)),
  greatest_double: (a: number, b: number): Outcome => (a >= b ? a : b),
  least_double: (a: number, b: number): Outcome => (a <= b ? a : b),
  is_inf: (a: number): Outcome => a === Infinity || a === -Infinity,
}
