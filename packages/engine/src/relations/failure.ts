import type { ErrorReason } from '@plumbline/core'

/** Why a relation or a column of it cannot be read; becomes the `error` verdict of the clauses that need it. */
export interface ReadFailure {
  readonly reason: ErrorReason
  /** What, why, what to do. */
  readonly cause: string
}

/** A value, or why it cannot be read. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ReadFailure }

/** A `Read` that holds a value. */
export function found<T>(value: T): Read<T> {
  return { ok: true, value }
}

/** A `Read` that holds a failure. */
export function unreadable(reason: ErrorReason, cause: string): Read<never> {
  return { ok: false, failure: { reason, cause } }
}
