// Makes the committed data/window.parquet: what stands for labelled requests of production before there is a production.
// Usage: node window.js [ACCOUNTS.parquet] [OUT.parquet]
import { renameSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

const [accounts = 'data/accounts.parquet', out = 'data/window.parquet'] = parseArgs({
  allowPositionals: true,
}).positionals

// The second 32 bits of md5(id): the first decided the split.
const PART = `CASE WHEN ('0x' || substr(md5(id::VARCHAR), 9, 8))::BIGINT % 2 = 0 THEN 'learn' ELSE 'held-out' END`

const connection = await (await DuckDBInstance.create(':memory:')).connect()
// One thread and one row group: the same bytes on every machine.
await connection.run('SET threads = 1')
await connection.run(
  `CREATE TABLE recent AS SELECT * EXCLUDE (split), ${PART} AS part FROM read_parquet($1) WHERE split = 'fresh' ORDER BY id`,
  [accounts],
)
const unfinished = `${out}.part`
await connection.run(
  `COPY recent TO '${unfinished.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 122880)`,
)
renameSync(unfinished, out)
const counts = await connection.runAndReadAll(
  `SELECT part, count(*)::INTEGER AS "rows", round(avg("default"::INTEGER), 4) AS default_rate FROM recent GROUP BY part ORDER BY part`,
)
console.table(counts.getRowObjectsJson())
