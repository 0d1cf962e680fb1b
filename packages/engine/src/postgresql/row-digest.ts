import { digestOf, identifier, join, type Sql, sql, type TableDataset } from '@plumbline/core'
import { storedName } from '../relations/nested-cell.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { PostgresqlSession } from './session.ts'
import type { FoundTable, TableColumn } from './table-columns.ts'

/** Types whose values PostgreSQL hashes itself; those of another are hashed as their texts. */
const HASHED =
  /^(smallint|integer|bigint|numeric|real|double precision|boolean|text|character varying|character|uuid|date|timestamp (with|without) time zone|enum)$/

const SEEDS: readonly Sql[] = [sql`0`, sql`7046029254386353131`]

/**
 * Which rows a table has, whatever their order: names and types of the declared columns, the number of rows, and twice the
 * sum of a 64-bit hash of each row, with two seeds. It tells that rows changed by accident or in the course of things; who may
 * write the table could make two states with one digest. Another major version of the server may hash otherwise, and then
 * evidence is stale. `unpinned` where the spec asks for none.
 */
export async function rowDigest(
  session: PostgresqlSession,
  { columns, source }: TableDataset,
  table: FoundTable,
): Promise<Read<string>> {
  if (!source.pinned) return found('unpinned')
  const declared = new Set(columns.map(storedName))
  const covered = table.columns.filter(({ name, readable }) => declared.has(name) && readable)
  const row = sql`ROW(${join(covered.map(hashed), sql`, `)})`
  const sums = SEEDS.map(
    (seed, i) => sql`CAST(sum(hash_record_extended(${row}, ${seed})) AS text) AS ${identifier(`s${i}`)}`,
  )
  const result = await session.query(sql`SELECT count(*) AS "n", ${join(sums, sql`, `)} FROM ${table.from}`)
  if (!result.ok)
    return unreadable(
      result.error.code === 'connection-lost' ? 'engine-unreachable' : 'source-unreadable',
      `The rows of ${source.table} cannot be read: ${result.error.cause}`,
    )
  const cell = (name: string) => String(result.value.columns.get(name)?.[0] ?? '')
  const rows = {
    columns: covered.map(({ name, type }) => [name, type]),
    rows: cell('n'),
    sums: SEEDS.map((_, i) => cell(`s${i}`)),
  }
  return found(`snapshot:rows:${digestOf(rows)}`)
}

const hashed = ({ name, type }: TableColumn): Sql =>
  HASHED.test(type) ? identifier(name) : sql`CAST(${identifier(name)} AS text)`
