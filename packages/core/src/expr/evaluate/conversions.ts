import { formatTimestamp, MAX_TIMESTAMP, MIN_TIMESTAMP, parseDuration, parseTimestamp } from '../time.ts'
import type { Bytes, Duration, Timestamp, Uint, Value } from '../value.ts'
import { error, finite, int64, type Outcome } from './implementation.ts'
import { typeNameOf } from './kinds.ts'
import { uint64 } from './unsigned.ts'

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

  int_of_int: (a: bigint): Outcome => a,
  int_of_uint: (a: Uint): Outcome => int64(a.uint),
  uint_of_uint: (a: Uint): Outcome => a,
  uint_of_int: (a: bigint): Outcome => uint64(a),
  uint_of_double: (a: number): Outcome => (a >= 0 && a < 2 ** 64 ? uint64(BigInt(Math.trunc(a))) : error('overflow')),
  uint_of_string: (a: string): Outcome => (/^[0-9]+$/.test(a) ? uint64(readInteger(a)) : error('invalid-conversion')),
  double_of_double: (a: number): Outcome => a,
  double_of_uint: (a: Uint): Outcome => Number(a.uint),
  string_of_string: (a: string): Outcome => a,
  string_of_uint: (a: Uint): Outcome => String(a.uint),
  string_of_double: (a: number): Outcome => (Object.is(a, -0) ? '-0' : String(a)),
  string_of_bytes: (a: Bytes): Outcome => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(a.bytes)
    } catch {
      return error('invalid-conversion')
    }
  },
  string_of_timestamp: (a: Timestamp): Outcome => formatTimestamp(a.timestamp),
  string_of_duration: (a: Duration): Outcome => durationText(a.duration),
  bytes_of_bytes: (a: Bytes): Outcome => a,
  bytes_of_string: (a: string): Outcome => ({ bytes: new TextEncoder().encode(a) }),
  bool_of_bool: (a: boolean): Outcome => a,
  bool_of_string: (a: string): Outcome => {
    if (['1', 't', 'true', 'TRUE', 'True'].includes(a)) return true
    return ['0', 'f', 'false', 'FALSE', 'False'].includes(a) ? false : error('invalid-conversion')
  },
  timestamp_of_timestamp: (a: Timestamp): Outcome => a,
  timestamp_of_string: (a: string): Outcome => {
    const reading = parseTimestamp(a)
    return 'problem' in reading ? error('invalid-conversion') : { timestamp: reading.value }
  },
  timestamp_of_int: (a: bigint): Outcome => {
    const micros = a * SECOND
    return micros < MIN_TIMESTAMP || micros > MAX_TIMESTAMP ? error('overflow') : { timestamp: micros }
  },
  duration_of_duration: (a: Duration): Outcome => a,
  duration_of_string: (a: string): Outcome => {
    const reading = parseDuration(a)
    return 'problem' in reading ? error('invalid-conversion') : { duration: reading.value }
  },
  dyn: (a: Value): Outcome => a,
  type: (a: Value): Outcome => ({ type: typeNameOf(a) }),
}

/** Microseconds as CEL writes a duration: seconds with an `s`, without trailing zeros. */
export function durationText(micros: bigint): string {
  const magnitude = micros < 0n ? -micros : micros
  const fraction = String(magnitude % SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${micros < 0n ? '-' : ''}${magnitude / SECOND}${fraction === '' ? '' : `.${fraction}`}s`
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
