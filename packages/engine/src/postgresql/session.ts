import { integerLiteral, render, type Sql, sql } from '@plumbline/core'
import type { CustomTypesConfig, QueryArrayResult } from 'pg'
import { fail, type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import type { Cell } from '../engines/database.ts'
import type { DatabaseSession, SessionRules } from '../engines/queued-session.ts'
import { cellReaders, numberReader } from './cells.ts'
import type { Connected } from './connect.ts'
import { queryFailure } from './failure.ts'
import { postgresqlSpelling } from './spelling.ts'

/** What a session reads and writes texts by, whatever server and role are set to; nothing may depend on those settings. */
const SETTINGS: readonly string[] = [
  `SET LOCAL TimeZone = 'UTC'`,
  `SET LOCAL DateStyle = 'ISO, YMD'`,
  `SET LOCAL extra_float_digits = 1`,
  `SET LOCAL standard_conforming_strings = on`,
  `SET LOCAL transform_null_equals = off`,
  // Rows in the order they are stored, so that the failing rows that are shown are the same ones again.
  `SET LOCAL synchronize_seqscans = off`,
  // Between two statements intervals may be computed here for minutes.
  `SET LOCAL idle_in_transaction_session_timeout = 0`,
]

/**
 * Opens the one transaction of a session: read only, and repeatable read, so that every statement sees the rows as the first
 * one did. A statement that fails is undone to a savepoint, which keeps what is seen.
 */
export async function beginSession(connected: Connected, rules: SessionRules): Promise<Outcome<DatabaseSession>> {
  const { client } = connected
  const timeout = rules.statementTimeoutMs
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    for (const setting of SETTINGS) await client.query(setting)
    if (timeout !== undefined)
      await client.query(render(sql`SET LOCAL statement_timeout = ${integerLiteral(BigInt(Math.trunc(timeout)))}`))
    await client.query('SAVEPOINT plumb')
  } catch (thrown) {
    await client.end().catch(() => undefined)
    return { ok: false, error: queryFailure(thrown, timeout) }
  }
  return succeed(sessionOn(connected, rules))
}

function sessionOn(connected: Connected, { statementTimeoutMs, signal }: SessionRules): DatabaseSession {
  const { client, library } = connected
  let last: Promise<unknown> = Promise.resolve()
  let lost: QueryError | undefined
  let running = false
  const onAbort = () => {
    if (running) void cancel(connected)
  }
  signal?.addEventListener('abort', onAbort)

  const attempt = async (statement: Sql, types: CustomTypesConfig): Promise<Outcome<QueryArrayResult<Cell[]>>> => {
    if (signal?.aborted === true) return fail('interrupted', 'Interrupted.')
    if (lost !== undefined) return { ok: false, error: lost }
    running = true
    try {
      return succeed(await client.query<Cell[]>({ text: render(statement), rowMode: 'array', types }))
    } catch (thrown) {
      const error = queryFailure(thrown, statementTimeoutMs)
      if (error.code === 'connection-lost') lost = error
      // What failed is undone before the next one; the snapshot is that of the transaction.
      else
        await client.query('ROLLBACK TO SAVEPOINT plumb').catch((again: unknown) => void (lost = queryFailure(again)))
      return aborted(signal) ? fail('interrupted', 'Interrupted.') : { ok: false, error }
    } finally {
      running = false
    }
  }
  const queued = (statement: Sql, types: CustomTypesConfig) => {
    const next = last.then(() => attempt(statement, types))
    last = next
    return next
  }
  // The reader of arrays is part of the library, and of its types not.
  const { arrayParser } = library.types as unknown as { readonly arrayParser: Parameters<typeof cellReaders>[0] }
  const cells = { getTypeParser: cellReaders(arrayParser) } as unknown as CustomTypesConfig
  const numbers = { getTypeParser: numberReader } as unknown as CustomTypesConfig
  return {
    spelling: postgresqlSpelling,
    async query(statement) {
      const result = await queued(statement, cells)
      if (!result.ok) return result
      const { fields, rows } = result.value
      return succeed({
        rows: rows.length,
        columns: new Map(fields.map(({ name }, i) => [name, rows.map((row) => row[i] ?? null)])),
      })
    },
    async numbers(statement) {
      const result = await queued(statement, numbers)
      if (!result.ok) return result
      const { fields, rows } = result.value
      return succeed(
        fields.map((_, i) =>
          Float64Array.from(rows, (row) => {
            const cell = row[i]
            return typeof cell === 'number' ? cell : Number.NaN
          }),
        ),
      )
    },
    async close() {
      signal?.removeEventListener('abort', onAbort)
      if (running) await cancel(connected)
      await client.end().catch(() => undefined)
    },
  }
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

/**
 * Asks the server to end the statement that runs, from a connection of its own as psql does. Where none can be had the
 * connection itself is cut: nothing more is waited for here.
 */
async function cancel({ client, again }: Connected): Promise<void> {
  const other = again()
  try {
    await other.connect()
    const { processID } = client as unknown as { readonly processID: number }
    await other.query(render(sql`SELECT pg_cancel_backend(${integerLiteral(BigInt(processID))})`))
  } catch {
    await client.end().catch(() => undefined)
  } finally {
    await other.end().catch(() => undefined)
  }
}
