import { type Sql, spark } from '@plumbline/core'
import { fail, type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import type { StatementProgress } from '../engines/drivers.ts'
import { type ArrowReading, numbersOf, tableOf } from './arrow-result.ts'
import type { SparkClient } from './client.ts'
import { queryFailure } from './failure.ts'
import { sparkSpelling } from './spelling.ts'

/** How statements are run. */
export interface SessionRules {
  readonly statementTimeoutMs?: number
  readonly signal?: AbortSignal
  /** Hears how far a statement is. */
  readonly onProgress?: (progress: StatementProgress) => void
}

/** A session of Spark, set so that expressions mean what they say. */
export interface SparkSession extends Database {
  close(): Promise<void>
}

/** Statements one after another in the session of a client; none raises. */
export function sessionOn(client: SparkClient, arrow: ArrowReading, rules: SessionRules): SparkSession {
  const { signal, statementTimeoutMs, onProgress } = rules
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let lost: QueryError | undefined

  const attempt = async (statement: Sql): Promise<Outcome<readonly Uint8Array[]>> => {
    if (signal?.aborted === true) return fail('interrupted', 'Interrupted.')
    if (lost !== undefined) return { ok: false, error: lost }
    const late = statementTimeoutMs === undefined ? undefined : AbortSignal.timeout(statementTimeoutMs)
    const ending = [signal, late, closing.signal].filter((each) => each !== undefined)
    try {
      return succeed(
        await client.execute(spark.renderSpark(statement), {
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
    spelling: sparkSpelling,
    async query(statement) {
      const parts = await queued(statement)
      return parts.ok ? succeed(tableOf(arrow, parts.value)) : parts
    },
    async numbers(statement) {
      const parts = await queued(statement)
      return parts.ok ? succeed(numbersOf(arrow, parts.value)) : parts
    },
    async close() {
      closing.abort()
      await last
      await client.close()
    },
  }
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true
