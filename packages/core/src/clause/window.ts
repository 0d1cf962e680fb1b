import { formatTimestamp, parseTimestamp } from '../expr/time.ts'

/** A half-open span of time [from, to), in microseconds since 1970 UTC; both are safe integers. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}

/**
 * Where the count of windows begins: 2000-01-03T00:00:00Z, a Monday, so that weeks begin on Mondays, and days, hours and
 * whatever else divides a day where the clock says so. DuckDB's and TimescaleDB's `time_bucket` begin there, too.
 */
export const WINDOW_ORIGIN = 946_857_600_000_000

/** The tumbling window of a width (microseconds, at least 1) that an instant lies in. */
export function windowAt(width: number, instant: number): TimeWindow {
  const offset = instant - WINDOW_ORIGIN
  const from = WINDOW_ORIGIN + (offset - (((offset % width) + width) % width))
  return { from, to: from + width }
}

/** A window as evidence names it: `2026-01-07T00:00:00Z/2026-01-08T00:00:00Z`, the end not included (ISO 8601). */
export function windowText({ from, to }: TimeWindow): string {
  return `${formatTimestamp(BigInt(from))}/${formatTimestamp(BigInt(to))}`
}

/** Reads what `windowText` writes; undefined for anything else. */
export function readWindow(text: string): TimeWindow | undefined {
  const [first, second, ...more] = text.split('/')
  if (first === undefined || second === undefined || more.length > 0) return undefined
  const [from, to] = [parseTimestamp(first), parseTimestamp(second)]
  if (!('value' in from) || !('value' in to) || to.value <= from.value) return undefined
  return { from: Number(from.value), to: Number(to.value) }
}
