import { digestOf, identifier, join, sql, type TableDataset } from '@plumbline/core'
import { storedName } from '../relations/nested-cell.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { Database } from './database.ts'
import type { FoundTable, TableDialect } from './table-dialect.ts'

/**
 * Which rows a table has, whatever their order: names and types of the declared columns, the number of rows, and the hashes of all
 * rows that the database makes. It tells that rows changed by accident or in the course of things; who may write the table could make two states
 * with one digest. Another major version of the server may hash otherwise, and then evidence is stale. `unpinned` where the spec asks for none.
 */
export async function rowDigest(
  database: Database,
  { hashes }: TableDialect,
  { columns, source }: TableDataset,
  table: FoundTable,
): Promise<Read<string>> {
  if (!source.pinned) return found('unpinned')
  const declared = new Set(columns.map(storedName))
  const covered = table.columns.filter(({ name, readable }) => declared.has(name) && readable !== false)
  const sums = hashes(covered).map((hash, i) => ({ name: `s${i}`, sql: sql`${hash} AS ${identifier(`s${i}`)}` }))
  const asked = join([sql`count(*) AS "n"`, ...sums.map((sum) => sum.sql)], sql`, `)
  const result = await database.query(sql`SELECT ${asked} FROM ${table.from}`)
  if (!result.ok)
    return unreadable(
      result.error.code === 'connection-lost' ? 'engine-unreachable' : 'source-unreadable',
      `The rows of ${source.table} cannot be read: ${result.error.cause}`,
    )
  const cell = (name: string) => String(result.value.columns.get(name)?.[0] ?? '')
  const rows = {
    columns: covered.map(({ name, type }) => [name, type]),
    rows: cell('n'),
    sums: sums.map(({ name }) => cell(name)),
  }
  return found(`snapshot:rows:${digestOf(rows)}`)
}
