import {
  clausesOf,
  type EventRecord,
  eventKinds,
  type History,
  type Instant,
  parseTimestamp,
  type TimedEvent,
  type TimeWindow,
  type Verdict,
  windowAt,
  worstVerdict,
} from '@plumbline/core'
import type { LedgerRecord } from '@plumbline/store'
import type { EventClause } from './plan.ts'
import { partKey, type Recorded } from './window-history.ts'

/** What clauses over events read: events of the ledger, and the verdicts of windows that they name. */
export interface EventHistory {
  readonly observeEvent: (event: TimedEvent) => void
  /** Takes the record of a window; one of a clause that no clause over events names is passed over. */
  readonly observeWindow: (recorded: Recorded) => void
  /** All of it that is remembered, for somebody who knows everything before an instant. */
  readonly until: (knownUntil: Instant) => History
  /** The first event or decided window there ever was. */
  readonly first: () => Instant | undefined
  /** Windows, by their beginning, into which something came since the last call. */
  readonly takeChanged: () => ReadonlySet<Instant>
  /** Forgets what lies before an instant, but for the very first event: `eventually` counts from it. */
  readonly forget: (before: Instant) => void
}

/** The event of a record; undefined for other records, and for what only says it is one. */
export function eventIn({ body }: LedgerRecord): TimedEvent | undefined {
  if (body.kind !== 'event') return undefined
  const { at, kind, subject, digest } = (body as unknown as Partial<EventRecord>).event ?? {}
  const read = typeof at === 'string' ? parseTimestamp(at) : undefined
  if (read === undefined || !('value' in read)) return undefined
  if (typeof kind !== 'string' || !Object.hasOwn(eventKinds, kind)) return undefined
  if (typeof subject !== 'string' || typeof digest !== 'string') return undefined
  return { at: Number(read.value), kind, subject, digest }
}

/** The ids of the clauses whose verdicts a clause over events reads. */
function clausesRead(clause: EventClause): ReadonlySet<string> {
  if (clause.form === 'eventually') return clausesOf(clause.condition)
  return new Set([...clausesOf(clause.trigger), ...clausesOf(clause.response)])
}

/** An empty history for some clauses; `width` is that of the windows in which they are recorded. */
export function eventHistory(clauses: readonly EventClause[], width: number): EventHistory {
  const named = new Set(clauses.flatMap((clause) => [...clausesRead(clause)]))
  let earliest: TimedEvent | undefined
  let events: TimedEvent[] = []
  /** By clause and window, then by slice and version. */
  const verdicts = new Map<
    string,
    { readonly clause: string; readonly window: TimeWindow; readonly parts: Map<string, Verdict> }
  >()
  let changed = new Set<Instant>()
  let first: Instant | undefined
  const touch = (at: Instant): void => {
    changed.add(windowAt(width, at).from)
    if (first === undefined || at < first) first = at
  }
  return {
    observeEvent(event) {
      if (clauses.length === 0) return
      if (earliest === undefined || event.at < earliest.at) earliest = event
      events.push(event)
      touch(event.at)
    },
    observeWindow(recorded) {
      const { clause, window, verdict } = recorded
      if (!named.has(clause)) return
      const key = JSON.stringify([clause, window.from, window.to])
      const known = verdicts.get(key) ?? { clause, window, parts: new Map<string, Verdict>() }
      verdicts.set(key, known)
      known.parts.set(partKey(recorded), verdict)
      // A window that no version had answered, and now one has: what was said of nobody is overtaken.
      if (recorded.model !== null) known.parts.delete(partKey({ slice: recorded.slice, model: null }))
      touch(window.to)
    },
    until(knownUntil) {
      const all = earliest === undefined || events.includes(earliest) ? events : [earliest, ...events]
      return {
        knownUntil,
        events: all,
        verdicts: [...verdicts.values()].map(({ clause, window, parts }) => ({
          clause,
          ...window,
          verdict: worstVerdict(parts.values()),
        })),
      }
    },
    first: () => first,
    takeChanged() {
      const taken = changed
      changed = new Set()
      return taken
    },
    forget(before) {
      events = events.filter(({ at }) => at >= before)
      for (const [key, { window }] of verdicts) if (window.to < before) verdicts.delete(key)
    },
  }
}
