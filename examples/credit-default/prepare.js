// Makes the committed data/accounts.parquet from the raw table of UCI 350 "Default of credit card clients".
// Usage: node prepare.js RAW.csv OUT.parquet
import { mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'

// Amounts of money (New Taiwan dollars) become doubles; codes, years and months of delay stay integers.
const COLUMNS = [
  'id',
  'limit_bal::DOUBLE AS limit_bal',
  'sex, education, marriage, age',
  'pay_0, pay_2, pay_3, pay_4, pay_5, pay_6',
  ...[1, 2, 3, 4, 5, 6].map((month) => `bill_amt${month}::DOUBLE AS bill_amt${month}`),
  ...[1, 2, 3, 4, 5, 6].map((month) => `pay_amt${month}::DOUBLE AS pay_amt${month}`),
]

// The first 32 bits of md5(id), modulo 100, are an account's lot: adding or removing other accounts moves nobody.
const LOT = `('0x' || substr(md5(id::VARCHAR), 1, 8))::BIGINT % 100`
const SPLIT = `CASE WHEN _is_test THEN 'test' WHEN ${LOT} < 60 THEN 'train' WHEN ${LOT} < 80 THEN 'later' ELSE 'fresh' END`

const [raw, out, ...rest] = parseArgs({ allowPositionals: true }).positionals
if (raw === undefined || out === undefined || rest.length > 0) {
  console.error('usage: node prepare.js RAW.csv OUT.parquet')
  process.exit(2)
}

const connection = await (await DuckDBInstance.create(':memory:')).connect()
// One thread and one row group: the same bytes on every machine.
await connection.run('SET threads = 1')
await connection.run(
  `CREATE TABLE accounts AS SELECT ${COLUMNS.join(', ')}, ${SPLIT} AS split, target = 1 AS "default" FROM read_csv($1) ORDER BY id`,
  [raw],
)
mkdirSync(dirname(out), { recursive: true })
const unfinished = `${out}.part`
await connection.run(
  `COPY accounts TO '${unfinished.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 122880)`,
)
renameSync(unfinished, out)
const counts = await connection.runAndReadAll(
  `SELECT split, count(*)::INTEGER AS "rows", round(avg("default"::INTEGER), 4) AS default_rate FROM accounts GROUP BY split ORDER BY split`,
)
console.table(counts.getRowObjectsJson())
