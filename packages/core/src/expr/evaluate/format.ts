import { formatTimestamp } from '../time.ts'
import type { List, MapValue, Value } from '../value.ts'
import { durationText } from './conversions.ts'
import { compareText } from './compare.ts'
import { error, type Outcome } from './implementation.ts'
import { kindOf } from './kinds.ts'

/** Longest fraction that `%.nf` and `%.ne` write. */
const MAX_PRECISION = 100

/** `"%d of %s".format([1, "a"])`: the clauses %s %d %f %e %b %o %x %X, and %%. */
export function format(template: string, { list }: List): Outcome {
  let used = 0
  let failed: Outcome | undefined
  const text = template.replace(/%(?:\.([0-9]+))?([\s\S]?)/gu, (whole, precision: string | undefined, verb: string) => {
    if (verb === '%' && precision === undefined) return '%'
    const value = list[used]
    used += 1
    const written =
      value === undefined || (precision !== undefined && verb !== 'f' && verb !== 'e')
        ? undefined
        : writeVerb(verb, value, precision === undefined ? 6 : Number(precision))
    if (written === undefined) failed ??= error('invalid-argument')
    return written ?? whole
  })
  return failed ?? text
}

function writeVerb(verb: string, value: Value, precision: number): string | undefined {
  switch (verb) {
    case 's':
      return plainText(value)
    case 'd':
      return decimal(value)
    case 'f':
    case 'e':
      return precision > MAX_PRECISION ? undefined : float(verb, value, precision)
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : inBase(value, 2)
    case 'o':
      return inBase(value, 8)
    case 'x':
      return hexadecimal(value)
    case 'X':
      return hexadecimal(value)?.toUpperCase()
    default:
      return undefined
  }
}

function integer(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'object' && 'uint' in value ? (value as { uint: bigint }).uint : undefined
}

const special = (value: number): string | undefined =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? undefined : value > 0 ? 'Infinity' : '-Infinity'

function decimal(value: Value): string | undefined {
  if (typeof value === 'number') return special(value)
  return integer(value)?.toString()
}

function inBase(value: Value, base: number): string | undefined {
  return integer(value)?.toString(base)
}

function float(verb: 'f' | 'e', value: Value, precision: number): string | undefined {
  const whole = integer(value)
  const number = whole === undefined ? value : Number(whole)
  if (typeof number !== 'number') return undefined
  const word = special(number)
  if (word !== undefined) return word
  if (verb === 'e') return number.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
  return fixed(number, precision)
}

/** Exactly rounded, halves to even. `toFixed` sends halves up. */
function fixed(number: number, precision: number): string {
  const [mantissa, exponent] = parts(Math.abs(number))
  const scaled = mantissa * 10n ** BigInt(precision)
  let whole = exponent >= 0 ? scaled << BigInt(exponent) : scaled >> BigInt(-exponent)
  const rest = exponent >= 0 ? 0n : scaled - (whole << BigInt(-exponent))
  const half = exponent >= 0 ? 1n : 1n << BigInt(-exponent - 1)
  if (exponent < 0 && (rest > half || (rest === half && whole % 2n === 1n))) whole += 1n
  const digits = String(whole).padStart(precision + 1, '0')
  const point = digits.length - precision
  const sign = number < 0 || Object.is(number, -0) ? '-' : ''
  return `${sign}${digits.slice(0, point)}${precision === 0 ? '' : `.${digits.slice(point)}`}`
}

/** A finite number as a whole number times a power of two. */
function parts(number: number): readonly [mantissa: bigint, exponent: number] {
  if (number === 0) return [0n, 0]
  let exponent = 0
  let mantissa = number
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent -= 1
  }
  return [BigInt(mantissa), exponent]
}

function hexadecimal(value: Value): string | undefined {
  const octets =
    typeof value === 'string'
      ? new TextEncoder().encode(value)
      : kindOf(value) === 'bytes'
        ? (value as { bytes: Uint8Array }).bytes
        : undefined
  if (octets === undefined) return inBase(value, 16)
  return [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('')
}

/** `%s` of a value; lists and maps (by key) hold `%s` of their parts. */
function plainText(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return special(value) ?? fixedText(value)
  if (typeof value !== 'object') return String(value)
  switch (kindOf(value)) {
    case 'uint':
      return String((value as { uint: bigint }).uint)
    case 'bytes':
      return new TextDecoder('utf-8').decode((value as { bytes: Uint8Array }).bytes)
    case 'timestamp':
      return formatTimestamp((value as { timestamp: bigint }).timestamp)
    case 'duration':
      return durationText((value as { duration: bigint }).duration)
    case 'type':
      return (value as { type: string }).type
    case 'null':
      return 'null'
    case 'list': {
      const parts = (value as List).list.map(plainText)
      return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`
    }
    case 'map': {
      const entries = [...(value as MapValue).map.values()].map(({ key, value: part }) => [
        plainText(key),
        plainText(part),
      ])
      if (entries.some((entry) => entry.includes(undefined))) return undefined
      return `{${entries
        .toSorted(([a = ''], [b = '']) => compareText(a, b))
        .map(([key, part]) => `${key}: ${part}`)
        .join(', ')}}`
    }
    default:
      return undefined
  }
}

/** The shortest digits, never with an exponent. */
function fixedText(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  if (Math.abs(value) >= 1) return String(BigInt(value))
  const [digits = '', exponent = '0'] = text.split('e-')
  const plain = digits.replace(/[-.]/g, '')
  return `${value < 0 ? '-' : ''}0.${'0'.repeat(Number(exponent) - 1)}${plain}`
}
