import { Client, type CustomTypesConfig } from 'pg'
import { render, type Sql } from '../../../packages/core/src/targets/sql/sql.ts'
import type { PostgresqlServer } from './server.ts'

/** A cell of an answer: bigint → bigint, double precision → number, boolean, text; null. */
export type Answer = boolean | bigint | number | string | null

/** A connection to the server. */
export interface PostgresqlClient {
  /** Runs one statement; its rows, cells in the order asked. Throws what the server raises. */
  query(statement: Sql): Promise<readonly (readonly Answer[])[]>
  close(): Promise<void>
}

/** By type: bool, int8, text, float8. Another one comes as a text that says so, which is no value of any kind. */
const parsers: Readonly<Record<number, (text: string) => Answer>> = {
  16: (text) => text === 't',
  20: BigInt,
  25: (text) => text,
  701: Number,
}

/** Opens a connection, to another database of the server if its name is given. */
export async function connect(server: PostgresqlServer, database = server.database): Promise<PostgresqlClient> {
  const client = new Client({ host: server.host, user: server.user, database })
  await client.connect()
  const types = {
    getTypeParser: (oid: number) => parsers[oid] ?? ((text: string) => Symbol(`type ${oid}: ${text}`)),
  } as CustomTypesConfig
  return {
    query: async (statement) =>
      (await client.query<Answer[]>({ text: render(statement), rowMode: 'array', types })).rows,
    close: () => client.end(),
  }
}
