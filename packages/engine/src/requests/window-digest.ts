import { join, type Sql, sql } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'

/**
 * The digest of the rows of a table, `snapshot:sha256:…`, that depends on nothing but their cells: not on their order, nor
 * on the files they lay in. Each row is hashed as the JSON list of its cells as text (DuckDB writes the shortest text that
 * reads back as the same float64), and the sorted hashes are hashed, in 4 096 groups, so that no text is as long as the table.
 */
export async function rowsDigest(session: Session, table: Sql, cells: readonly Sql[]): Promise<Outcome<string>> {
  const texts = join(
    cells.map((cell) => sql`CAST(${cell} AS VARCHAR)`),
    sql`, `,
  )
  const result = await session.query(
    sql`SELECT sha256(coalesce(array_to_string(list_sort(list("hash")), ''), '')) AS "digest" FROM (
          SELECT sha256(array_to_string(list_sort(list("hash")), '')) AS "hash" FROM (
            SELECT sha256(CAST(to_json([${texts}]) AS VARCHAR)) AS "hash" FROM ${table}) GROUP BY substr("hash", 1, 3))`,
  )
  return result.ok ? succeed(`snapshot:sha256:${String(result.value.columns.get('digest')?.[0])}`) : result
}
