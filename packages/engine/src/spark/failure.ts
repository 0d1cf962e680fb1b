import type { QueryError, QueryErrorCode } from '../duckdb/failure.ts'

/** Codes of gRPC for what is treated differently (https://grpc.io/docs/guides/status-codes/). */
const GRPC = { cancelled: 1, unknown: 2, deadline: 4, denied: 7, unavailable: 14, unauthenticated: 16 } as const

/** The number of gRPC that an error carries; undefined for one that is no answer. */
export function statusOf(thrown: unknown): number | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'number' ? code : undefined
}

/** Whether the server refused who asks. */
export const isRefused = (thrown: unknown): boolean =>
  statusOf(thrown) === GRPC.unauthenticated || statusOf(thrown) === GRPC.denied

/** `[TABLE_OR_VIEW_NOT_FOUND] The table …`, in whatever stands around it. */
const CONDITION = /\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\] ([\s\S]*)/

/** The condition of Spark that an error names, `TABLE_OR_VIEW_NOT_FOUND`; undefined for one that names none. */
export const conditionOf = (message: string): string | undefined => CONDITION.exec(message)?.[1]

const KINDS: readonly (readonly [RegExp, QueryErrorCode])[] = [
  [/^(CAST_|DIVIDE_BY_ZERO|ARITHMETIC_|NUMERIC_|INVALID_ARRAY|DATETIME_)/, 'invalid-input'],
  [/^(FAILED_READ_FILE|PATH_NOT_FOUND|CANNOT_READ)/, 'io'],
  [/OUT_OF_MEMORY/, 'out-of-memory'],
]

/** What the server or the network raised, in words without the statement and its plan. */
export function queryFailure(thrown: unknown, timeoutMs?: number): QueryError {
  const message = textOf(thrown)
  const condition = conditionOf(message)
  if (timeoutMs !== undefined)
    return {
      code: 'timeout',
      cause: `Spark was told to end the statement: it took longer than ${timeoutMs} ms, which \`statement_timeout\` of the engine allows. Raise it, or ask for less.`,
      message,
    }
  if (condition === undefined && isLost(thrown))
    return {
      code: 'connection-lost',
      cause: `The connection to Spark was lost (${firstLine(message)}). What was decided before is kept; run again when the server answers.`,
      message,
    }
  const code = KINDS.find(([pattern]) => pattern.test(condition ?? ''))?.[1] ?? 'query'
  return { code, cause: `Spark: ${firstLine(message)}`, message }
}

function isLost(thrown: unknown): boolean {
  const status = statusOf(thrown)
  return status === undefined || status === GRPC.unavailable || status === GRPC.cancelled || status === GRPC.deadline
}

/** The message without the library's own prefix. */
export const textOf = (thrown: unknown): string =>
  thrown instanceof Error && 'rawMessage' in thrown ? String(thrown.rawMessage) : String(thrown)

/** The sentence that says what was wrong, without advice, plan and stack. */
export function firstLine(message: string): string {
  const told = CONDITION.exec(message)?.[2] ?? message
  const line = (told.split('\n')[0] ?? '').replace(/ SQLSTATE: \w+.*$/, '').replace(/[;.]$/, '')
  return line.length > 400 ? `${line.slice(0, 400)}…` : line
}
