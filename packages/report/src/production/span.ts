import type { EventEntry, ReportInput } from '../input.ts'
import { readInstant } from '../words/time.ts'
import type { Lane } from './lanes.ts'
import type { Tenure } from './versions.ts'

/** A span of time in milliseconds since 1970 UTC; `to` is greater than `from`. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/**
 * What the axis of time covers: all windows, and what happened beside them, up to a tenth beyond; an event of another year
 * (told by another clock) does not press the rest into a corner. Without windows, the events and promotions themselves.
 */
export function timeSpan(
  lanes: readonly Lane[],
  events: readonly EventEntry[],
  tenures: readonly Tenure[],
): TimeSpan | undefined {
  const happened = [...events.flatMap(({ at }) => readInstant(at) ?? []), ...tenures.flatMap(({ from }) => from ?? [])]
  const whole = windowSpan(lanes)
  if (whole === undefined) return spanOf(happened)
  const { from: first, to: last } = whole
  const width = lanes[0]?.windows[0]
  const room = Math.max((last - first) / 10, width === undefined ? 0 : width.to - width.from)
  const near = happened.filter((at) => at >= first - room && at <= last + room)
  return spanOf([first, last, ...near])
}

/** From the beginning of the first window to the end of the last; what was found at an instant is no window. */
export function windowSpan(lanes: readonly Lane[]): TimeSpan | undefined {
  const windows = lanes.flatMap((lane) => lane.windows).filter(({ from, to }) => to > from)
  return spanOf(windows.flatMap(({ from, to }) => [from, to]))
}

function spanOf(instants: readonly number[]): TimeSpan | undefined {
  if (instants.length === 0) return undefined
  const [from, to] = [least(instants), greatest(instants)]
  return { from, to: to > from ? to : from + 1 }
}

// Spread into Math.min, hundreds of thousands of instants would not fit the stack.
const least = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
const greatest = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)

/** Whether any of the records was made under `--clock`. */
export function isSimulated({ evidence, events = [] }: Pick<ReportInput, 'evidence' | 'events'>): boolean {
  return evidence.some(({ run }) => run.clock === 'simulated') || events.some(({ clock }) => clock === 'simulated')
}
