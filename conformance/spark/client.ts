import { createGrpcTransport } from '@connectrpc/connect-node'
import * as arrow from 'apache-arrow'
import { spark } from '@plumbline/core'
import type { SparkConnection } from '../../packages/engine/src/fuzz/spark.ts'
import type { SqlCell } from '../../packages/engine/src/fuzz/sql-database.ts'
import { type ArrowReading, rowsOf } from '../../packages/engine/src/spark/arrow-result.ts'
import { sparkClient } from '../../packages/engine/src/spark/client.ts'

/** A session on the cluster of the tests, set as expressions need it. */
export type SparkSession = SparkConnection & { close(): Promise<void> }

/** Opens a session. */
export async function connectSpark(address: string): Promise<SparkSession> {
  const client = sparkClient(createGrpcTransport({ baseUrl: address.replace(/^sc:/, 'http:') }), {
    user: 'tests',
    headers: {},
  })
  await client.configure(spark.sparkSettings, 120_000)
  const { signal } = new AbortController()
  return {
    async query(statement) {
      const parts = await client.execute(spark.renderSpark(statement), { signal })
      return rowsOf(arrow as unknown as ArrowReading, parts) as readonly (readonly SqlCell[])[]
    },
    close: client.close,
  }
}
