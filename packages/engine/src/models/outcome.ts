/** What went wrong, as data: `code` is stable and namespaced, `message` says what and what to do, `details` lists facts. */
export interface EngineFailure {
  readonly code: `engine/${string}`
  readonly message: string
  readonly details?: Readonly<Record<string, string | number | readonly string[] | readonly number[]>>
}

/** The value, or the failure: expected failures of this package are never thrown. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: EngineFailure }

/** Wraps a value. */
export function success<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

/** Wraps a failure. */
export function failure(
  code: EngineFailure['code'],
  message: string,
  details?: EngineFailure['details'],
): { readonly ok: false; readonly error: EngineFailure } {
  return { ok: false, error: details === undefined ? { code, message } : { code, message, details } }
}

/** The text of anything thrown, for a failure that wraps a library's exception. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Whether a signal was given and is aborted; asked anew after each wait. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

/** The failure of work that was told to stop. */
export function interrupted(): Outcome<never> {
  return failure('engine/interrupted', 'The prediction was interrupted.')
}
