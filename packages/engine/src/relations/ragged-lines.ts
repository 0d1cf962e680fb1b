import { identifier, integerLiteral, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from './failure.ts'
import type { SourceFile } from './source-files.ts'

/** Where the engine keeps the lines of CSV that it could not read: the names of two tables. */
export interface Rejects {
  readonly table: string
  readonly scans: string
}

/** The two tables' names for the dataset that is read into a table. */
export const rejectsOf = (table: string): Rejects => ({ table: `${table}_rejects`, scans: `${table}_scans` })

/** Lines that are named; of the others only how many there are is said. */
const NAMED = 20
const RAGGED = sql`"error_type" IN ('MISSING COLUMNS', 'TOO MANY COLUMNS')`

/**
 * One sentence for each file of which ragged lines were left out, with their numbers and what was kept. A line that is
 * wrong in another way (a quote that is not closed swallows all lines behind it) refuses the source.
 */
export async function raggedLines(
  session: Session,
  rejects: Rejects,
  files: readonly SourceFile[],
  rows: number,
): Promise<Read<readonly string[]>> {
  const from = sql`${identifier(rejects.table)} JOIN ${identifier(rejects.scans)} USING ("scan_id", "file_id")`
  const nameOf = (path: unknown): string => files.find((file) => file.path === path)?.name ?? files[0]?.name ?? ''
  const other = await session.query(
    sql`SELECT "file_path", "line", "error_message" FROM ${from} WHERE NOT (${RAGGED}) ORDER BY "line" LIMIT 1`,
  )
  if (!other.ok) return unreadable('engine-failed', other.error.cause)
  if (other.value.rows > 0) {
    const [path, line, message] = ['file_path', 'line', 'error_message'].map(
      (name) => other.value.columns.get(name)?.[0],
    )
    return unreadable(
      'source-unreadable',
      `"${nameOf(path)}", line ${line}: ${message} \`ragged: skip\` leaves out lines with too many or too few fields, and nothing else; no row was judged.`,
    )
  }
  const listed = await session.query(
    sql`SELECT "file_path" AS "path", count(*) AS "lines", ${firstLines()} AS "first" FROM
        (SELECT DISTINCT "file_path", "line" FROM ${from}) GROUP BY "file_path" ORDER BY "file_path"`,
  )
  if (!listed.ok) return unreadable('engine-failed', listed.error.cause)
  const cell = (name: string, at: number) => listed.value.columns.get(name)?.[at]
  return found(
    Array.from({ length: listed.value.rows }, (_, i) => {
      const count = Number(cell('lines', i))
      const more = count > NAMED ? ` and ${count - NAMED} more` : ''
      const lines = count === 1 ? 'line' : 'lines'
      return `"${nameOf(cell('path', i))}": ${count} ragged ${lines} left out (${lines} ${String(cell('first', i))}${more}); ${rows} rows of the source were kept.`
    }),
  )
}

const firstLines = (): Sql =>
  sql`array_to_string(list_slice(list("line" ORDER BY "line"), 1, ${integerLiteral(BigInt(NAMED))}), ', ')`
