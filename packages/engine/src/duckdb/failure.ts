/** What kind of refusal a statement met. */
export type QueryErrorCode =
  | 'interrupted'
  /** Whoever answered has gone; nothing more comes. */
  | 'connection-lost'
  /** One statement took longer than it may. */
  | 'timeout'
  | 'not-available'
  | 'invalid-input'
  | 'out-of-memory'
  | 'io'
  | 'query'

/** A statement that gave no result. A value, never an exception: data is expected to be wrong. */
export interface QueryError {
  readonly code: QueryErrorCode
  /** The message of the engine, first paragraph, without its advice. */
  readonly cause: string
  /** The whole text the engine gave. */
  readonly message: string
  /** 0-based offset in the statement the engine's caret points at, where it gave one. */
  readonly offset?: number
}

/** A result or a `QueryError`. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: QueryError }

/** An `Outcome` that holds a value. */
export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

/** An `Outcome` that holds a failure. */
export function fail(code: QueryErrorCode, cause: string): Outcome<never> {
  return { ok: false, error: { code, cause, message: cause } }
}

const KINDS: readonly (readonly [RegExp, QueryErrorCode])[] = [
  [/^INTERRUPT/i, 'interrupted'],
  [/^Out of Memory/i, 'out-of-memory'],
  [/^(Invalid Input|Conversion|Out of Range)/i, 'invalid-input'],
  [/^(IO|HTTP|Permission) Error/i, 'io'],
]

/** DuckDB's error objects carry only a text: a kind, a message, and at times a line with a caret under it. */
export function parseFailure(thrown: unknown): QueryError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const code = KINDS.find(([pattern]) => pattern.test(message))?.[1] ?? 'query'
  const cause = withoutAdvice(message)
  const offset = caretOffset(message)
  return offset === undefined ? { code, cause, message } : { code, cause, message, offset }
}

/** What was wrong, without the option list and the hints that speak of DuckDB's own settings. */
function withoutAdvice(message: string): string {
  const kept: string[] = []
  for (const line of message.split('\n')) {
    if (/^(Possible (fixes|Solution)|LINE \d+:|Stack Trace:|\s+file = )/i.test(line)) break
    if (line.trim() !== '') kept.push(line.trim())
  }
  const text = kept.join('; ')
  return text.length > 600 ? `${text.slice(0, 600)}…` : text
}

function caretOffset(message: string): number | undefined {
  const lines = message.split('\n')
  const at = lines.findIndex((line) => /^LINE \d+: /.test(line))
  const shown = lines[at]
  const caret = lines[at + 1]?.indexOf('^') ?? -1
  if (at < 0 || shown === undefined || caret < 0) return undefined
  return Math.max(0, caret - (/^LINE \d+: /.exec(shown)?.[0].length ?? 0))
}
