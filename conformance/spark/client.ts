import { createGrpcTransport } from '@connectrpc/connect-node'
import * as arrow from 'apache-arrow'
import { type Sql, spark, sql } from '@plumbline/core'
import type { SparkConnection } from '../../packages/engine/src/fuzz/spark.ts'
import type { SqlCell } from '../../packages/engine/src/fuzz/sql-database.ts'
import { type ArrowReading, rowsOf } from '../../packages/engine/src/spark/arrow-result.ts'
import { sparkClient } from '../../packages/engine/src/spark/client.ts'

/** A session on the cluster of the tests, set as expressions need it. */
export type SparkSession = SparkConnection & { close(): Promise<void> }

/** Opens a session; what an earlier test has left under the name of `r` is gone. */
export async function connectSpark(address: string): Promise<SparkSession> {
  const client = sparkClient(createGrpcTransport({ baseUrl: address.replace(/^sc:/, 'http:') }), {
    user: 'tests',
    headers: {},
  })
  await client.configure(spark.sparkSettings, 120_000)
  const { signal } = new AbortController()
  const query = async (statement: Sql) => {
    const parts = await client.execute(spark.renderSpark(statement), { signal })
    return rowsOf(arrow as unknown as ArrowReading, parts) as readonly (readonly SqlCell[])[]
  }
  // One of them fails: it is a view, or a table.
  for (const kind of [sql`VIEW`, sql`TABLE`]) await query(sql`DROP ${kind} IF EXISTS r`).catch(() => undefined)
  return { query, close: client.close }
}
