import { identifier, join, nearestName, type Sql, sql, tableNames, type TableDataset } from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { conditionOf } from './failure.ts'

/** A column of a table, and its type as Spark writes it: `decimal(10,2)`, `array<bigint>`. */
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

const MISSING = /^(TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|REQUIRES_SINGLE_PART_NAMESPACE)/
const FORBIDDEN = /PERMISSION|PRIVILEGE|FORBIDDEN|UNAUTHORIZED/

/** Finds a table or view and its columns; names are compared exactly. */
export async function tableColumns(database: Database, { source }: TableDataset): Promise<Read<FoundTable>> {
  const names = tableNames(source.table)?.map((name) => identifier(name))
  if (names === undefined) return unreadable('source-missing', `"${source.table}" is not the name of a table.`)
  const from = join(names, sql`.`)
  const result = await database.query(sql`DESCRIBE TABLE ${from}`)
  if (!result.ok) return notFound(database, source, names, result.error)
  const cells = (column: string) => result.value.columns.get(column) ?? []
  const types = cells('data_type').map(String)
  // After the columns come partitions and other facts, under a line without a type.
  const end = types.findIndex((type, i) => type === '' || String(cells('col_name')[i]).startsWith('# '))
  const columns = cells('col_name')
    .slice(0, end < 0 ? undefined : end)
    .map((name, i): TableColumn => ({ name: String(name), type: types[i] ?? '' }))
  return found({ from, columns })
}

async function notFound(
  database: Database,
  source: TableDataset['source'],
  names: readonly Sql[],
  error: QueryError,
): Promise<Read<never>> {
  const { engine, table } = source
  const condition = conditionOf(error.message) ?? ''
  if (MISSING.test(condition)) return unreadable('source-missing', await missingTable(database, source, names))
  if (error.code === 'connection-lost') return unreadable('engine-unreachable', error.cause)
  return FORBIDDEN.test(condition)
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
    schema.length === 0 ? sql`SHOW TABLES` : sql`SHOW TABLES IN ${join(schema, sql`.`)}`,
  )
  const own = tableNames(table)?.at(-1) ?? table
  const tables = known.ok ? (known.value.columns.get('tableName') ?? []).map(String) : []
  const near = nearestName(own, tables)
  const hint = near === undefined ? 'Names are compared exactly, case included.' : `Did you mean ${near}?`
  return `The engine "${engine.name}" has no table ${table}. ${hint}`
}
