import { digestOf, identifier, join, type Sql, sql, type TableDataset } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import { storedName } from '../relations/nested-cell.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { FoundTable, TableColumn } from './table-columns.ts'

/**
 * Which rows a table has, whatever their order: names and types of the declared columns, the number of rows, and the sum of a 64-bit
 * hash (xxHash64) of each row that `checksum` makes. It tells that rows changed by accident or in the course of things; who may write the table
 * could make two states with one digest. `unpinned` where the spec asks for none.
 */
export async function rowDigest(
  database: Database,
  { columns, source }: TableDataset,
  table: FoundTable,
): Promise<Read<string>> {
  if (!source.pinned) return found('unpinned')
  const declared = new Set(columns.map(storedName))
  const covered = table.columns.filter(({ name }) => declared.has(name))
  const row = sql`ROW(${join([sql`1`, ...covered.map(hashed)], sql`, `)})`
  const result = await database.query(sql`SELECT count(*) AS "n", to_hex(checksum(${row})) AS "sum" FROM ${table.from}`)
  if (!result.ok)
    return unreadable(
      result.error.code === 'connection-lost' ? 'engine-unreachable' : 'source-unreadable',
      `The rows of ${source.table} cannot be read: ${result.error.cause}`,
    )
  const cell = (name: string) => String(result.value.columns.get(name)?.[0] ?? '')
  return found(
    `snapshot:rows:${digestOf({ columns: covered.map(({ name, type }) => [name, type]), rows: cell('n'), sum: cell('sum') })}`,
  )
}

/** Types that are compared, and so hashed; another is hashed as JSON. */
const HASHED =
  /^(tinyint|smallint|integer|bigint|decimal\(.*\)|real|double|boolean|varchar.*|char\(.*\)|varbinary|date|time.*|uuid|array\([\w()]+\))$/

const hashed = ({ name, type }: TableColumn): Sql =>
  HASHED.test(type) ? identifier(name) : sql`json_format(CAST(${identifier(name)} AS JSON))`
