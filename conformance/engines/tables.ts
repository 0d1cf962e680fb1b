import { join as joinPath } from 'node:path'
import type { ProgramDataset } from '@plumbline/core'
import { literalOf } from '../../packages/core/src/expr/value.ts'
import type { Random } from '../../packages/core/src/stats/prng.ts'
import { identifier, join, type Sql, sql, textLiteral } from '../../packages/core/src/targets/sql/sql.ts'
import type { TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import type { Engine } from '../differential/aggregates/engines.ts'
import { columns, randomTable, type Row } from '../differential/aggregates/tables.ts'

/** Rows told apart by `id`, in its order. */
export interface KeyedRow {
  readonly id: bigint
  readonly row: Row
}

const entries = Object.entries(columns)

/** Generated rows, some of whose keys are repeated or missing. */
export function keyedTable(random: Random, most: number): readonly KeyedRow[] {
  const rows: Row[] = []
  while (rows.length < most) rows.push(...randomTable(random))
  return rows.slice(0, most).map((row, i) => ({ id: BigInt(i % 17 === 16 ? i - 1 : i), row }))
}

/** Makes a table of the rows, in the types of the engine. */
export async function makeTable(engine: Engine, table: Sql, rows: readonly KeyedRow[]): Promise<void> {
  const { literal } = engine.dialect.literals
  const values = rows.map(({ id, row }) => {
    const cells = entries.map(([name, kind]) => {
      const value = row.get(name) ?? null
      return sql`CAST(${value === null ? sql`NULL` : literal(literalOf({ kind }, value))} AS ${engine.types[kind]})`
    })
    return sql`(${join([literal(literalOf({ kind: 'int' }, id)), ...cells], sql`, `)})`
  })
  const names = join([identifier('id'), ...entries.map(([name]) => identifier(name))], sql`, `)
  await engine.query(sql`DROP TABLE IF EXISTS ${table}`)
  await engine.query(sql`CREATE TABLE ${table} AS SELECT * FROM (VALUES ${join(values, sql`, `)}) AS v(${names})`)
}

/** The rows as a Parquet file of a project. */
export async function writeParquet(
  duckdb: Engine,
  root: string,
  name: string,
  rows: readonly KeyedRow[],
): Promise<void> {
  await makeTable(duckdb, identifier(name), rows)
  const file = textLiteral(joinPath(root, `${name}.parquet`))
  await duckdb.query(sql`COPY ${identifier(name)} TO ${file} (FORMAT parquet)`)
}

/** The table as a spec declares it, wherever it is. */
export function declared(name: string, source: ProgramDataset['source']): TestDataset {
  return {
    name,
    source,
    key: ['id'],
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'i', type: 'integer' },
      { name: 'j', type: 'integer' },
      { name: 'x', type: 'number' },
      { name: 'y', type: 'number' },
      { name: 's', type: 'text' },
      { name: 'b', type: 'boolean' },
      { name: 'at', type: 'timestamp' },
      { name: 'g', type: 'category', values: [0, 1, 2] },
    ],
    splits: { small: 'j < 1', large: 'j >= 1' },
  }
}
