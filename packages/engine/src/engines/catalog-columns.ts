import { identifier, join, nearestName, type Sql, sql, tableNames, type TableDataset } from '@plumbline/core'
import type { QueryError } from '../duckdb/failure.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { Database, Table } from './database.ts'
import type { FoundTable, TableColumn } from './table-dialect.ts'

/** How a database that has words for it (`DESCRIBE`, `SHOW`) says what its tables are. */
export interface CatalogWords {
  readonly describe: (table: Sql) => Sql
  readonly columnsOf: (described: Table) => readonly TableColumn[]
  /** Asks for the tables of a schema, or of the current one. */
  readonly tables: (schema: Sql | undefined) => Sql
  /** The column of that answer that has their names. */
  readonly tableName: string
  /** What an error says of the table; undefined where it says something else. */
  readonly problem: (error: QueryError) => 'missing' | 'forbidden' | undefined
  /** What to do where no table has a name like it. */
  readonly hint: string
}

type Source = TableDataset['source']

/** Finds a table or view and its columns by asking the catalog. */
export async function catalogColumns(
  words: CatalogWords,
  database: Database,
  { source }: TableDataset,
): Promise<Read<FoundTable>> {
  const names = tableNames(source.table)?.map((name) => identifier(name))
  if (names === undefined) return unreadable('source-missing', `"${source.table}" is not the name of a table.`)
  const from = join(names, sql`.`)
  const result = await database.query(words.describe(from))
  if (result.ok) return found({ from, columns: words.columnsOf(result.value) })
  const { engine, table } = source
  switch (words.problem(result.error)) {
    case 'missing':
      return unreadable('source-missing', await missingTable(words, database, source, names.slice(0, -1)))
    case 'forbidden':
      return unreadable(
        'source-unreadable',
        `The user of the engine "${engine.name}" may not read the table ${table}. Grant SELECT on it.`,
      )
    default:
      return result.error.code === 'connection-lost'
        ? unreadable('engine-unreachable', result.error.cause)
        : unreadable('source-unreadable', `The table ${table} cannot be looked up: ${result.error.cause}`)
  }
}

async function missingTable(
  { tables, tableName, hint }: CatalogWords,
  database: Database,
  { engine, table }: Source,
  schema: readonly Sql[],
): Promise<string> {
  const known = await database.query(tables(schema.length === 0 ? undefined : join(schema, sql`.`)))
  const own = tableNames(table)?.at(-1) ?? table
  const near = nearestName(own, known.ok ? (known.value.columns.get(tableName) ?? []).map(String) : [])
  return `The engine "${engine.name}" has no table ${table}. ${near === undefined ? hint : `Did you mean ${near}?`}`
}
