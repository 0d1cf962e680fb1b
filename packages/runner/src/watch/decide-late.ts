import { type TimeWindow, windowAt } from '@plumbline/core'
import type { PassContext } from './context.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import type { WindowLine } from './plan.ts'
import { reconsider } from './reconsider.ts'
import type { LogExtent } from './schedule.ts'

/** Lines and how far they were decided when the pass began. */
export type ClosedLines = ReadonlyMap<WindowLine, number>

interface Candidate {
  readonly window: TimeWindow
  readonly lines: readonly WindowLine[]
  /** Rows that came since the log was last looked at. */
  readonly late: number
}

/**
 * Looks again at windows that were decided before rows of theirs came. Whether they are other rows than those that were
 * decided on, their digests say: what a watch that was killed had not yet counted as seen gives no second record. A
 * window of which rows were removed from the log meanwhile is left as it was decided.
 */
export async function decideLate<Seen>(
  context: PassContext<Seen>,
  touched: ReadonlyMap<number, number>,
  closed: ClosedLines,
  extent: LogExtent,
): Promise<WatchResult<void>> {
  const candidates = candidatesOf(touched, closed)
  if (candidates.length === 0) return done(undefined)
  const recalled = await context.recall(
    candidates.flatMap(({ window, lines }) => lines.map(({ clause }) => ({ clause: clause.id, window }))),
  )
  if (!recalled.ok) return recalled
  for (const { window, lines, late } of candidates) {
    if (context.interrupted()) return stopped({ kind: 'interrupted' })
    const changed = await hasOtherRows(context, window, lines)
    if (!changed) continue
    context.emit({ kind: 'late-rows', window, rows: late })
    if (extent.truncated && window.from < (extent.earliest ?? Number.POSITIVE_INFINITY)) continue
    const written = await reconsider(context, { window, lines, late })
    if (!written.ok) return written
  }
  return done(undefined)
}

function candidatesOf(touched: ReadonlyMap<number, number>, closed: ClosedLines): readonly Candidate[] {
  const candidates: Candidate[] = []
  for (const [width, lines] of Map.groupBy(closed, ([line]) => line.width)) {
    const late = new Map<number, number>()
    for (const [span, rows] of touched) {
      const { from } = windowAt(width, span)
      late.set(from, (late.get(from) ?? 0) + rows)
    }
    for (const [from, rows] of late) {
      const to = from + width
      const decided = lines.flatMap(([line, until]) => (to <= until ? [line] : []))
      if (decided.length > 0) candidates.push({ window: { from, to }, lines: decided, late: rows })
    }
  }
  return candidates.toSorted((a, b) => a.window.to - b.window.to || b.window.from - a.window.from)
}

/** Whether there is a question on the window that was not answered for the rows that it has now. */
async function hasOtherRows<Seen>(
  { stage, history, now, problem }: PassContext<Seen>,
  window: TimeWindow,
  lines: readonly WindowLine[],
): Promise<boolean> {
  const snapshot = await stage.snapshot({ window, now })
  if (!snapshot.ok) {
    problem(snapshot.failure)
    return false
  }
  const recorded = lines.flatMap(({ clause }) => history.recorded(clause.id, window) ?? [])
  const answered = new Set(recorded.map((each) => keyOf(each.clause, each.slice, each.model, each.data['requests'])))
  const asked = lines.flatMap(({ clause, instances }) => instances.map(({ slice }) => [clause.id, slice.name] as const))
  return snapshot.value.some(({ version, digests }) =>
    asked.some(([clause, slice]) => !answered.has(keyOf(clause, slice, version, digests['requests']))),
  )
}

function keyOf(...parts: readonly (string | null | undefined)[]): string {
  return JSON.stringify(parts)
}
