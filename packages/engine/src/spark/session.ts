import { spark } from '@plumbline/core'
import { type DatabaseSession, queuedSession, type SessionRules } from '../engines/queued-session.ts'
import { type ArrowReading, numbersOf, tableOf } from './arrow-result.ts'
import type { SparkClient } from './client.ts'
import { queryFailure } from './failure.ts'
import { sparkSpelling } from './spelling.ts'

/** Statements in the session of a client, which is set so that expressions mean what they say. */
export const sessionOn = (client: SparkClient, arrow: ArrowReading, rules: SessionRules): DatabaseSession =>
  queuedSession(
    {
      spelling: sparkSpelling,
      render: spark.renderSpark,
      execute: (statement, how) => client.execute(statement, how),
      tableOf: (parts) => tableOf(arrow, parts),
      numbersOf: (parts) => numbersOf(arrow, parts),
      failureOf: queryFailure,
      close: () => client.close(),
    },
    rules,
  )
