import { identifier, join, type Sql, sql, textLiteral } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { pathLiteral } from '../duckdb/paths.ts'
import { openSession, type Session } from '../duckdb/session.ts'
import { type LogColumn, type LogKind, OWN_COLUMNS, storedNames } from './columns.ts'

/** What to turn into Parquet. */
export interface CompactRequest {
  /** Path of the lines. */
  readonly lines: string
  /** Path of the file to make. */
  readonly target: string
  /** The columns that the header of the lines names. */
  readonly columns: readonly LogColumn[]
  /** Rows that the lines hold; unknown after a crash. */
  readonly rows?: number
}

/** What is in the file that was made. */
export interface Compacted {
  readonly rows: number
  /** Least and greatest `_at`, in microseconds; 0 where there is no row. */
  readonly from: number
  readonly to: number
  /** Lines that are no rows: what a machine that lost its power may leave in the middle of a file. */
  readonly unreadable: number
}

/** Turns the lines of a segment into Parquet. */
export type Compact = (request: CompactRequest) => Promise<Outcome<Compacted>>

/** A row is a few hundred bytes; more than this at once would only raise the memory of a server that is busy with requests. */
const SETTINGS = { threads: 1, memoryLimit: '300MB' } as const

/** Compaction by DuckDB, which works on threads of its own. The engine is open only while it works. */
export const duckdbCompact: Compact = async (request) => {
  const session = await openSession(SETTINGS)
  if (!session.ok) return session
  try {
    return await compactWith(session.value, request)
  } finally {
    session.value.close()
  }
}

async function compactWith(session: Session, request: CompactRequest): Promise<Outcome<Compacted>> {
  const { from, cells } = linesSource(request.lines, request.columns)
  const projection = join(
    cells.map(({ name, cell }) => sql`${cell} AS ${identifier(name)}`),
    sql`, `,
  )
  const target = pathLiteral(request.target)
  const copied = await session.query(
    sql`COPY (SELECT ${projection} FROM ${from} WHERE "_request_id" IS NOT NULL)
        TO ${textLiteral(request.target)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480, USE_TMP_FILE false)`,
  )
  if (!copied.ok) return copied
  const made = await session.query(
    sql`SELECT count(*) AS "rows", epoch_us(min("_at")) AS "from", epoch_us(max("_at")) AS "to" FROM read_parquet(${target})`,
  )
  if (!made.ok) return made
  const number = (name: string): number => Number(made.value.columns.get(name)?.[0] ?? 0)
  const rows = number('rows')
  const held = request.rows === undefined ? await countRows(session, from) : succeed(request.rows)
  if (!held.ok) return held
  return succeed({ rows, from: number('from'), to: number('to'), unreadable: Math.max(0, held.value - rows) })
}

/** Lines after the header. */
async function countRows(session: Session, from: Sql): Promise<Outcome<number>> {
  const counted = await session.query(sql`SELECT count(*) - 1 AS "n" FROM ${from}`)
  return counted.ok ? succeed(Number(counted.value.columns.get('n')?.[0] ?? 0)) : counted
}

const LINE_TYPES: Readonly<Record<LogKind, Sql>> = {
  int: sql`'BIGINT'`,
  double: sql`'DOUBLE'`,
  string: sql`'VARCHAR'`,
  bool: sql`'BOOLEAN'`,
  timestamp: sql`'BIGINT'`,
}

/**
 * The lines of a segment as a FROM item, with the cell of each column. A line that is no row (the header, or a broken
 * one) has no `_request_id`.
 */
export function linesSource(
  path: string,
  columns: readonly LogColumn[],
): { readonly from: Sql; readonly cells: readonly { readonly name: string; readonly cell: Sql }[] } {
  const all = [...OWN_COLUMNS, ...columns]
  const names = storedNames(all.map(({ name }) => name))
  const types = all.map(({ kind }, i) => sql`${identifier(names[i] ?? '')}: ${LINE_TYPES[kind]}`)
  const cells = all.map(({ kind }, i) => {
    const name = names[i] ?? ''
    return { name, cell: kind === 'timestamp' ? sql`make_timestamp(${identifier(name)})` : identifier(name) }
  })
  const from = sql`read_json(${pathLiteral(path)}, format='newline_delimited', ignore_errors=true, columns={${join(types, sql`, `)}})`
  return { from, cells }
}
