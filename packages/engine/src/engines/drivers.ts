import type { ProgramEngine } from '@plumbline/core'
import type { Read } from '../relations/failure.ts'
import { compiledOnly } from './compiled-only.ts'
import type { TableDatabase } from './held-table.ts'

/** What a connection is made with. */
export interface ConnectRequest {
  readonly engine: ProgramEngine
  /** The environment, for `${NAME}` in addresses. */
  readonly variable: (name: string) => string | undefined
  /** Aborting it cancels the statement that runs there, and refuses those that follow. */
  readonly signal?: AbortSignal
  /** Hears how far the statement is that runs there, where the database says so. */
  readonly onProgress?: (progress: StatementProgress) => void
}

/** How far a statement is: tasks that are done, of those that are planned so far. */
export interface StatementProgress {
  readonly tasks: number
  readonly done: number
}

/** Connects to a database of one dialect. A failure is a value that says what to do. */
export type Driver = (request: ConnectRequest) => Promise<Read<TableDatabase>>

/** The drivers, each loaded when it is first asked: a further dialect is a line here. */
export const drivers: Readonly<Record<ProgramEngine['dialect'], () => Promise<Driver>>> = {
  postgresql: async () => (await import('../postgresql/connect-database.ts')).connectDatabase,
  trino: async () => (await import('../trino/connect-database.ts')).connectDatabase,
  clickhouse: async () => compiledOnly,
  snowflake: async () => compiledOnly,
  bigquery: async () => compiledOnly,
  spark: async () => (await import('../spark/connect-database.ts')).connectDatabase,
}
