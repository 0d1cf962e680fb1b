import {
  clausesOf,
  type Evidence,
  type Instant,
  readWindow,
  type Statement,
  type TimeWindow,
  type WheneverClause,
  windowAt,
} from '@plumbline/core'
import type { PassContext, ToWrite } from './context.ts'
import { eventuallyStatement, sayingOf, wheneverStatement } from './event-statements.ts'
import { done, type WatchResult } from './failure.ts'
import type { EventClause } from './plan.ts'

/** The last record of a clause over events on a window. */
interface SaidBefore {
  readonly id: string
  readonly clauseDigest: string
  readonly saying: string
  readonly pending: boolean
  readonly window: TimeWindow
}

/** What the ledger says of clauses over events. */
export interface EventRecords {
  readonly observe: (evidence: Evidence) => void
  /** End of the newest window a clause was recorded on. */
  readonly closed: (clause: string) => Instant | undefined
  readonly of: (clause: string, from: Instant) => SaidBefore | undefined
  /** Windows whose obligations still have time. */
  readonly pending: (clause: string) => readonly TimeWindow[]
  readonly forget: (before: Instant) => void
}

/** Nothing is recorded yet. */
export function eventRecords(): EventRecords {
  const closed = new Map<string, Instant>()
  const records = new Map<string, Map<Instant, SaidBefore>>()
  return {
    observe({ id, statement }) {
      const { clause, relation, form, window, digests, exploratory } = statement
      if (relation !== 'system' || (form !== 'whenever' && form !== 'eventually') || exploratory === true) return
      const span = window === undefined ? undefined : readWindow(window)
      if (span === undefined) return
      closed.set(clause, Math.max(closed.get(clause) ?? span.to, span.to))
      const own = records.get(clause) ?? new Map<Instant, SaidBefore>()
      records.set(clause, own)
      const pending = statement.verdict === 'inconclusive' && statement.reason === 'pending'
      own.set(span.from, { id, clauseDigest: digests.clause, saying: sayingOf(statement), pending, window: span })
    },
    closed: (clause) => closed.get(clause),
    of: (clause, from) => records.get(clause)?.get(from),
    pending: (clause) =>
      [...(records.get(clause)?.values() ?? [])].filter((each) => each.pending).map(({ window }) => window),
    forget(before) {
      for (const own of records.values())
        for (const [from, { window, pending }] of own) if (window.to < before && !pending) own.delete(from)
    },
  }
}

/**
 * Decides clauses over events: `whenever` for what began in each window that is over, again while its obligations have
 * time, and when something came later that belongs to it; `eventually` as a whole.
 */
export async function decideEvents<Seen>(
  context: PassContext<Seen>,
  records: EventRecords,
): Promise<WatchResult<void>> {
  const { plan, events } = context
  const changed = events.takeChanged()
  const writing: ToWrite[] = []
  for (const clause of plan.events) {
    const history = events.until(knownUntil(context, clause))
    const say = (statement: Statement, window: TimeWindow): void => {
      const before = records.of(clause.id, window.from)
      if (before !== undefined && before.saying === sayingOf(statement)) return
      // What the clause asks has changed: the window was judged by what it asked then.
      if (before !== undefined && before.clauseDigest !== clause.digest && !before.pending) return
      writing.push({ statement, ...(before === undefined ? {} : { supersedes: before.id }) })
    }
    if (clause.form === 'eventually') {
      const statement = eventuallyStatement(context.program, context.toolVersion, clause, history)
      const window = statement?.window === undefined ? undefined : readWindow(statement.window)
      if (statement !== undefined && window !== undefined) say(statement, window)
    } else {
      for (const window of windowsToDecide(context, clause, records, changed))
        say(wheneverStatement(context.program, context.toolVersion, clause, window, history), window)
    }
  }
  return writing.length === 0 ? done(undefined) : context.write(writing)
}

function windowsToDecide<Seen>(
  { plan, events, now }: PassContext<Seen>,
  clause: WheneverClause,
  records: EventRecords,
  changed: ReadonlySet<Instant>,
): readonly TimeWindow[] {
  const { eventWidth, lateness } = plan
  const first = events.first()
  const closed = records.closed(clause.id)
  const begin = closed ?? (first === undefined ? undefined : windowAt(eventWidth, first).from)
  const windows = new Map(records.pending(clause.id).map((window) => [window.from, window]))
  if (begin === undefined) return []
  for (const from of changed)
    if (records.of(clause.id, from) !== undefined) windows.set(from, windowAt(eventWidth, from))
  for (let window = windowAt(eventWidth, begin); window.to + lateness <= now; window = windowAt(eventWidth, window.to))
    windows.set(window.from, window)
  return [...windows.values()].toSorted((a, b) => a.from - b.from)
}

/**
 * Before which instant every answer is known: verdicts only as far as their windows are decided. What begins something
 * may be found later; then the window it lies in is decided again.
 */
function knownUntil<Seen>({ plan, history, now }: PassContext<Seen>, clause: EventClause): Instant {
  const read = clausesOf(clause.form === 'eventually' ? clause.condition : clause.response)
  const waiting = history.waiting().filter((each) => read.has(each.clause))
  const closed = plan.windows
    .filter((line) => read.has(line.clause.id))
    .map((line) => (history.closed(line.clause.id, line.width) ?? 0) + line.width)
  return Math.min(now, ...closed, ...waiting.map(({ window }) => window.to))
}
