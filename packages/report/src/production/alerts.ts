import type { EventEntry } from '../input.ts'
import { readInstant } from '../words/time.ts'

/** What became of an alert at a receiver. */
export interface AlertEntry {
  readonly event: EventEntry
  /** Milliseconds since 1970 UTC. */
  readonly at: number
  /** `sent`: of a violation; `resolved`: that it is over; `failed`: the receiver did not take it. */
  readonly outcome: 'sent' | 'resolved' | 'failed'
  /** The receiver as the spec names it; empty where the event does not say. */
  readonly receiver: string
}

/** The alerts among the events, in their order. */
export function readAlerts(events: readonly EventEntry[]): readonly AlertEntry[] {
  return events.flatMap((event): readonly AlertEntry[] => {
    if (event.kind !== 'alert.sent' && event.kind !== 'alert.failed') return []
    const at = readInstant(event.at)
    if (at === undefined) return []
    const { status, name } = event.detail ?? {}
    const outcome = event.kind === 'alert.failed' ? 'failed' : status === 'resolved' ? 'resolved' : 'sent'
    return [{ event, at, outcome, receiver: typeof name === 'string' ? name : '' }]
  })
}
