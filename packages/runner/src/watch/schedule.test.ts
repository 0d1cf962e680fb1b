import { windowText } from '@plumbline/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueWindows, type Line, type LogExtent } from './schedule.ts'

const HOUR = 3_600_000_000
const DAY = 24 * HOUR
const at = (text: string): number => Date.parse(text) * 1000
const line = (clause: string, width: number, closed?: string): Line => ({
  clause,
  width,
  ...(closed === undefined ? {} : { closed: at(closed) }),
})
const due = (lines: readonly Line[], extent: LogExtent, now: string, lateness = 0) =>
  [...dueWindows(lines, extent, at(now), lateness)].map(
    ({ window, lines: asked, lost }) =>
      `${windowText(window).replaceAll(':00:00Z', '')} ${asked.map(({ clause }) => clause).join('+')}${lost ? ' lost' : ''}`,
  )

describe('windows that are due', () => {
  const extent = { earliest: at('2026-01-01T05:30:00Z'), truncated: false }

  test('a window is over when its end and the lateness have passed, to the microsecond', () => {
    expect(due([line('a', DAY)], extent, '2026-01-01T23:59:59.999Z')).toEqual([])
    expect(due([line('a', DAY)], extent, '2026-01-02T00:00:00Z')).toEqual(['2026-01-01T00/2026-01-02T00 a'])
    expect(due([line('a', DAY)], extent, '2026-01-02T00:59:59.999Z', HOUR)).toEqual([])
    expect(due([line('a', DAY)], extent, '2026-01-02T01:00:00Z', HOUR)).toEqual(['2026-01-01T00/2026-01-02T00 a'])
  })

  test('lines go on where they were; what was never asked begins with the oldest row', () => {
    expect(due([line('a', DAY, '2026-01-03T00:00:00Z'), line('new', DAY)], extent, '2026-01-04T00:00:00Z')).toEqual([
      '2026-01-01T00/2026-01-02T00 new',
      '2026-01-02T00/2026-01-03T00 new',
      '2026-01-03T00/2026-01-04T00 a+new',
    ])
  })

  test('widths are decided side by side, the earliest end first', () => {
    const lines = [line('day', DAY), line('half', 12 * HOUR)]
    expect(due(lines, extent, '2026-01-02T12:00:00Z')).toEqual([
      '2026-01-01T00/2026-01-01T12 half',
      '2026-01-01T12/2026-01-02T00 half',
      '2026-01-01T00/2026-01-02T00 day',
      '2026-01-02T00/2026-01-02T12 half',
    ])
  })

  test('nothing is due without rows, before the first end, and when the clock has gone back', () => {
    expect(due([line('a', DAY)], { truncated: false }, '2030-01-01T00:00:00Z')).toEqual([])
    expect(due([line('a', DAY, '2026-01-03T00:00:00Z')], extent, '2026-01-01T00:00:00Z')).toEqual([])
  })

  test('a line that was asked before goes on without rows', () => {
    expect(due([line('a', DAY, '2026-02-28T00:00:00Z')], { truncated: false }, '2026-03-02T00:00:00Z')).toEqual([
      '2026-02-28T00/2026-03-01T00 a',
      '2026-03-01T00/2026-03-02T00 a',
    ])
  })

  test('where the log was cut, a new line begins with a whole window, and an old one says what it lost', () => {
    const cut = { earliest: at('2026-01-03T05:00:00Z'), truncated: true }
    expect(due([line('new', DAY)], cut, '2026-01-05T00:00:00Z')).toEqual(['2026-01-04T00/2026-01-05T00 new'])
    expect(due([line('a', DAY, '2026-01-02T00:00:00Z')], cut, '2026-01-05T00:00:00Z')).toEqual([
      '2026-01-02T00/2026-01-03T00 a lost',
      '2026-01-03T00/2026-01-04T00 a lost',
      '2026-01-04T00/2026-01-05T00 a',
    ])
    expect(due([line('a', DAY, '2026-01-03T00:00:00Z')], { truncated: true }, '2026-01-04T00:00:00Z')).toEqual([
      '2026-01-03T00/2026-01-04T00 a lost',
    ])
  })
})

test('agrees with counting through every window of every width', () => {
  const HOURS = 400
  const begin = at('2026-02-20T00:00:00Z')
  const instant = fc.integer({ min: 0, max: HOURS }).map((hour) => begin + hour * HOUR + 1)
  const widths = fc.constantFrom(1, 2, 3, 5, 12, 24, 36, 168)
  const lines = fc.array(fc.record({ width: widths, closed: fc.option(instant) }), { maxLength: 4 })
  fc.assert(
    fc.property(lines, fc.option(instant), instant, fc.nat(30), (given, earliest, now, late) => {
      const asked: Line[] = given.map(({ width, closed }, i) => ({
        clause: `c${i}`,
        width: width * HOUR,
        ...(closed === null ? {} : { closed: startOf(width * HOUR, closed) }),
      }))
      const extent = { ...(earliest === null ? {} : { earliest }), truncated: false }
      const found = [...dueWindows(asked, extent, now, late * HOUR)]
      const expected: string[] = []
      for (const { clause, width, closed } of asked) {
        // Every hour that could begin a window of the width, counted from the Monday that is the origin.
        for (let from = begin - 200 * HOUR; from <= begin + 2 * HOURS * HOUR; from += HOUR) {
          if ((from - at('2000-01-03T00:00:00Z')) % width !== 0) continue
          const over = from + width + late * HOUR <= now
          const wanted = closed !== undefined ? from >= closed : earliest !== null && from + width > earliest
          if (over && wanted) expected.push(`${clause} ${windowText({ from, to: from + width })}`)
        }
      }
      const named = found.flatMap(({ window, lines: of }) => of.map(({ clause }) => `${clause} ${windowText(window)}`))
      expect(named.toSorted()).toEqual(expected.toSorted())
      const ends = found.map(({ window }) => window.to)
      expect(ends).toEqual(ends.toSorted((a, b) => a - b))
      const windows = found.map(({ window }) => windowText(window))
      expect(new Set(windows).size).toBe(windows.length)
    }),
    { numRuns: 100 },
  )
})

/** The beginning of the window of an instant, by counting. */
function startOf(width: number, instant: number): number {
  let from = at('2025-12-29T00:00:00Z')
  while ((from - at('2000-01-03T00:00:00Z')) % width !== 0) from -= HOUR
  while (from + width <= instant) from += width
  return from
}
