import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Rows are made in this many slices, so that a small machine needs no memory for all of them. */
const SLICE = 1_000_000

/**
 * 20 columns of mixed types as a pure function of the row number, made by DuckDB: `hash` with a salt per column is the
 * generator, so the same rows come out whatever the number of threads, and no state or library is needed.
 */
const COLUMNS = `
  i                                                        AS id,
  (hash(i, 1) % 900000)::INTEGER                           AS customer,
  TIMESTAMP '2024-01-01' + to_seconds((i * 3 + hash(i, 2) % 60)::BIGINT) AS placed_at,
  (18 + hash(i, 3) % 70)::INTEGER                          AS age,
  round(exp(unit(i, 4) * 9), 2)                            AS amount,
  round(exp(unit(i, 4) * 9) * (0.02 + unit(i, 5) * 0.06), 4) AS fee,
  round(500 + unit(i, 6) * 49500, 2)                       AS credit_limit,
  CASE WHEN hash(i, 7) % 25 > 0 THEN round((unit(i, 8) * 1.1 - 0.1) * (500 + unit(i, 6) * 49500), 2) END AS balance,
  CASE WHEN hash(i, 9) % 50 = 0 THEN NULL WHEN hash(i, 9) % 1000 = 1 THEN 'NaN'::DOUBLE ELSE unit(i, 10) END AS score,
  (unit(i, 11) + unit(i, 12) + unit(i, 13) - 1.5) * 20     AS temperature,
  47 + unit(i, 14) * 8                                     AS latitude,
  6 + unit(i, 15) * 9                                      AS longitude,
  (1 + hash(i, 16) % 40)::SMALLINT                         AS quantity,
  (hash(i, 17) % 5)::TINYINT                               AS status,
  hash(i, 18) % 3 = 0                                      AS returning,
  (['web', 'app', 'shop', 'phone'])[1 + (hash(i, 19) % 4)::INTEGER] AS channel,
  (['DE', 'FR', 'IT', 'ES', 'PL', 'NL', 'BE', 'AT', 'SE', 'DK', 'FI', 'IE', 'PT', 'CZ', 'GR', 'HU', 'RO', 'BG', 'HR', 'SK'])[1 + (hash(i, 20) % 20)::INTEGER] AS country,
  'P' || lpad((hash(i, 21) % 50000)::VARCHAR, 6, '0')      AS product,
  CASE WHEN hash(i, 22) % 10 < 3 THEN NULL ELSE 'C' || (hash(i, 22) % 200)::VARCHAR END AS coupon,
  CASE WHEN hash(i, 23) % 8 > 0 THEN (hash(i, 24) % 21)::INTEGER END AS days_to_delivery`

/** Days of so many rows each, as `day=01/rows.parquet` and so on. */
export async function makeDays(folder: string, days: number, rows: number): Promise<void> {
  for (let day = 0; day < days; day++)
    await makeData(
      join(folder, `day=${String(day + 1).padStart(2, '0')}`, 'rows.parquet'),
      (day + 1) * rows,
      day * rows,
    )
}

/** Writes the table (its rows from `from` to `rows`) as Parquet unless it is there; deterministic, so a file once written stays right. */
export async function makeData(path: string, rows: number, from = 0): Promise<void> {
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('CREATE MACRO unit(i, salt) AS (hash(i, salt) >> 11)::DOUBLE / 9007199254740992')
  const slices = Array.from({ length: Math.ceil((rows - from) / SLICE) }, (_, at) => {
    const begin = from + at * SLICE
    const end = Math.min(rows, begin + SLICE)
    return `SELECT ${COLUMNS} FROM range(${begin}, ${end}) AS r(i)`
  })
  // Written under another name first: an interrupted run leaves no half a table behind.
  const unfinished = `${path}.unfinished`
  await connection.run(
    `COPY (${slices.join(' UNION ALL ')}) TO '${unfinished.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)`,
  )
  connection.closeSync()
  instance.closeSync()
  renameSync(unfinished, path)
}
