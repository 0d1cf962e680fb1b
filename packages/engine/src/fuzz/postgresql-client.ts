import { type Implementation, postgresql, render, type Sql } from '@plumbline/core'
import type { CustomTypesConfig } from 'pg'
import { type PostgresqlConnection, postgresqlImplementation } from './postgresql.ts'
import type { SqlCell } from './sql-database.ts'
import type { SqlEffort } from './sql-implementation.ts'

/** Where a server is: an address (`postgresql://…`), or what the client library takes. */
export type PostgresqlPlace =
  | { readonly url: string }
  | { readonly host: string; readonly user: string; readonly database: string }

/** By type: bool, int8, text, float8. Another one comes as a text that says so, which is no value of any kind. */
const parsers: Readonly<Record<number, (text: string) => SqlCell>> = {
  16: (text) => text === 't',
  20: BigInt,
  25: (text) => text,
  701: Number,
}
const types = {
  getTypeParser: (oid: number) => parsers[oid] ?? ((text: string) => `type ${oid}: ${text}`),
} as CustomTypesConfig

/** Opens a connection; the client library is an optional peer, loaded here. Rejects with what library or server raise. */
export async function connectPostgresql(
  place: PostgresqlPlace,
): Promise<PostgresqlConnection & { close(): Promise<void> }> {
  const { default: pg } = await import('pg')
  const client = new pg.Client('url' in place ? { connectionString: place.url } : { ...place })
  // Said again by the statement that runs; an event nobody hears would end the process.
  client.on('error', () => undefined)
  await client.connect()
  return {
    query: async (statement: Sql) =>
      (await client.query<SqlCell[]>({ text: render(statement), rowMode: 'array', types })).rows,
    close: () => client.end(),
  }
}

/** What became of an attempt to reach a server. */
export type OpenedPostgresql =
  | { readonly ok: true; readonly implementation: Implementation; close(): Promise<void> }
  /** `library`: the client library is not installed; `server`: it cannot be reached; `unfit`: answers could not be exact there. */
  | { readonly ok: false; readonly reason: 'library' | 'server' | 'unfit'; readonly cause: string }

/** A server as an implementation of the language. It makes temporary tables only, which end with the connection. */
export async function openPostgresqlImplementation(
  place: PostgresqlPlace,
  effort?: SqlEffort,
): Promise<OpenedPostgresql> {
  try {
    const connection = await connectPostgresql(place)
    const [[fits] = []] = await connection.query(postgresql.postgresqlFits)
    if (fits === true)
      return { ok: true, implementation: postgresqlImplementation(connection, effort), close: connection.close }
    await connection.close()
    return { ok: false, reason: 'unfit', cause: postgresql.postgresqlRestrictions.encoding }
  } catch (thrown) {
    const cause = thrown instanceof Error ? thrown.message : String(thrown)
    const library = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND'
    return { ok: false, reason: library ? 'library' : 'server', cause }
  }
}
