import type { MapValue, Value } from '../value.ts'
import { compareText } from './compare.ts'
import { kindOf } from './kinds.ts'

/** The number of a numeric value, comparable with others by `<` and `==` whatever their kinds; undefined for others. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value
  return typeof value === 'object' && 'uint' in value ? (value as { readonly uint: bigint }).uint : undefined
}

/** CEL's equality of any two values: numbers by value, parts by their equality, other kinds differ. NaN equals nothing. */
export function equal(a: Value, b: Value): boolean {
  const [left, right] = [numberOf(a), numberOf(b)]
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number of the same value are equal here
  if (left !== undefined && right !== undefined) return left == right
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if ('timestamp' in a && 'timestamp' in b) return a.timestamp === b.timestamp
  if ('duration' in a && 'duration' in b) return a.duration === b.duration
  if ('bytes' in a && 'bytes' in b) return compareBytes(a.bytes as Uint8Array, b.bytes as Uint8Array) === 0
  if ('type' in a && 'type' in b) return a.type === b.type
  if ('null' in a && 'null' in b) return true
  if ('optional' in a && 'optional' in b) {
    return a.optional === undefined || b.optional === undefined
      ? a.optional === b.optional
      : equal(a.optional as Value, b.optional as Value)
  }
  if ('list' in a && 'list' in b) {
    const [x, y] = [a.list as readonly Value[], b.list as readonly Value[]]
    return x.length === y.length && x.every((part, i) => equal(part, y[i] as Value))
  }
  if ('map' in a && 'map' in b) {
    const [x, y] = [a as MapValue, b as MapValue]
    if (x.map.size !== y.map.size) return false
    return [...x.map].every(([key, entry]) => {
      const other = y.map.get(key)
      return other !== undefined && equal(entry.value, other.value)
    })
  }
  return a === b
}

/** Octet by octet. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Negative, zero or positive for values of one ordered kind (numbers of any kind); undefined where there is no order. */
export function order(a: Value, b: Value): number | undefined {
  const [left, right] = [numberOf(a), numberOf(b)]
  if (left !== undefined && right !== undefined)
    return left < right ? -1 : left > right ? 1 : left === left && right === right ? 0 : undefined
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return undefined
  switch (kind) {
    case 'bool':
      return Number(a) - Number(b)
    case 'string':
      return compareText(a as string, b as string)
    case 'bytes':
      return compareBytes((a as { bytes: Uint8Array }).bytes, (b as { bytes: Uint8Array }).bytes)
    case 'timestamp':
      return Number((a as { timestamp: bigint }).timestamp - (b as { timestamp: bigint }).timestamp)
    case 'duration':
      return Number((a as { duration: bigint }).duration - (b as { duration: bigint }).duration)
    default:
      return undefined
  }
}

/** The identity of a key: ints, uints and whole doubles of the same value are the same key; undefined for what is no key. */
export function mapKey(value: Value): string | undefined {
  const number = numberOf(value)
  if (number !== undefined)
    return Number.isInteger(number) || typeof number === 'bigint' ? `n${BigInt(number)}` : `d${number}`
  if (typeof value === 'string') return `s${value}`
  return typeof value === 'boolean' ? `b${value}` : undefined
}

/** Whether a value may be a key of a map that is written out. */
export function isKey(value: Value): boolean {
  return typeof value !== 'number' && mapKey(value) !== undefined
}
