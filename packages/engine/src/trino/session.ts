import { trino } from '@plumbline/core'
import { type DatabaseSession, queuedSession, type SessionRules } from '../engines/queued-session.ts'
import type { TrinoClient } from './client.ts'
import { queryFailure } from './failure.ts'
import { numbersOf, tableOf } from './result.ts'
import { trinoSpelling } from './spelling.ts'

/** Statements to a coordinator, which keeps no connection. */
export const sessionOn = (client: TrinoClient, rules: SessionRules): DatabaseSession =>
  queuedSession(
    {
      spelling: trinoSpelling,
      render: trino.renderTrino,
      execute: (statement, how) => client.execute(statement, how),
      tableOf,
      numbersOf,
      failureOf: queryFailure,
    },
    rules,
  )
