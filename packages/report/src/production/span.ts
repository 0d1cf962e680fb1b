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
  const windows = lanes.flatMap((lane) => lane.windows)
  if (windows.length === 0) return spanOf(happened)
  const first = least(windows.map(({ from }) => from))
  const last = greatest(windows.map(({ to }) => to))
  const room = Math.max((last - first) / 10, ...windows.slice(0, 1).map(({ from, to }) => to - from))
  const near = happened.filter((at) => at >= first - room && at <= last + room)
  return spanOf([first, last, ...near])
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
