import type { Verdict } from '../evidence/evidence.ts'

/** An instant: whole microseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** An event of `system` as time clauses read it. */
export interface TimedEvent {
  readonly at: Instant
  readonly kind: string
  readonly subject: string
  readonly digest: string
}

/** What a clause was found to be on one window of `requests`, over its slices; it is known as of the window's end. */
export interface WindowVerdict {
  readonly clause: string
  readonly from: Instant
  readonly to: Instant
  readonly verdict: Verdict
}

/** All that time clauses read. */
export interface History {
  /** In the order in which they were recorded; it decides between events of one instant. */
  readonly events: readonly TimedEvent[]
  /** One for each clause and window: the last that was recorded. */
  readonly verdicts: readonly WindowVerdict[]
  /** Every event and verdict before this instant is here. Only what is due before it can be overdue. */
  readonly knownUntil: Instant
}

/** Over the slices and windows that say something about one instant: error > violated > inconclusive > satisfied. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const found = new Set(verdicts)
  return (['error', 'violated', 'inconclusive', 'satisfied'] as const).find((each) => found.has(each)) ?? 'skipped'
}
