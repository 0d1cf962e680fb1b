import type { PostgresqlConnection } from '../../../packages/engine/src/fuzz/postgresql.ts'
import { connectPostgresql } from '../../../packages/engine/src/fuzz/postgresql-client.ts'
import type { PostgresqlServer } from './server.ts'

/** A connection to the server of the tests. */
export type PostgresqlClient = PostgresqlConnection & { close(): Promise<void> }

/** Opens a connection, to another database of the server if its name is given. */
export const connect = (server: PostgresqlServer, database = server.database): Promise<PostgresqlClient> =>
  connectPostgresql({ host: server.host, user: server.user, database })
