import type { HostError } from '@plumbline/core'

/** Why the log could not do what it was asked. Nothing of it is the fault of the row, except `too-large`. */
export type RequestLogFailure =
  /** The disk refused; `no-space` is among the kinds. The log goes on when the disk does. */
  | { readonly kind: 'host'; readonly error: HostError }
  /** Another process, or another log of this one, writes into the directory. */
  | { readonly kind: 'in-use'; readonly directory: string }
  /** More rows wait for the disk than memory is set aside for. */
  | { readonly kind: 'overloaded'; readonly waitingBytes: number }
  /** A row longer than what can be read back. */
  | { readonly kind: 'too-large'; readonly length: number; readonly limit: number }
  | { readonly kind: 'closed' }
  /** A closed segment could not be turned into Parquet; its rows stay where they are. */
  | { readonly kind: 'compaction'; readonly file: string; readonly cause: string }

/** A value, or why there is none. */
export type LogResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: RequestLogFailure }

/** A `LogResult` that holds a value. */
export function logged<T>(value: T): LogResult<T> {
  return { ok: true, value }
}

/** A `LogResult` that holds a failure. */
export function notLogged(failure: RequestLogFailure): { readonly ok: false; readonly failure: RequestLogFailure } {
  return { ok: false, failure }
}

/** The failure as a sentence for a person: what happened, and what to do. */
export function requestLogFailureText(failure: RequestLogFailure): string {
  switch (failure.kind) {
    case 'host':
      return failure.error.kind === 'no-space'
        ? `${failure.error.message}. Make room, or lower the bound of the log; it goes on by itself.`
        : `${failure.error.message}.`
    case 'in-use':
      return `Another process writes the log of requests in ${failure.directory}. Stop it, or serve from another directory.`
    case 'overloaded':
      return `${failure.waitingBytes} bytes of rows wait for the disk, which does not keep up.`
    case 'too-large':
      return `A row of ${failure.length} characters is not logged: the limit is ${failure.limit}.`
    case 'closed':
      return 'The log of requests is closed.'
    case 'compaction':
      return `${failure.file} could not be turned into Parquet: ${failure.cause} Its rows stay as they are.`
  }
}
