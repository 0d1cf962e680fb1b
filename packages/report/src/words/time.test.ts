import { describe, expect, test } from 'vitest'
import { DAY_MS, instantText, lastingText, readInstant, spanText } from './time.ts'

const at = (text: string): number => readInstant(text) ?? Number.NaN

describe('spans of time in words', () => {
  test.each([
    ['2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z', '7 Jan'],
    ['2026-01-07T00:00:00Z', '2026-01-14T00:00:00Z', '7 to 13 Jan'],
    ['2026-01-30T00:00:00Z', '2026-02-02T00:00:00Z', '30 Jan to 1 Feb'],
    ['2025-12-31T00:00:00Z', '2026-01-02T00:00:00Z', '31 Dec 2025 to 1 Jan 2026'],
    ['2026-01-07T06:00:00Z', '2026-01-07T12:00:00Z', '7 Jan 06:00 to 12:00'],
    ['2026-01-07T18:00:00Z', '2026-01-08T00:00:00Z', '7 Jan 18:00 to 00:00'],
    ['2026-01-07T18:00:00Z', '2026-01-09T06:00:00Z', '7 Jan 18:00 to 9 Jan 06:00'],
    ['2026-01-07T18:05:00Z', '2026-01-07T18:05:00Z', '7 Jan 18:05'],
  ])('%s/%s', (from, to, words) => {
    expect(spanText(at(from), at(to))).toBe(words)
  })

  test('the year is named on demand', () => {
    expect(spanText(at('2026-01-07T00:00:00Z'), at('2026-01-09T00:00:00Z'), true)).toBe('7 to 8 Jan 2026')
  })

  test('beyond the calendar there is still a text', () => {
    expect(instantText(9e15)).toContain('9')
    expect(readInstant('yesterday')).toBeUndefined()
  })

  test.each([
    [400, '0 s'],
    [75_000, '1 min'],
    [75 * 60_000, '1 h 15 min'],
    [DAY_MS, '1 day'],
    [6 * DAY_MS + 3_600_000, '6 days 1 h'],
  ])('%d ms last', (ms, words) => {
    expect(lastingText(ms)).toBe(words)
  })
})
