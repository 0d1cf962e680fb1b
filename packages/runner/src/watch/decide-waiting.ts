import { type TimeWindow, windowAt, windowText } from '@plumbline/core'
import type { PassContext } from './context.ts'
import { done, type WatchResult } from './failure.ts'
import type { WindowLine } from './plan.ts'
import { reconsider } from './reconsider.ts'
import type { StageLabels } from './stage-port.ts'

/** What was known of labels when they were last looked at. */
export interface LabelState {
  readonly stamp: string
  /** Labels come with the clock, without a change of the file. */
  readonly later: boolean
  /** Of the labels of each window and version, by `markKey`. */
  readonly marks: Readonly<Record<string, string>>
}

/** Labels of a window are looked at for so many times as long as they have time to arrive. */
const LOOKS_BACK = 2

/** Nothing is known of labels. */
export const NO_LABELS: LabelState = { stamp: '', later: true, marks: {} }

/**
 * Decides windows that wait for labels, as soon as all have come or their time is over, and looks again at windows whose
 * labels were corrected while they had time. Where nothing can have changed, nothing is read.
 */
export async function decideWaiting<Seen>(
  context: PassContext<Seen>,
  before: LabelState,
  /** Of the labels before the first window of the pass was decided. */
  stampBefore: string,
): Promise<WatchResult<LabelState>> {
  const { plan, stage, now } = context
  const within = plan.within
  const lines = plan.windows.filter(({ labelled }) => labelled)
  if (within === undefined || lines.length === 0) return done(before)
  const stamp = await stage.labelsStamp()
  const changed = before.later || stamp !== before.stamp
  let later = false
  let complete = true
  const marks: Record<string, string> = {}
  for (const [width, together] of Map.groupBy(lines, (line) => line.width)) {
    const waiting = waitingOf(context, together)
    const overdue = waiting.filter(({ to }) => now >= to + within)
    const span = openSpan(context, together, waiting, within)
    const unknown = waiting.some(
      ({ from }) => !Object.keys(before.marks).some((key) => key.startsWith(`${width} ${from} `)),
    )
    const counted =
      span !== undefined && (changed || unknown) ? await stage.labels({ window: span, now, width }) : undefined
    if (counted !== undefined && !counted.ok) {
      context.problem(counted.failure)
      complete = false
      continue
    }
    const labels = counted?.value
    later ||= labels?.later ?? (counted === undefined && before.later)
    const again = new Map(overdue.map((window) => [window.from, window]))
    if (labels === undefined) keepMarks(marks, before.marks, width, now, within)
    else {
      for (const window of changedWindows(labels, before, marks, width)) {
        if (stamp === stampBefore && context.decidedNow.has(windowText(window))) continue
        const counts = labels.counts.filter((each) => each.window.from === window.from)
        const waits = waiting.some(({ from }) => from === window.from)
        // A window that waits is decided for the versions whose labels have all come; until then there is no news.
        if (!waits || counts.some(({ served, labelled }) => served === labelled)) again.set(window.from, window)
        else if (!again.has(window.from)) reportWaiting(context, window, counts)
      }
    }
    const recalled = await context.recall(
      [...again.values()].flatMap((window) => together.map(({ clause }) => ({ clause: clause.id, window }))),
    )
    if (!recalled.ok) return recalled
    for (const window of [...again.values()].toSorted((a, b) => a.to - b.to)) {
      const closed = together.filter(({ clause }) => window.to <= (context.history.closed(clause.id, width) ?? 0))
      if (closed.length === 0) continue
      const written = await reconsider(context, { window, lines: closed })
      if (!written.ok) return written
    }
  }
  return done(complete ? { stamp, later, marks } : before)
}

/** Windows of lines that wait for labels. */
function waitingOf<Seen>({ history }: PassContext<Seen>, lines: readonly WindowLine[]): readonly TimeWindow[] {
  const clauses = new Set(lines.map(({ clause }) => clause.id))
  const width = lines[0]?.width
  const windows = new Map<number, TimeWindow>()
  for (const { clause, window } of history.waiting())
    if (clauses.has(clause) && window.to - window.from === width) windows.set(window.from, window)
  return [...windows.values()]
}

/**
 * The span of the windows that wait, and of those that are decided and may still get other labels: corrections while
 * they have time, and, for as long again, labels that arrived in time and came into the file later.
 */
function openSpan<Seen>(
  { history, now }: PassContext<Seen>,
  lines: readonly WindowLine[],
  waiting: readonly TimeWindow[],
  within: number,
): TimeWindow | undefined {
  const width = lines[0]?.width ?? 1
  const closed = Math.max(...lines.map(({ clause }) => history.closed(clause.id, width) ?? Number.NEGATIVE_INFINITY))
  if (!Number.isFinite(closed)) return undefined
  const open = windowAt(width, now - LOOKS_BACK * within - width).to
  const from = Math.min(open, ...waiting.map((window) => window.from))
  return from < closed ? { from, to: closed } : undefined
}

/** Windows whose labels are others than before; the marks of all are taken down. */
function changedWindows(
  labels: StageLabels,
  before: LabelState,
  marks: Record<string, string>,
  width: number,
): Iterable<TimeWindow> {
  const changed = new Map<number, TimeWindow>()
  for (const { window, version, mark } of labels.counts) {
    const key = markKey(width, window, version)
    marks[key] = mark
    if (mark !== before.marks[key]) changed.set(window.from, window)
  }
  return changed.values()
}

function keepMarks(
  marks: Record<string, string>,
  before: LabelState['marks'],
  width: number,
  now: number,
  within: number,
): void {
  for (const [key, mark] of Object.entries(before)) {
    const [wide = '', from = ''] = key.split(' ')
    if (Number(wide) === width && Number(from) + width + LOOKS_BACK * within > now) marks[key] = mark
  }
}

function reportWaiting<Seen>({ emit }: PassContext<Seen>, window: TimeWindow, counts: StageLabels['counts']): void {
  const sum = (of: 'served' | 'labelled'): number => counts.reduce((all, each) => all + each[of], 0)
  emit({ kind: 'labels', window, arrived: sum('labelled'), of: sum('served') })
}

function markKey(width: number, { from }: TimeWindow, version: string | null): string {
  return `${width} ${from} ${version ?? ''}`
}
