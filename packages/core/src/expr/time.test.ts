import { expect, test } from 'vitest'
import { formatTimestamp, MAX_TIMESTAMP, MIN_TIMESTAMP, nearestTimeText, parseTimestamp } from './time.ts'

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

test('reads what other tools write as instants and durations, where only one thing can be meant', () => {
  const instants = {
    '2026-01-31': '2026-01-31T00:00:00Z',
    '2026-1-5': '2026-01-05T00:00:00Z',
    '2026-01-31 10:30': '2026-01-31T10:30:00Z',
    '2026-01-31T10:30:05.25+0100': '2026-01-31T10:30:05.25+01:00',
    '2026-01-31 10:30:00 UTC': '2026-01-31T10:30:00Z',
  }
  for (const [text, meant] of Object.entries(instants)) {
    expect(nearestTimeText('timestamp', text), text).toBe(meant)
    expect(parseTimestamp(meant)).toHaveProperty('value')
  }
  for (const text of ['31.01.2026', '2026-02-30', '2026-01', 'today', ''])
    expect(nearestTimeText('timestamp', text)).toBeUndefined()
  expect(nearestTimeText('duration', '30d')).toBe('720h')
  expect(nearestTimeText('duration', '1 week')).toBe('168h')
  for (const text of ['a month', '1y', '']) expect(nearestTimeText('duration', text)).toBeUndefined()
})
