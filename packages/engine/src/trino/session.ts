import { type Sql, trino } from '@plumbline/core'
import { fail, type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import type { StatementProgress } from '../engines/drivers.ts'
import type { TrinoClient } from './client.ts'
import { queryFailure } from './failure.ts'
import { numbersOf, tableOf, type TrinoResult } from './result.ts'
import { trinoSpelling } from './spelling.ts'

/** How statements are run. */
export interface SessionRules {
  readonly statementTimeoutMs?: number
  readonly signal?: AbortSignal
  /** Hears how far a statement is. */
  readonly onProgress?: (progress: StatementProgress) => void
}

/** Statements to a coordinator. */
export interface TrinoSession extends Database {
  close(): Promise<void>
}

/** Statements one after another; none raises. */
export function sessionOn(client: TrinoClient, rules: SessionRules): TrinoSession {
  const { signal, statementTimeoutMs, onProgress } = rules
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let lost: QueryError | undefined

  const attempt = async (statement: Sql): Promise<Outcome<TrinoResult>> => {
    if (signal?.aborted === true) return fail('interrupted', 'Interrupted.')
    if (lost !== undefined) return { ok: false, error: lost }
    const late = statementTimeoutMs === undefined ? undefined : AbortSignal.timeout(statementTimeoutMs)
    const ending = [signal, late, closing.signal].filter((each) => each !== undefined)
    try {
      return succeed(
        await client.execute(trino.renderTrino(statement), {
          signal: AbortSignal.any(ending),
          ...(onProgress === undefined ? {} : { onProgress }),
        }),
      )
    } catch (thrown) {
      if (aborted(signal) || aborted(closing.signal)) return fail('interrupted', 'Interrupted.')
      const error = queryFailure(thrown, late?.aborted === true ? statementTimeoutMs : undefined)
      if (error.code === 'connection-lost') lost = error
      return { ok: false, error }
    }
  }
  const queued = (statement: Sql) => {
    const next = last.then(() => attempt(statement))
    last = next
    return next
  }
  return {
    spelling: trinoSpelling,
    async query(statement) {
      const result = await queued(statement)
      return result.ok ? succeed(tableOf(result.value)) : result
    },
    async numbers(statement) {
      const result = await queued(statement)
      return result.ok ? succeed(numbersOf(result.value)) : result
    },
    async close() {
      closing.abort()
      await last
    },
  }
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true
