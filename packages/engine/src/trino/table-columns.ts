import { identifier, join, nearestName, type Sql, sql, tableNames, type TableDataset } from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'

/** A column of a table, and its type as Trino writes it: `decimal(10,2)`, `array(bigint)`. */
export interface TableColumn {
  readonly name: string
  readonly type: string
}

/** A table or view as the catalog describes it. */
export interface FoundTable {
  readonly from: Sql
  /** In the order of the table. */
  readonly columns: readonly TableColumn[]
}

const MISSING = /^\[(TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|NOT_FOUND|MISSING_(CATALOG|SCHEMA)_NAME)\]/

/** Finds a table or view and its columns. */
export async function tableColumns(database: Database, { source }: TableDataset): Promise<Read<FoundTable>> {
  const names = tableNames(source.table)?.map((name) => identifier(name))
  if (names === undefined) return unreadable('source-missing', `"${source.table}" is not the name of a table.`)
  const from = join(names, sql`.`)
  const result = await database.query(sql`SHOW COLUMNS FROM ${from}`)
  if (!result.ok) return notFound(database, source, names, result.error)
  const cells = (column: string) => (result.value.columns.get(column) ?? []).map(String)
  const types = cells('Type')
  return found({ from, columns: cells('Column').map((name, i): TableColumn => ({ name, type: types[i] ?? '' })) })
}

async function notFound(
  database: Database,
  source: TableDataset['source'],
  names: readonly Sql[],
  error: QueryError,
): Promise<Read<never>> {
  const { engine, table } = source
  if (MISSING.test(error.message)) return unreadable('source-missing', await missingTable(database, source, names))
  if (error.code === 'connection-lost') return unreadable('engine-unreachable', error.cause)
  return error.message.startsWith('[PERMISSION_DENIED]')
    ? unreadable(
        'source-unreadable',
        `The user of the engine "${engine.name}" may not read the table ${table}. Grant SELECT on it.`,
      )
    : unreadable('source-unreadable', `The table ${table} cannot be looked up: ${error.cause}`)
}

async function missingTable(
  database: Database,
  { engine, table }: TableDataset['source'],
  names: readonly Sql[],
): Promise<string> {
  const schema = names.slice(0, -1)
  const known = await database.query(
    schema.length === 0 ? sql`SHOW TABLES` : sql`SHOW TABLES FROM ${join(schema, sql`.`)}`,
  )
  const own = tableNames(table)?.at(-1) ?? table
  const near = nearestName(own, known.ok ? (known.value.columns.get('Table') ?? []).map(String) : [])
  const hint =
    near === undefined ? 'Write catalog.schema.table, or catalog and schema in the address.' : `Did you mean ${near}?`
  return `The engine "${engine.name}" has no table ${table}. ${hint}`
}
