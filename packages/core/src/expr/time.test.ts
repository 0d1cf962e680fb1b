import { expect, test } from 'vitest'
import { formatTimestamp, MAX_TIMESTAMP, MIN_TIMESTAMP, parseTimestamp } from './time.ts'

test('timestamps are written as RFC 3339, without trailing zeros', () => {
  expect(formatTimestamp(0n)).toBe('1970-01-01T00:00:00Z')
  expect(formatTimestamp(-1n)).toBe('1969-12-31T23:59:59.999999Z')
  expect(formatTimestamp(1_700_000_000_500_000n)).toBe('2023-11-14T22:13:20.5Z')
  for (const value of [MIN_TIMESTAMP, MAX_TIMESTAMP, 1n, -1_000_001n])
    expect(parseTimestamp(formatTimestamp(value))).toEqual({ value })
})

test('a cell may lie beyond the years of the language, and beyond every calendar', () => {
  expect(formatTimestamp(MAX_TIMESTAMP + 1n)).toBe('+010000-01-01T00:00:00Z')
  expect(formatTimestamp(2n ** 63n - 1n)).toBe('9223372036854775807 µs')
})
