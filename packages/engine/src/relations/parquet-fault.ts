import { integerLiteral, type Sql, sql } from '@plumbline/core'
import { pathLiteral } from '../duckdb/paths.ts'
import type { Session } from '../duckdb/session.ts'
import type { SourceFile } from './source-files.ts'

/**
 * Which row group of a Parquet file cannot be read, as a sentence: the engine names the file at most. The columns that
 * the failed statement read are read again, group by group, up to the first that fails. Undefined where none does.
 */
export async function parquetFault(
  session: Session,
  files: readonly SourceFile[],
  columns: readonly Sql[],
): Promise<string | undefined> {
  for (const file of files) {
    const path = pathLiteral(file.path)
    const groups = await session.query(
      sql`SELECT row_group_id AS "group", max(row_group_num_rows) AS "rows" FROM parquet_metadata(${path}) GROUP BY row_group_id ORDER BY row_group_id`,
    )
    if (!groups.ok) return `"${file.name}" cannot be read: ${groups.error.cause}`
    let first = 0n
    for (let i = 0; i < groups.value.rows; i++) {
      const end = first + BigInt(Number(groups.value.columns.get('rows')?.[i] ?? 0))
      for (const column of columns) {
        const tried = await session.query(
          sql`SELECT max(${column}) FROM read_parquet(${path}, file_row_number=true) WHERE file_row_number >= ${integerLiteral(first)} AND file_row_number < ${integerLiteral(end)}`,
        )
        if (tried.ok || tried.error.code === 'interrupted') continue
        const sound = i === 0 ? 'no row group before it' : i === 1 ? 'row group 0 can' : `row groups 0 to ${i - 1} can`
        return `"${file.name}", row group ${groups.value.columns.get('group')?.[i]} (rows ${first + 1n} to ${end}): ${tried.error.cause.replaceAll(file.path, file.name)}; ${sound}. Write the file again; no row was judged.`
      }
      first = end
    }
  }
  return undefined
}
