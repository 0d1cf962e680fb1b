import type { QueryError, QueryErrorCode } from '../duckdb/failure.ts'

/** Codes of PostgreSQL (SQLSTATE; a class where two letters) for what a plan treats differently. */
const CODES: readonly (readonly [RegExp, QueryErrorCode])[] = [
  [/^57014$/, 'timeout'],
  [/^(57P0\d|08...|25P03)$/, 'connection-lost'],
  [/^22/, 'invalid-input'],
  [/^53200$/, 'out-of-memory'],
  [/^(53|58|54)/, 'io'],
]

/** What the client library or the server raised, in words without the statement and its values. */
export function queryFailure(thrown: unknown, timeoutMs?: number): QueryError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const state = stateOf(thrown)
  const code: QueryErrorCode =
    state === undefined ? 'connection-lost' : (CODES.find(([pattern]) => pattern.test(state))?.[1] ?? 'query')
  return { code, cause: causeOf(code, message, state, timeoutMs), message }
}

function causeOf(
  code: QueryErrorCode,
  message: string,
  state: string | undefined,
  timeoutMs: number | undefined,
): string {
  switch (code) {
    case 'timeout':
      return timeoutMs === undefined
        ? 'PostgreSQL cancelled the statement: it took longer than the server allows, or somebody ended it there. Set `statement_timeout` of the engine, or ask for less.'
        : `PostgreSQL cancelled the statement: it took longer than ${timeoutMs} ms, which \`statement_timeout\` of the engine allows. Raise it, or ask for less.`
    case 'connection-lost':
      return `The connection to PostgreSQL was lost (${message}). What was decided before is kept; run again when the server answers.`
    default:
      return state === '42501'
        ? `PostgreSQL refused: ${message}. The user of the connection needs SELECT on the table.`
        : `PostgreSQL: ${message}`
  }
}

/** The SQLSTATE of an error of the server; undefined for one of the network, which carries a code of the system. */
export function stateOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
