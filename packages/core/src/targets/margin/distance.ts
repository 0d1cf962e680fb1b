import type { Value } from '../../expr/value.ts'

const MICROS = 1e6

/**
 * How far the left value lies above the right one: numbers in their own unit, times and durations in seconds; undefined
 * for what is not ordered by distance. It is 0 exactly where both are equal, whatever rounding does to the difference.
 */
export function distance(left: Value, right: Value): number | undefined {
  const [a, b] = [quantity(left), quantity(right)]
  if (a === undefined || b === undefined || a.unit !== b.unit) return undefined
  // JavaScript compares a bigint and a number as the exact numbers they are.
  if (a.value === b.value || (!(a.value < b.value) && !(a.value > b.value))) return 0
  const exact = typeof a.value === 'bigint' && typeof b.value === 'bigint'
  const difference = exact ? Number((a.value as bigint) - (b.value as bigint)) : Number(a.value) - Number(b.value)
  const size = Math.abs(a.unit === 'time' ? difference / MICROS : difference)
  // Different numbers may have the same float64; they are apart nevertheless.
  return (a.value > b.value ? 1 : -1) * (size > 0 ? size : Number.MIN_VALUE)
}

function quantity(value: Value): { readonly unit: 'number' | 'time'; readonly value: bigint | number } | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return { unit: 'number', value }
  if (typeof value !== 'object') return undefined
  if ('timestamp' in value && typeof value.timestamp === 'bigint') return { unit: 'time', value: value.timestamp }
  return 'duration' in value && typeof value.duration === 'bigint' ? { unit: 'time', value: value.duration } : undefined
}
