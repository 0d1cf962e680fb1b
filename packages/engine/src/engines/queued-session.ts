import type { Sql } from '@plumbline/core'
import { fail, type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import type { Database, Table } from './database.ts'
import type { ConnectRequest, StatementProgress } from './drivers.ts'
import type { PlanSpelling } from './plan-spelling.ts'

/** How statements are run. */
export interface SessionRules {
  readonly statementTimeoutMs?: number
  readonly signal?: AbortSignal
  /** Hears how far a statement is. */
  readonly onProgress?: (progress: StatementProgress) => void
}

/** The rules that a connection is asked for with. */
export const rulesOf = ({ engine, signal, onProgress }: ConnectRequest): SessionRules => ({
  ...(engine.statementTimeoutMs === undefined ? {} : { statementTimeoutMs: engine.statementTimeoutMs }),
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onProgress }),
})

/** A database that statements can be asked of until it is closed. */
export interface DatabaseSession extends Database {
  close(): Promise<void>
}

/** A client that runs one statement at a time, and how what it answers is read. */
export interface StatementClient<Answer> {
  readonly spelling: PlanSpelling
  readonly render: (statement: Sql) => string
  /** Rejects with what client or database raise. */
  execute(
    statement: string,
    rules: Pick<SessionRules, 'onProgress'> & { readonly signal: AbortSignal },
  ): Promise<Answer>
  readonly tableOf: (answer: Answer) => Table
  readonly numbersOf: (answer: Answer) => readonly Float64Array[]
  /** `timeoutMs`: the statement was ended for having taken longer. */
  readonly failureOf: (thrown: unknown, timeoutMs: number | undefined) => QueryError
  /** Ends the connection, where there is one to end. */
  readonly close?: () => Promise<void>
}

/** Statements one after another; none raises. After a lost connection each fails with its loss. */
export function queuedSession<Answer>(client: StatementClient<Answer>, rules: SessionRules): DatabaseSession {
  const { signal, statementTimeoutMs, onProgress } = rules
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let lost: QueryError | undefined

  const attempt = async (statement: Sql): Promise<Outcome<Answer>> => {
    if (signal?.aborted === true) return fail('interrupted', 'Interrupted.')
    if (lost !== undefined) return { ok: false, error: lost }
    const late = statementTimeoutMs === undefined ? undefined : AbortSignal.timeout(statementTimeoutMs)
    const ending = [signal, late, closing.signal].filter((each) => each !== undefined)
    try {
      return succeed(
        await client.execute(client.render(statement), {
          signal: AbortSignal.any(ending),
          ...(onProgress === undefined ? {} : { onProgress }),
        }),
      )
    } catch (thrown) {
      if (aborted(signal) || aborted(closing.signal)) return fail('interrupted', 'Interrupted.')
      const error = client.failureOf(thrown, late?.aborted === true ? statementTimeoutMs : undefined)
      if (error.code === 'connection-lost') lost = error
      return { ok: false, error }
    }
  }
  const asked = async <T>(statement: Sql, read: (answer: Answer) => T): Promise<Outcome<T>> => {
    const next = last.then(() => attempt(statement))
    last = next
    const answer = await next
    return answer.ok ? succeed(read(answer.value)) : answer
  }
  return {
    spelling: client.spelling,
    query: (statement) => asked(statement, client.tableOf),
    numbers: (statement) => asked(statement, client.numbersOf),
    async close() {
      closing.abort()
      await last
      await client.close?.()
    },
  }
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true
