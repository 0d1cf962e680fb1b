import type { QueryError, QueryErrorCode } from '../duckdb/failure.ts'

/** What a server of Trino refused, by the name it gives: `TABLE_NOT_FOUND`. */
export class TrinoError extends Error {
  readonly errorName: string
  constructor(errorName: string, message: string) {
    super(message)
    this.errorName = errorName
  }
}

/** The name of an error of the server; undefined for what is none. */
export const nameOf = (thrown: unknown): string | undefined =>
  thrown instanceof TrinoError ? thrown.errorName : undefined

/** Whether the server refused who asks. */
export const isRefused = (thrown: unknown): boolean => /^HTTP_(401|403)$/.test(nameOf(thrown) ?? '')

const KINDS: readonly (readonly [RegExp, QueryErrorCode])[] = [
  [/^(INVALID_CAST_ARGUMENT|DIVISION_BY_ZERO|NUMERIC_VALUE_OUT_OF_RANGE|INVALID_FUNCTION_ARGUMENT)$/, 'invalid-input'],
  [/MEMORY/, 'out-of-memory'],
  [/^(EXCEEDED_TIME_LIMIT)$/, 'timeout'],
  [/^(HTTP_\d+|SERVER_SHUTTING_DOWN|SERVER_STARTING_UP|NO_NODES_AVAILABLE|OTHER_SERVER)$/, 'connection-lost'],
]

/** What the server or the network raised, in words. */
export function queryFailure(thrown: unknown, timeoutMs?: number): QueryError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (timeoutMs !== undefined)
    return {
      code: 'timeout',
      cause: `Trino was told to end the statement: it took longer than ${timeoutMs} ms, which \`statement_timeout\` of the engine allows. Raise it, or ask for less.`,
      message,
    }
  const name = nameOf(thrown)
  const code = KINDS.find(([pattern]) => pattern.test(name ?? 'HTTP_0'))?.[1] ?? 'query'
  if (code === 'connection-lost')
    return {
      code,
      cause: `The connection to Trino was lost (${firstLine(message)}). What was decided before is kept; run again when the server answers.`,
      message,
    }
  return { code, cause: `Trino: ${firstLine(message)}`, message: `[${name}] ${message}` }
}

/** The first line, without the place in a statement that nobody wrote. */
export function firstLine(message: string): string {
  const line = (message.split('\n')[0] ?? '').replace(/^line \d+:\d+: /, '').replace(/[;.]$/, '')
  return line.length > 400 ? `${line.slice(0, 400)}…` : line
}
