import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api'
import type { EveryClause, Program, ProgramColumn, Statement, Value } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'

const SQL_TYPES = { int: 'BIGINT', double: 'DOUBLE', bool: 'BOOLEAN', string: 'VARCHAR', timestamp: 'TIMESTAMP' }
type Kind = keyof typeof SQL_TYPES
const kindOf = (column: ProgramColumn): Kind => column.type.kind as Kind

/** Rows as a Parquet file with the columns of the program. */
async function writeRows(
  path: string,
  columns: readonly ProgramColumn[],
  rows: readonly ReadonlyMap<string, Value | null>[],
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const declared = columns.map((column) => `"${column.name}" ${SQL_TYPES[kindOf(column)]}`)
  await connection.run(`CREATE TABLE log (${declared.join(', ')})`)
  const appender = await connection.createAppender('log')
  for (const row of rows) {
    for (const column of columns) {
      const cell = row.get(column.name) ?? null
      if (cell === null) appender.appendNull()
      else if (typeof cell === 'bigint') appender.appendBigInt(cell)
      else if (typeof cell === 'number') appender.appendDouble(cell)
      else if (typeof cell === 'boolean') appender.appendBoolean(cell)
      else if (typeof cell === 'string') appender.appendVarchar(cell)
      else appender.appendTimestamp(new DuckDBTimestampValue((cell as { readonly timestamp: bigint }).timestamp))
    }
    appender.endRow()
  }
  appender.closeSync()
  await connection.run(`COPY log TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`)
  connection.closeSync()
  instance.closeSync()
}

/** What the engine counts for `every` clauses on logged rows, chunk by chunk: `<chunk> <clause> <slice>` → statement. */
export async function batchVerdicts(
  root: string,
  program: Program,
  columns: readonly ProgramColumn[],
  clauses: readonly EveryClause[],
  chunks: readonly (readonly ReadonlyMap<string, Value | null>[])[],
): Promise<ReadonlyMap<string, Statement>> {
  await mkdir(root, { recursive: true })
  const names = chunks.map((_, i) => `log${i}`)
  for (const [i, rows] of chunks.entries()) await writeRows(join(root, `log${i}.parquet`), columns, rows)
  const logged: Program = {
    ...program,
    datasets: names.map((name) => ({
      name,
      source: { path: `${name}.parquet`, format: 'parquet' },
      key: [],
      columns,
      splits: [],
    })),
    models: [],
    relations: names.map((name) => ({ kind: 'data', name, dataset: name })),
    clauses: clauses.map((clause) => ({
      ...clause,
      of: names.map((relation) => ({ relation, stage: 'data' as const })),
    })),
  }
  const found = new Map<string, Statement>()
  for await (const statement of runDataStage({ program: logged, root, toolVersion: '0', session: { threads: 1 } }))
    found.set(`${statement.relation} ${statement.clause} ${statement.slice}`, statement)
  return found
}
