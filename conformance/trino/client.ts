import { render, type Sql, sql } from '@plumbline/core'
import type { SqlCell } from '../../packages/engine/src/fuzz/sql-database.ts'
import type { TrinoConnection } from '../../packages/engine/src/fuzz/trino.ts'
import { readAddress } from '../../packages/engine/src/trino/address.ts'
import { trinoClient } from '../../packages/engine/src/trino/client.ts'
import { rowsOf } from '../../packages/engine/src/trino/result.ts'

/** Statements to the server of the tests; what an earlier test has left under the name of `r` is gone. */
export async function connectTrino(address: string): Promise<TrinoConnection> {
  const found = readAddress(address)
  if (found === undefined) throw new Error(`${address} is no address of Trino.`)
  const client = trinoClient(found)
  const { signal } = new AbortController()
  const query = async (statement: Sql) =>
    rowsOf(await client.execute(render(statement), { signal })) as readonly (readonly SqlCell[])[]
  // One of them fails: it is a view, or a table.
  for (const kind of [sql`VIEW`, sql`TABLE`]) await query(sql`DROP ${kind} IF EXISTS r`).catch(() => undefined)
  return { query }
}
