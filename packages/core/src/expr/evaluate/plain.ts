import type { RowFunctionName } from '../functions/row-functions.ts'
import type { Implementation, Outcome } from './implementation.ts'

/** Where CEL as it stands differs from our rules for cells: IEEE 754 arithmetic, whose infinities and NaN are values. */
export const plainImplementations: Partial<Record<RowFunctionName, Implementation>> = {
  neg_double: (a: number): Outcome => -a,
  add_double: (a: number, b: number): Outcome => a + b,
  sub_double: (a: number, b: number): Outcome => a - b,
  mul_double: (a: number, b: number): Outcome => a * b,
  div_double: (a: number, b: number): Outcome => a / b,
  abs_double: (a: number): Outcome => Math.abs(a),
  ceil: (a: number): Outcome => Math.ceil(a),
  floor: (a: number): Outcome => Math.floor(a),
  trunc: (a: number): Outcome => Math.trunc(a),
  // Halves go away from zero; the fraction of a double is exact.
  round: (a: number): Outcome => {
    const whole = Math.trunc(a)
    return Math.abs(a - whole) >= 0.5 ? whole + Math.sign(a) : whole
  },
  sqrt: (a: number): Outcome => Math.sqrt(a),
  sqrt_int: (a: bigint): Outcome => Math.sqrt(Number(a)),
  double_of_string: (a: string): Outcome =>
    /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(a)
      ? Number(a)
      : /^[+-]?(?:inf|infinity)$/i.test(a)
        ? a.startsWith('-')
          ? -Infinity
          : Infinity
        : /^nan$/i.test(a)
          ? NaN
          : { error: 'invalid-conversion' },
}
