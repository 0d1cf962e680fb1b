import { unreadable } from '../relations/failure.ts'
import type { Driver } from './drivers.ts'

const NAMES: Readonly<Record<string, string>> = {
  clickhouse: 'ClickHouse',
  snowflake: 'Snowflake',
  bigquery: 'BigQuery',
}

/** The driver of a dialect that clauses are compiled to, and no database is asked in: it says so, of every clause. */
export const compiledOnly: Driver = async ({ engine }) =>
  unreadable(
    'engine-unreachable',
    `Compiled, not run: the engine "${engine.name}" is ${NAMES[engine.dialect] ?? engine.dialect}, for which \`plumb check\` says whether a clause can be said there, and which no run asks yet. Ask the rows where one does: in PostgreSQL, Spark, Trino or files.`,
  )
