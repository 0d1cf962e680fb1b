import type { List, Uint, Value } from '../value.ts'
import { numberOf, order } from './equality.ts'
import { error, finite, type Outcome } from './implementation.ts'

const int = (value: bigint): Outcome => BigInt.asIntN(64, value)
const uint = (value: bigint): Outcome => ({ uint: BigInt.asUintN(64, value) })
const isNumber = (value: Value): boolean => numberOf(value) !== undefined

const shifted = (count: bigint, write: (count: bigint) => Outcome, zero: Outcome): Outcome =>
  count < 0n ? error('invalid-argument') : count > 63n ? zero : write(count)

function extreme(values: readonly Value[], wins: (order: number) => boolean): Outcome {
  const [first, ...rest] = values
  if (first === undefined) return error('invalid-argument')
  if (!values.every(isNumber)) return error('no-such-overload')
  return rest.reduce((best, value) => (wins(order(value, best) ?? 0) ? value : best), first)
}

/** Numbers. */
export const math = {
  abs_uint: (a: Uint): Outcome => a,
  sign_int: (a: bigint): Outcome => (a > 0n ? 1n : a < 0n ? -1n : 0n),
  sign_uint: (a: Uint): Outcome => ({ uint: a.uint > 0n ? 1n : 0n }),
  sign_double: (a: number): Outcome => (Number.isNaN(a) ? a : a > 0 ? 1 : a < 0 ? -1 : 0),
  sqrt_int: (a: bigint): Outcome => finite(Math.sqrt(Number(a))),
  sqrt_uint: (a: Uint): Outcome => Math.sqrt(Number(a.uint)),
  is_nan: (a: number): Outcome => Number.isNaN(a),
  is_finite: (a: number): Outcome => Number.isFinite(a),
  bit_and_int: (a: bigint, b: bigint): Outcome => a & b,
  bit_and_uint: (a: Uint, b: Uint): Outcome => ({ uint: a.uint & b.uint }),
  bit_or_int: (a: bigint, b: bigint): Outcome => a | b,
  bit_or_uint: (a: Uint, b: Uint): Outcome => ({ uint: a.uint | b.uint }),
  bit_xor_int: (a: bigint, b: bigint): Outcome => a ^ b,
  bit_xor_uint: (a: Uint, b: Uint): Outcome => ({ uint: a.uint ^ b.uint }),
  bit_not_int: (a: bigint): Outcome => ~a,
  bit_not_uint: (a: Uint): Outcome => uint(~a.uint),
  bit_shift_left_int: (a: bigint, n: bigint): Outcome => shifted(n, (count) => int(a << count), 0n),
  bit_shift_left_uint: (a: Uint, n: bigint): Outcome => shifted(n, (count) => uint(a.uint << count), { uint: 0n }),
  bit_shift_right_int: (a: bigint, n: bigint): Outcome =>
    shifted(n, (count) => int(BigInt.asUintN(64, a) >> count), 0n),
  bit_shift_right_uint: (a: Uint, n: bigint): Outcome => shifted(n, (count) => uint(a.uint >> count), { uint: 0n }),
  greatest_uint: (a: Uint, b: Uint): Outcome => (b.uint > a.uint ? b : a),
  greatest_any: (a: Value, b: Value): Outcome => extreme([a, b], (better) => better > 0),
  greatest_list: (a: List): Outcome => extreme(a.list, (better) => better > 0),
  least_uint: (a: Uint, b: Uint): Outcome => (b.uint < a.uint ? b : a),
  least_any: (a: Value, b: Value): Outcome => extreme([a, b], (better) => better < 0),
  least_list: (a: List): Outcome => extreme(a.list, (better) => better < 0),
}
