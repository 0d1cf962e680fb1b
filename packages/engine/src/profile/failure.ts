/** Why a file has no profile: what, why, what to do. */
export interface ProfileFailure {
  readonly code: ProfileFailureCode
  readonly message: string
  readonly why: string
  readonly fix: string
}

/** `interrupted` and `engine` are not about the file. */
export type ProfileFailureCode =
  | 'no-file'
  | 'empty-file'
  | 'no-rows'
  | 'no-columns'
  | 'not-text'
  | 'not-parquet'
  | 'compressed'
  | 'unreadable'
  | 'interrupted'
  | 'engine'

/** A profile, or why there is none. */
export type Profiled<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ProfileFailure }

/** A `Profiled` that holds a value. */
export function profiled<T>(value: T): Profiled<T> {
  return { ok: true, value }
}

/** A `Profiled` that holds a failure. */
export function notProfiled(code: ProfileFailureCode, message: string, why: string, fix: string): Profiled<never> {
  return { ok: false, failure: { code, message, why, fix } }
}
