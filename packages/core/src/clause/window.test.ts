import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readWindow, windowAt, WINDOW_ORIGIN, windowText } from './window.ts'

const SECOND = 1_000_000
const HOUR = 3600 * SECOND
const DAY = 24 * HOUR
const at = (text: string): number => Date.parse(text) * 1000

describe('windows of time', () => {
  test.each([
    ['2026-01-07T12:00:00Z', DAY, '2026-01-07T00:00:00Z/2026-01-08T00:00:00Z'],
    ['2026-01-07T00:00:00Z', DAY, '2026-01-07T00:00:00Z/2026-01-08T00:00:00Z'],
    ['2026-01-06T23:59:59.999Z', DAY, '2026-01-06T00:00:00Z/2026-01-07T00:00:00Z'],
    // Leap days, and the years in which a century has none.
    ['2028-02-29T23:00:00Z', DAY, '2028-02-29T00:00:00Z/2028-03-01T00:00:00Z'],
    ['2100-02-28T10:00:00Z', DAY, '2100-02-28T00:00:00Z/2100-03-01T00:00:00Z'],
    ['2024-12-31T23:59:59Z', HOUR, '2024-12-31T23:00:00Z/2025-01-01T00:00:00Z'],
    // A week begins on a Monday.
    ['2026-01-07T12:00:00Z', 7 * DAY, '2026-01-05T00:00:00Z/2026-01-12T00:00:00Z'],
    // Night of a change to summer time in many countries: UTC knows nothing of it.
    ['2026-03-29T01:30:00Z', DAY, '2026-03-29T00:00:00Z/2026-03-30T00:00:00Z'],
    // Before 1970, and before the origin.
    ['1969-12-31T12:00:00Z', DAY, '1969-12-31T00:00:00Z/1970-01-01T00:00:00Z'],
    ['1999-12-31T23:59:59.500Z', SECOND / 2, '1999-12-31T23:59:59.5Z/2000-01-01T00:00:00Z'],
  ])('%s lies in %s', (instant, width, expected) => {
    expect(windowText(windowAt(width, at(instant)))).toBe(expected)
  })

  test('each instant lies in exactly one window of a width, and windows follow on each other', () => {
    const instant = fc.integer({ min: at('1900-01-01T00:00:00Z'), max: at('2200-01-01T00:00:00Z') })
    const width = fc.oneof(fc.integer({ min: 1, max: 400 * DAY }), fc.constantFrom(SECOND, HOUR, DAY, 7 * DAY))
    fc.assert(
      fc.property(instant, width, (now, wide) => {
        const window = windowAt(wide, now)
        expect(window.to - window.from).toBe(wide)
        expect(window.from <= now && now < window.to).toBe(true)
        expect(Math.abs((window.from - WINDOW_ORIGIN) % wide)).toBe(0)
        expect(windowAt(wide, window.to)).toEqual({ from: window.to, to: window.to + wide })
        expect(windowAt(wide, window.from)).toEqual(window)
        expect(readWindow(windowText(window))).toEqual(window)
      }),
    )
  })

  test.each([
    '',
    '2026-01-07T00:00:00Z',
    'a/b',
    '2026-01-08T00:00:00Z/2026-01-07T00:00:00Z',
    '2026-01-07T00:00:00Z/2026-01-07T00:00:00Z',
    '2026-01-07T00:00:00Z/2026-01-08T00:00:00Z/x',
  ])('%j is no window', (text) => expect(readWindow(text)).toBeUndefined())
})
