import { type EventDetail, type EventKind, eventNow, type HostClock, type SystemEvent } from '@plumbline/core'
import type { LedgerBody, LedgerRecord } from '@plumbline/store'

/** Why a retraining ended without a new champion; a closed list. */
export type RefusalReason =
  /** Before the decision: what asked for it was taken back by later evidence, or spoke of another version. */
  | 'no-longer-asked'
  /** After the decision: another version came into production, so the challenger was made for one that is gone. */
  | 'version-replaced'
  /** Too few labelled requests to learn from. */
  | 'too-few-labels'
  /** The labelled requests could not be written. */
  | 'window-failed'
  /** A stage of the pipeline failed, or may not be started. */
  | 'stages-failed'
  /** The stages made no model. */
  | 'no-candidate'
  /** They made the model that is in production already. */
  | 'unchanged'
  /** They made a version that was taken out of production. */
  | 'taken-out-before'
  /** The model file is not the one that was trained. */
  | 'candidate-changed'
  | 'gate-closed'
  | 'release-failed'
  | 'not-promoted'
  /** It was promoted, and something else was read back. */
  | 'not-deployed'

/** A transition of the loop, ready for the ledger. */
export function transition(
  clock: HostClock,
  kind: EventKind,
  cycle: { readonly cause: string; readonly subject: string },
  digest: string,
  detail: Readonly<Record<string, EventDetail>> = {},
): LedgerBody {
  return eventNow(clock, { kind, subject: cycle.subject, digest, detail: { ...detail, cause: cycle.cause } }) as never
}

/** The event of a record; undefined for other records, and for one that only says it is an event. */
export function eventIn({ body }: LedgerRecord): SystemEvent | undefined {
  if (body.kind !== 'event') return undefined
  const event = body['event'] as unknown as Partial<SystemEvent> | undefined
  const { at, kind, subject, digest } = event ?? {}
  const texts = [at, kind, subject, digest].every((text) => typeof text === 'string')
  return texts && Number.isFinite(Date.parse(at ?? '')) ? (event as SystemEvent) : undefined
}

/** An instant as microseconds since 1970 UTC; undefined for what is none. */
export function microsOf(instant: unknown): number | undefined {
  const millis = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  return Number.isFinite(millis) ? millis * 1000 : undefined
}

/** Microseconds since 1970 UTC as an instant (RFC 3339, to the millisecond). */
export function instantOf(micros: number): string {
  return new Date(micros / 1000).toISOString()
}
