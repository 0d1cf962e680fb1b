import { type Host, type HostResult, hostOk, identifier, type Sql, sql, type TimeWindow } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { pathList } from '../duckdb/paths.ts'
import type { Session } from '../duckdb/session.ts'
import { type LogColumn, type LogColumns, type LogKind, OWN_COLUMNS, storedNames } from './columns.ts'
import { linesSource } from './compaction.ts'
import { listSegments, type Segment } from './segments.ts'

/** Rows of some segments, before any typing. */
export interface SegmentSource {
  readonly from: Sql
  /** True for rows; a line may be none. */
  readonly isRow: Sql
  /** A column of the log's own. */
  own(name: string): Sql
  /** A column of the spec, and its DuckDB type; undefined where these segments have none of the name. */
  column(name: string): { readonly cell: Sql; readonly type: string } | undefined
}

/** The segments of a log at one moment. */
export interface SegmentsFound {
  readonly segments: readonly Segment[]
  /** How many numbers between the oldest and the newest are not there: somebody took those segments away. */
  readonly absent: number
}

const LOOKS = 5

/**
 * Lists the segments so that none is overlooked. A listing is not of one moment: it may miss a Parquet file that was made
 * meanwhile and yet no longer see its lines. That leaves a hole in the numbers, and one looks again.
 */
export async function findSegments(host: Host, directory: string): Promise<HostResult<SegmentsFound>> {
  for (let look = 1; ; look++) {
    const listed = await listSegments(host, directory)
    if (!listed.ok) {
      return listed.error.kind === 'not-found' ? hostOk({ segments: [], absent: 0 }) : listed
    }
    const { segments } = listed.value
    const absent = (segments.at(-1)?.number ?? 0) - (segments[0]?.number ?? 1) + 1 - segments.length
    if (absent === 0 || look === LOOKS) return hostOk({ segments, absent })
  }
}

/** Whether a segment can hold rows of a span, as far as its name says. */
export function mayHold(segment: Segment, span: TimeWindow | undefined): boolean {
  if (segment.kind === 'lines') return true
  return segment.rows > 0 && (span === undefined || (segment.from < span.to && segment.to >= span.from))
}

/** Parquet segments as one source. */
export async function parquetSource(
  session: Session,
  paths: readonly string[],
  { request, answer }: LogColumns,
): Promise<Outcome<SegmentSource>> {
  const from = sql`read_parquet(${pathList(paths)}, union_by_name=true, hive_partitioning=false)`
  const described = await session.query(sql`DESCRIBE SELECT * FROM ${from}`)
  if (!described.ok) return described
  const names = (described.value.columns.get('column_name') ?? []).map(String)
  const types = (described.value.columns.get('column_type') ?? []).map(String)
  const all = [...OWN_COLUMNS, ...request, ...answer].map(({ name }) => name)
  const stored = new Map(storedNames(all).flatMap((name, i) => (i < OWN_COLUMNS.length ? [] : [[all[i], name]])))
  return succeed({
    from,
    isRow: sql`TRUE`,
    own: (name) => (names.includes(name) ? identifier(name) : sql`NULL`),
    column(name) {
      const at = names.indexOf(stored.get(name) ?? name)
      return at < 0 ? undefined : { cell: identifier(names[at] ?? ''), type: types[at] ?? '' }
    },
  })
}

const TYPES: Readonly<Record<LogKind, string>> = {
  int: 'BIGINT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  bool: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
}

/** A segment of lines as a source, by the columns that its header names. */
export function linesAsSource(path: string, columns: readonly LogColumn[]): SegmentSource {
  const { from, cells } = linesSource(path, columns)
  const own = new Map(OWN_COLUMNS.map(({ name }, i) => [name, cells[i]?.cell]))
  return {
    from,
    isRow: sql`"_request_id" IS NOT NULL`,
    own: (name) => own.get(name) ?? sql`NULL`,
    column(name) {
      const at = columns.findIndex((column) => column.name === name)
      const cell = at < 0 ? undefined : cells[OWN_COLUMNS.length + at]?.cell
      return cell === undefined ? undefined : { cell, type: TYPES[columns[at]?.kind ?? 'string'] }
    },
  }
}
