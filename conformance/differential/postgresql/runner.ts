import type { Implementation } from '../../../packages/core/src/fuzz/implementation.ts'
import { postgresqlImplementation, type PostgresqlTables } from '../../../packages/engine/src/fuzz/postgresql.ts'
import { connect } from './client.ts'
import type { PostgresqlServer } from './server.ts'

/** A connection to the server, and the target with other tables, in which a test plants a bug. */
export interface PostgresqlRunner {
  with(tables?: PostgresqlTables): Implementation
  close(): Promise<void>
}

/** Opens a connection of its own. */
export async function openPostgresql(server: PostgresqlServer): Promise<PostgresqlRunner> {
  const client = await connect(server)
  return { with: (tables = {}) => postgresqlImplementation(client, { folded: 6 }, tables), close: client.close }
}
