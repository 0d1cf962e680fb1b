import { createGrpcTransport } from '@connectrpc/connect-node'
import * as arrow from 'apache-arrow'
import { type ArrowReading, rowsOf } from '../../packages/engine/src/spark/arrow-result.ts'
import { sparkClient } from '../../packages/engine/src/spark/client.ts'
import { AGGREGATES, CONTRACTS, REQUIRED } from '../plan/by-hand.ts'

/** The spelling of DuckDB's hand-written aggregates in Spark, as a person would write them there. */
const spelled = (sql: string): string =>
  sql
    .replaceAll('quantile_cont(', 'percentile(')
    .replaceAll('starts_with(', 'startswith(')
    .replaceAll('"returning"', '`returning`')

/** One statement for all: the clauses in their order, the missing cells of the columns that may have none, the other contracts. */
export const fused = `SELECT ${[
  ...AGGREGATES.toSorted((a, b) => a.clause - b.clause).map(({ sql }) => spelled(sql)),
  ...REQUIRED.map((name) => `count(*) - count(\`${name}\`)`),
  ...CONTRACTS.map((condition) => `count_if(${condition})`),
].join(', ')} FROM orders`

/** Asks it, connecting included; the numbers in their order. */
export async function byHandOn(address: string): Promise<readonly number[]> {
  const client = sparkClient(createGrpcTransport({ baseUrl: address.replace(/^sc:/, 'http:') }), {
    user: 'by-hand',
    headers: {},
  })
  const { signal } = new AbortController()
  const parts = await client.execute(fused, { signal })
  const [row] = rowsOf(arrow as unknown as ArrowReading, parts)
  await client.close()
  return (row ?? []).map(Number)
}
