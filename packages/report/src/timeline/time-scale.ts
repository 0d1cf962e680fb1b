import { type Html, trusted } from '../html.ts'
import type { TimeSpan } from '../production/span.ts'
import { DAY_MS, dateText, dayText, instantText } from '../words/time.ts'

/** An axis of time from instants (milliseconds since 1970 UTC) to percent of its width. */
export interface TimeScale extends TimeSpan {
  /** 0 to 100; instants beyond the axis are at its ends. */
  readonly at: (instant: number) => number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const STEPS = [
  ...[1, 5, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 4, 7, 14, 28, 56, 112, 364].map((n) => n * DAY_MS),
]
const MOST_TICKS = 12

/** The axis of a span, with ticks at whole minutes, hours or days. */
export function timeScale({ from, to }: TimeSpan): TimeScale {
  const at = (instant: number): number => ((Math.min(to, Math.max(from, instant)) - from) / (to - from)) * 100
  const span = to - from
  const step = STEPS.find((size) => span / size <= MOST_TICKS) ?? Math.ceil(span / MOST_TICKS / DAY_MS) * DAY_MS
  const unit = step < DAY_MS ? step : DAY_MS
  const first = Math.ceil(from / unit) * unit
  const label = step < DAY_MS ? instantText : span > 300 * DAY_MS ? dateText : dayText
  const count = Math.min(MOST_TICKS + 1, Math.floor((to - first) / step) + 1)
  const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => ({
    at: first + i * step,
    label: label(first + i * step),
  }))
  return { from, to, at, ticks }
}

/** A coordinate along the axis: `12.34%`. */
export function percent(value: number): Html {
  return trusted(`${Math.round(value * 100) / 100}%`)
}
