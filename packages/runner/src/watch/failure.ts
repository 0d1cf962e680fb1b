import type { HostError } from '@plumbline/core'
import type { LedgerFailure } from '@plumbline/store'

/** Why a watch cannot go on. What was decided before stays decided. */
export type WatchFailure =
  | { readonly kind: 'ledger'; readonly failure: LedgerFailure }
  | { readonly kind: 'host'; readonly error: HostError }
  /** Another watch of the project is at work. */
  | { readonly kind: 'in-use' }
  | { readonly kind: 'interrupted' }

/** A value, or the failure that ended the watch. */
export type WatchResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: WatchFailure }

/** A `WatchResult` that holds a value. */
export function done<T>(value: T): WatchResult<T> {
  return { ok: true, value }
}

/** A `WatchResult` that holds a failure. */
export function stopped(failure: WatchFailure): { readonly ok: false; readonly failure: WatchFailure } {
  return { ok: false, failure }
}
