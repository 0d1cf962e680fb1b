import type { Bytes, Uint } from '../value.ts'
import { compareBytes } from './equality.ts'
import { error, type Outcome } from './implementation.ts'

/** A uint, or `overflow` outside of [0, 2^64). */
export function uint64(value: bigint): Outcome {
  return BigInt.asUintN(64, value) === value ? { uint: value } : error('overflow')
}

type Numeric = bigint | number
const compared = <P extends string>(prefix: P, test: (order: number) => boolean) => {
  // With NaN there is no order: every test of it is false.
  const numbers = (a: Numeric, b: Numeric): Outcome => (a < b ? test(-1) : a > b ? test(1) : a == b && test(0))
  const table = {
    uint: (a: Uint, b: Uint): Outcome => numbers(a.uint, b.uint),
    bytes: (a: Bytes, b: Bytes): Outcome => test(compareBytes(a.bytes, b.bytes)),
    int_uint: (a: bigint, b: Uint): Outcome => numbers(a, b.uint),
    uint_int: (a: Uint, b: bigint): Outcome => numbers(a.uint, b),
    double_uint: (a: number, b: Uint): Outcome => numbers(a, b.uint),
    uint_double: (a: Uint, b: number): Outcome => numbers(a.uint, b),
  }
  return Object.fromEntries(Object.entries(table).map(([name, fn]) => [`${prefix}_${name}`, fn])) as {
    readonly [K in keyof typeof table as `${P}_${K}`]: (typeof table)[K]
  }
}

/** Unsigned integers and octets. */
export const unsigned = {
  ...compared('lt', (order) => order < 0),
  ...compared('le', (order) => order <= 0),
  ...compared('gt', (order) => order > 0),
  ...compared('ge', (order) => order >= 0),
  add_uint: (a: Uint, b: Uint): Outcome => uint64(a.uint + b.uint),
  sub_uint: (a: Uint, b: Uint): Outcome => uint64(a.uint - b.uint),
  mul_uint: (a: Uint, b: Uint): Outcome => uint64(a.uint * b.uint),
  div_uint: (a: Uint, b: Uint): Outcome => (b.uint === 0n ? error('division-by-zero') : uint64(a.uint / b.uint)),
  mod_uint: (a: Uint, b: Uint): Outcome => (b.uint === 0n ? error('division-by-zero') : uint64(a.uint % b.uint)),
  add_bytes: (a: Bytes, b: Bytes): Outcome => ({ bytes: new Uint8Array([...a.bytes, ...b.bytes]) }),
}
