import {
  type EveryClause,
  type FileDataset,
  identifier,
  integerLiteral,
  join,
  type Sql,
  sql,
  textLiteral,
} from '@plumbline/core'
import { pathList } from '../duckdb/paths.ts'
import type { Session } from '../duckdb/session.ts'
import type { RowFilter, Scope } from '../plan/scope.ts'
import { MOST_KEPT } from '../plan/witness-file.ts'
import { columnsShown, failingRows, isSensitive, worstFirst } from '../plan/witnesses.ts'
import type { StateFolder } from './state-folder.ts'

/** Rows that are shown where a clause tolerates them. */
export const FIRST = 5

/** The names of a column's cell and of its text that cannot be read, in files of failing rows; as in a dataset that is open. */
export function cellNames({ columns }: FileDataset, name: string): { readonly cell: Sql; readonly misfit: Sql } {
  const index = columns.findIndex((column) => column.name === name)
  return { cell: identifier(`c${index}`), misfit: identifier(`f${index}`) }
}

/** Which failing rows of a file are kept: the first few, where it alone tolerates them; else the worst with them. */
export type KeptKind = 'first' | 'worst'

/**
 * Keeps failing rows of one file, with what the clause shows of them: enough to say which are the first, or the worst, of all files. Undefined
 * where a column is sensitive (its cells are kept nowhere) or they could not be written.
 */
export async function keepFailingRows(
  session: Session,
  scope: Scope,
  dataset: FileDataset,
  clause: EveryClause,
  filter: RowFilter,
  kind: KeptKind,
  folder: StateFolder,
): Promise<string | undefined> {
  const names = columnsShown(scope, clause)
  if (names.some((name) => isSensitive(scope, name))) return undefined
  const path = await folder.incoming()
  if (path === undefined) return undefined
  const columns = names.flatMap((name) => {
    const own = cellNames(dataset, name)
    const { cell, misfit = sql`CAST(NULL AS VARCHAR)` } = scope.column(name)
    return [sql`${cell} AS ${own.cell}`, sql`${misfit} AS ${own.misfit}`]
  })
  const some = (order: Sql, most: number) =>
    sql`(SELECT ${join([sql`"row"`, ...columns], sql`, `)} FROM ${failingRows(scope, clause, filter)}${order} LIMIT ${integerLiteral(BigInt(most))})`
  const first = some(sql``, FIRST)
  const rows = kind === 'first' ? first : sql`(${some(worstFirst(scope, clause), MOST_KEPT)} UNION ${first})`
  const written = await session.query(
    sql`COPY (SELECT * FROM ${rows} AS "kept" ORDER BY "row") TO ${textLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  return written.ok ? folder.keep(path) : undefined
}

/** The kept failing rows of several files as rows of all of them: a FROM item, each row with its position in the whole source. */
export function keptRows(parts: readonly { readonly path: string; readonly before: number }[]): Sql {
  const each = parts.map(
    ({ path, before }) =>
      sql`SELECT * REPLACE ("row" + ${integerLiteral(BigInt(before))} AS "row") FROM read_parquet(${pathList([path])}, hive_partitioning=false)`,
  )
  return sql`(SELECT * FROM (${join(each, sql` UNION ALL `)}) ORDER BY "row")`
}
