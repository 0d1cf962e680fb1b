import { identifier, join, nearestName, postgresql, sql, tableNames, type TableDataset } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import type { FoundTable, TableColumn } from '../engines/table-dialect.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'

const text = postgresql.postgresqlLiterals.text

/** Finds a table or view and its columns, of which the user may read some at least; names are compared exactly. */
export async function tableColumns(database: Database, { source }: TableDataset): Promise<Read<FoundTable>> {
  const names = tableNames(source.table)?.map((name) => identifier(name))
  if (names === undefined) return unreadable('source-missing', `"${source.table}" is not the name of a table.`)
  const from = join(names, sql`.`)
  const table = sql`to_regclass(${text(names.map((_, i) => quoted(tableNames(source.table)?.[i] ?? '')).join('.'))})`
  const result = await database.query(sql`
    SELECT a.attname AS "name", has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS "readable",
      CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typtype = 'd' THEN format_type(t.typbasetype, NULL) ELSE format_type(t.oid, NULL) END AS "type",
      CASE WHEN c.relkind IN ('r', 'p', 'm') AND c.reltuples >= 0 THEN CAST(c.reltuples AS float8) END AS "rows"
    FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    WHERE c.oid = ${table} ORDER BY a.attnum`)
  if (!result.ok)
    return unreadable('source-unreadable', `The table ${source.table} cannot be looked up: ${result.error.cause}`)
  if (result.value.rows === 0) return unreadable('source-missing', await missingTable(database, source))
  const cells = (column: string) => result.value.columns.get(column) ?? []
  const columns = cells('name').flatMap((name, i): TableColumn[] =>
    name === null
      ? []
      : [{ name: String(name), type: String(cells('type')[i]), readable: cells('readable')[i] === true }],
  )
  if (!columns.some(({ readable }) => readable))
    return unreadable(
      'source-unreadable',
      `The user of the engine "${source.engine.name}" may not read the table ${source.table}. Grant SELECT on it.`,
    )
  const rows = cells('rows')[0]
  return found({ from, columns, ...(typeof rows === 'number' ? { estimatedRows: rows } : {}) })
}

/** A name as `to_regclass` reads it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Tables offered, where a name is none. */
const MOST_TABLES = 5_000

async function missingTable(database: Database, { engine, table }: TableDataset['source']): Promise<string> {
  const known = await database.query(sql`
    SELECT n.nspname AS "schema", c.relname AS "table" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg!_toast%' ESCAPE '!'
    ORDER BY 1, 2 LIMIT ${postgresql.literal({ node: 'literal', type: { kind: 'int' }, value: String(MOST_TABLES) })}`)
  const qualified = known.ok
    ? (known.value.columns.get('table') ?? []).map((name, i) => `${known.value.columns.get('schema')?.[i]}.${name}`)
    : []
  const near = nearestName(table, [...qualified, ...qualified.map((name) => name.slice(name.indexOf('.') + 1))])
  const hint = near === undefined ? 'Names are compared exactly, case included.' : `Did you mean ${near}?`
  return `The engine "${engine.name}" has no table ${table}. ${hint}`
}
