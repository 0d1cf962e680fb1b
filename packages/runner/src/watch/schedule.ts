import { type TimeWindow, windowAt } from '@plumbline/core'

/** One clause on windows of one width, and how far it is decided. */
export interface Line {
  readonly clause: string
  /** Microseconds. */
  readonly width: number
  /** End of the newest window there is evidence of; absent before the first. */
  readonly closed?: number
}

/** What the log of requests still holds. Instants in microseconds since 1970 UTC. */
export interface LogExtent {
  /** The oldest row; absent where there is none. */
  readonly earliest?: number
  /** Whether rows before it were removed, as the bound of the log asks. */
  readonly truncated: boolean
}

/** A window that is over, and the lines that were not asked about it. */
export interface DueWindow {
  readonly window: TimeWindow
  readonly lines: readonly Line[]
  /** Rows of it may have been removed before it was decided: what is left would give a verdict on something else. */
  readonly lost: boolean
}

/**
 * The windows that are over at `now` (end + lateness) and undecided, the earliest end first, empty ones included. A line
 * without evidence begins with the window of the oldest row, or with the first whole window where rows were removed.
 */
export function* dueWindows(
  lines: readonly Line[],
  extent: LogExtent,
  now: number,
  lateness: number,
): Generator<DueWindow> {
  const cursors = lines.flatMap((line) => {
    const from = beginOf(line, extent)
    return from === undefined ? [] : [{ line, next: { from, to: from + line.width } }]
  })
  while (true) {
    let first: TimeWindow | undefined
    for (const { next } of cursors) if (first === undefined || comesBefore(next, first)) first = next
    if (first === undefined || first.to + lateness > now) return
    const { from, to } = first
    const together = cursors.filter(({ next }) => next.from === from && next.to === to)
    for (const cursor of together) cursor.next = { from: to, to: to + cursor.line.width }
    const lost = extent.truncated && from < (extent.earliest ?? Number.POSITIVE_INFINITY)
    yield { window: { from, to }, lines: together.map(({ line }) => line), lost }
  }
}

function beginOf({ closed, width }: Line, { earliest, truncated }: LogExtent): number | undefined {
  if (closed !== undefined) return closed
  if (earliest === undefined) return undefined
  const first = windowAt(width, earliest)
  return truncated && first.from < earliest ? first.to : first.from
}

function comesBefore(a: TimeWindow, b: TimeWindow): boolean {
  return a.to < b.to || (a.to === b.to && a.from > b.from)
}
