import { digestOf, identifier, integerLiteral, join, type Sql, sql, type TableDataset } from '@plumbline/core'
import type { Database } from '../engines/database.ts'
import { storedName } from '../relations/nested-cell.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { FoundTable, TableColumn } from './table-columns.ts'

/** Types whose values Spark hashes itself; those of another are hashed as their texts. */
const HASHED =
  /^(tinyint|smallint|int|bigint|decimal\(.*\)|float|double|boolean|string|char\(.*\)|varchar\(.*\)|binary|date|timestamp|timestamp_ntz|array<\w+>)$/

const SEEDS: readonly bigint[] = [0n, 7046029254386353131n]

/**
 * Which rows a table has, whatever their order: names and types of the declared columns, the number of rows, and twice the
 * sum (modulo 2^64) of a 64-bit hash of each row, with two seeds. It tells that rows changed by accident or in the course of things; who
 * may write the table could make two states with one digest. `unpinned` where the spec asks for none.
 */
export async function rowDigest(
  database: Database,
  { columns, source }: TableDataset,
  table: FoundTable,
): Promise<Read<string>> {
  if (!source.pinned) return found('unpinned')
  const declared = new Set(columns.map(storedName))
  const covered = table.columns.filter(({ name }) => declared.has(name))
  const cells = covered.flatMap(hashed)
  const sums = SEEDS.map(
    (seed, i) =>
      sql`CAST(sum(xxhash64(${join([integerLiteral(seed, 'L'), ...cells], sql`, `)})) AS STRING) AS ${identifier(`s${i}`)}`,
  )
  const result = await database.query(sql`SELECT count(*) AS "n", ${join(sums, sql`, `)} FROM ${table.from}`)
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

/** A missing cell leaves the hash as it is, so that it is missing is hashed, too. */
const hashed = ({ name, type }: TableColumn): readonly Sql[] => {
  const cell = identifier(name)
  return [HASHED.test(type) ? cell : sql`CAST(${cell} AS STRING)`, sql`(${cell} IS NULL)`]
}
