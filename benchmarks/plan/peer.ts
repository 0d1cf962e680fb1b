// The measured process of the other side: the same numbers from statements written by hand, as somebody would who knows
// the table and DuckDB. Arguments: path of the file, variant, threads.

import { AGGREGATES, type Aggregate, REQUIRED } from './by-hand.ts'

/** The ways to write it; the cheapest one of a round is the peer of that round. */
export const VARIANTS = ['fused', 'per-column', 'statistics'] as const

const [path = '', variant = 'fused', threads = '2'] = process.argv.slice(2)
const before = process.cpuUsage()
const { DuckDBInstance } = await import('@duckdb/node-api')
const instance = await DuckDBInstance.create(':memory:', { threads })
const connection = await instance.connect()
const table = `read_parquet('${path.replaceAll("'", "''")}')`
const answers = new Map<number, number>()
let nulls = 0

const query = async (sql: string): Promise<readonly number[]> => {
  const rows = await (await connection.run(sql)).getRows()
  return (rows[0] ?? []).map(Number)
}
const ask = async (aggregates: readonly Aggregate[], contracts: readonly string[]) => {
  const columns = [...aggregates.map((a) => a.sql), ...contracts.map((name) => `count(*) - count("${name}")`)]
  const row = await query(`SELECT ${columns.join(', ')} FROM ${table}`)
  aggregates.forEach((aggregate, i) => answers.set(aggregate.clause, row[i] as number))
  for (const missing of row.slice(aggregates.length)) nulls += missing
}

let open = AGGREGATES
let contracts: readonly string[] = REQUIRED
if (variant === 'statistics') {
  // Null counts from the metadata; ranges from min and max, which DuckDB answers from the file's statistics when asked alone.
  const [missing = Number.NaN] = await query(
    `SELECT sum(stats_null_count) FROM parquet_metadata('${path.replaceAll("'", "''")}') WHERE path_in_schema IN (${REQUIRED.map((name) => `'${name}'`).join(', ')})`,
  )
  nulls += missing
  contracts = []
  const ranged = open.filter((a) => a.within !== undefined)
  const row = await query(
    `SELECT ${ranged.map((a) => `min(${a.columns[0]}), max(${a.columns[0]})`).join(', ')} FROM ${table}`,
  )
  ranged.forEach((a, i) => {
    const [least = Number.NaN, greatest = Number.NaN] = row.slice(2 * i)
    const [low, high] = a.within ?? [0, 0]
    if (least >= low && greatest <= high) answers.set(a.clause, 0)
  })
  const alone = open.filter((a) => a.sql.startsWith('min(') || a.sql.startsWith('max('))
  await ask(alone, [])
  open = open.filter((a) => !answers.has(a.clause))
}
if (variant === 'fused') await ask(open, contracts)
else {
  // One statement per column; what reads two columns goes with the first of them.
  for (const [name, aggregates] of Map.groupBy(open, (a) => a.columns[0] ?? '')) {
    await ask(
      aggregates,
      contracts.filter((each) => each === name),
    )
  }
  const left = contracts.filter((name) => !open.some((a) => a.columns[0] === name))
  if (left.length > 0) await ask([], left)
}
const { user, system } = process.cpuUsage(before)
process.stdout.write(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    nulls,
    answers: AGGREGATES.map((a) => answers.get(a.clause)),
  }),
)
connection.closeSync()
instance.closeSync()
