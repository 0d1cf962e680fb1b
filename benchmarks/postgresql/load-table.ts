import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Client } from 'pg'
import { makeData } from '../plan/make-data.ts'

/** The table of `../plan` in PostgreSQL: written as CSV where the server can read it. */
export async function loadTable(client: Client, folder: string, readable: string, rows: number): Promise<void> {
  const parquet = join(folder, `orders-${rows}.parquet`)
  await makeData(parquet, rows)
  const csv = join(readable, 'orders.csv')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const text = (path: string): string => `'${path.replaceAll("'", "''")}'`
  await connection.run(`COPY (FROM read_parquet(${text(parquet)})) TO ${text(csv)} (FORMAT csv, HEADER)`)
  connection.closeSync()
  instance.closeSync()
  await client.query(`CREATE TABLE orders (id bigint, customer integer, placed_at timestamp, age integer, amount double precision,
    fee double precision, credit_limit double precision, balance double precision, score double precision, temperature double precision,
    latitude double precision, longitude double precision, quantity smallint, status smallint, "returning" boolean, channel text,
    country text, product text, coupon text, days_to_delivery integer)`)
  await client.query(`COPY orders FROM ${text(csv)} (FORMAT csv, HEADER)`)
  await client.query('VACUUM ANALYZE orders')
}
