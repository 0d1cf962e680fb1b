import { microsOf, trino, trinoTypes } from '../../packages/core/src/targets/sql/trino/index.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import type { Cell, Engine } from '../differential/aggregates/engines.ts'
import { connectTrino } from './client.ts'

/** The server of the tests, as a database that aggregates and tables are asked of. */
export async function trinoEngine(address: string): Promise<Engine> {
  const session = await connectTrino(address)
  return {
    name: 'trino',
    dialect: trino,
    types: trinoTypes,
    list: (elements) => sql`ARRAY[${elements}]`,
    listOf: (type) => sql`ARRAY(${type})`,
    micros: microsOf,
    stored: (rows) => sql`CREATE TABLE r AS ${rows}`,
    query: async (statement) => (await session.query(statement)) as readonly (readonly Cell[])[],
    close: async () => undefined,
  }
}
