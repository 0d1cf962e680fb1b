import type { HostClock } from '../host.ts'

/** What happens to a system in production, and what an event of that kind says; a closed list. */
export const eventKinds = {
  'guard.started': 'A guard answers requests. Subject: the role it serves. Digest: the version it loaded.',
  'guard.stopped':
    'A guard has answered its last request. Subject: the role it served. Digest: the version it had loaded.',
  'requests.dropped': 'Old segments of the log of requests were removed, as its bound on disk asks. Subject: the role.',
  'version.promoted': 'The registry names another champion. Subject: the model. Digest: the version.',
  'version.deployed':
    'A version was loaded, and read back as what it is. Subject: the role. Digest: the version read back.',
  'version.mismatch': 'What was read back is not what was to be loaded. Subject: the role. Digest: the version wanted.',
  'version.rolled-back': 'The version before was brought back. Subject: the model. Digest: the version brought back.',
  'labels.arrived': 'Labels were joined to requests. Subject: the file of labels. Digest: that of the file.',
  'alert.sent': 'An alert was accepted by its receiver. Subject: the clause it tells of.',
  'alert.failed': 'An alert was given up, or waits for a receiver that is down. Subject: the clause it tells of.',
  'retrain.suspected': 'Something asks for a retraining. Subject: the clause, `new-data`, `schedule` or `command`.',
  'retrain.decided': 'It was decided to retrain. Subject: what asked for it. Digest: the version in production.',
  'retrain.trained': 'The stages made a challenger. Subject: what asked for it. Digest: the challenger.',
  'retrain.validated':
    'The challenger was tested on data and model. Subject: what asked for it. Digest: the challenger.',
  'retrain.staged':
    'The challenger answered in staging, and was tested there. Subject: as before. Digest: the challenger.',
  'retrain.promoted': 'The challenger was made the champion. Subject: what asked for it. Digest: the challenger.',
  'retrain.refused':
    'There is no new champion: the detail says why. Subject: what asked for it. Digest: the challenger, if any.',
  'retrain.verified':
    'The new champion was read back from production. Subject: what asked for it. Digest: the version.',
} as const satisfies Readonly<Record<string, string>>

/** The kind of an event. */
export type EventKind = keyof typeof eventKinds

/** One event: a row of the relation `system`. */
export type SystemEvent = {
  /** When it happened, RFC 3339 in UTC. */
  readonly at: string
  readonly kind: EventKind
  /** What it happened to, as its kind says. */
  readonly subject: string
  /** The version or file it speaks of, `sha256:…`; empty where there is none. */
  readonly digest: string
  /** Whatever else is worth keeping; no clause reads it. */
  readonly detail?: Readonly<Record<string, EventDetail>>
}

/** A value of an event's detail: plain JSON. */
export type EventDetail =
  | string
  | number
  | boolean
  | null
  | readonly EventDetail[]
  | { readonly [name: string]: EventDetail }

/** The body of the ledger's record of an event. */
export type EventRecord = {
  readonly kind: 'event'
  readonly event: SystemEvent
  /** The time was that of `--clock`. */
  readonly clock?: 'simulated'
}

/** The record of something that happens now. */
export function eventNow(clock: HostClock, event: Omit<SystemEvent, 'at'>): EventRecord {
  const at = new Date(clock.now()).toISOString()
  return { kind: 'event', event: { at, ...event }, ...clockMark(clock) }
}

/** What a record made under a clock must say of it: nothing, or that the time was simulated. */
export function clockMark(clock: HostClock): { readonly clock?: 'simulated' } {
  return clock.simulated === true ? { clock: 'simulated' } : {}
}
