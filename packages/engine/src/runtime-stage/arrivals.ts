import { type Host, integerLiteral, type Sql, sql, windowAt, WINDOW_ORIGIN } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { LogColumns } from '../requests/columns.ts'
import { readHeader } from '../requests/header.ts'
import { findSegments, linesAsSource, parquetSource, type SegmentSource } from '../requests/segment-sources.ts'
import { type Segment, segmentPath } from '../requests/segments.ts'

/**
 * Which rows of the log were taken into account. Plain JSON. A closed segment never changes, so its number says it all;
 * of those that grow, and of what was written after them, the rows are counted by span of time.
 */
export interface SeenLog {
  /** Width of the spans, in microseconds. */
  readonly width: number
  /** All segments up to this number were seen as a whole. */
  readonly upTo: number
  /** Of later segments, by number: rows by beginning of their span (microseconds since 1970 UTC). */
  readonly later: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** What came into the log since it was last looked at. */
export interface Arrivals {
  readonly seen: SeenLog
  /** Spans that got rows, by their beginning, and how many. */
  readonly touched: ReadonlyMap<number, number>
  /** The oldest row there is; absent where there is none. */
  readonly earliest?: number
  /** The newest one. */
  readonly latest?: number
  /** Segments were removed: rows before the oldest are gone. */
  readonly truncated: boolean
  /** Segments between the oldest and the newest that are not there: somebody took them away. */
  readonly absent: number
}

/** Nothing of the log was seen. */
export function nothingSeen(width: number): SeenLog {
  return { width, upTo: 0, later: {} }
}

/** What is read. */
export interface ArrivalsOptions {
  readonly host: Host
  readonly session: Session
  /** The log's directory. */
  readonly directory: string
  readonly columns: LogColumns
  /** What was counted of the lines that grow, for looks to come: as long as a file has its size, it has its rows. */
  readonly counted?: Map<string, { readonly size: number; readonly spans: Spans }>
}

/** Rows of a segment by beginning of their span, and their first and last time. */
export interface Spans {
  readonly rows: Readonly<Record<string, number>>
  readonly from: number
  readonly to: number
}

const ATTEMPTS = 20

/** Looks for rows that came since `seen`. Only what grew is read, and of it only the times. */
export async function lookForArrivals(options: ArrivalsOptions, seen: SeenLog): Promise<Read<Arrivals>> {
  for (let attempt = 1; ; attempt++) {
    const looked = await look(options, seen)
    // A segment of lines vanishes when it has become a Parquet file: the listing was too old.
    if (looked.ok || attempt === ATTEMPTS) return looked
  }
}

async function look(options: ArrivalsOptions, before: SeenLog): Promise<Read<Arrivals>> {
  const { host, directory } = options
  const listed = await findSegments(host, directory)
  if (!listed.ok)
    return unreadable('source-unreadable', `The log of requests cannot be listed: ${listed.error.message}.`)
  const { segments, absent } = listed.value
  // Numbers only grow: where they begin anew, another log is in the place of the one that was seen.
  const seen = (segments.at(-1)?.number ?? before.upTo) < before.upTo ? nothingSeen(before.width) : before
  const later: Record<string, Readonly<Record<string, number>>> = {}
  const touched = new Map<number, number>()
  let earliest: number | undefined
  let latest: number | undefined
  for (const segment of segments) {
    const known = segment.number <= seen.upTo && segment.kind === 'parquet'
    const spans = known ? { rows: {}, from: segment.from, to: segment.to } : await spansOf(options, segment, seen.width)
    if ('failure' in spans) return { ok: false, failure: spans.failure }
    const empty = segment.kind === 'parquet' ? segment.rows === 0 : Object.keys(spans.rows).length === 0
    if (!empty) {
      earliest = Math.min(earliest ?? spans.from, spans.from)
      latest = Math.max(latest ?? spans.to, spans.to)
    }
    if (known) continue
    later[segment.number] = spans.rows
    const before = seen.later[segment.number] ?? {}
    for (const [from, rows] of Object.entries(spans.rows)) {
      const more = segment.number <= seen.upTo ? 0 : rows - (before[from] ?? 0)
      if (more > 0) touched.set(Number(from), (touched.get(Number(from)) ?? 0) + more)
    }
  }
  const [first] = segments
  const growing = new Set(segments.filter(({ kind }) => kind === 'lines').map(({ file }) => file))
  for (const file of options.counted?.keys() ?? []) if (!growing.has(file)) options.counted?.delete(file)
  return found({
    seen: compacted(seen, segments, later),
    touched,
    ...(earliest === undefined ? {} : { earliest }),
    ...(latest === undefined ? {} : { latest }),
    truncated: (first?.number ?? 1) > 1,
    absent,
  })
}

/** Counts of the segments before the first that may still grow are not kept: their numbers say that they were seen. */
function compacted(seen: SeenLog, segments: readonly Segment[], later: SeenLog['later']): SeenLog {
  const growing = segments.find(({ kind, number }) => kind === 'lines' && number > seen.upTo)
  const upTo = Math.max(seen.upTo, growing === undefined ? (segments.at(-1)?.number ?? 0) : growing.number - 1)
  return {
    width: seen.width,
    upTo,
    later: Object.fromEntries(Object.entries(later).filter(([number]) => Number(number) > upTo)),
  }
}

async function spansOf(
  options: ArrivalsOptions,
  segment: Segment,
  width: number,
): Promise<Spans | Extract<Read<never>, { ok: false }>> {
  if (segment.kind === 'parquet') {
    const { from, to, rows } = segment
    const span = windowAt(width, from)
    // Most segments are shorter than a window: their name says it.
    if (rows === 0) return { rows: {}, from, to }
    if (to < span.to) return { rows: { [span.from]: rows }, from, to }
  }
  const { host, directory, counted } = options
  const stat = segment.kind === 'lines' ? await host.files.stat(segmentPath(directory, segment)) : undefined
  const size = stat?.ok === true ? stat.value?.size : undefined
  const known = counted?.get(segment.file)
  if (known !== undefined && known.size === size) return known.spans
  const spans = await countSpans(options, segment, width)
  if (size !== undefined && !('failure' in spans)) counted?.set(segment.file, { size, spans })
  return spans
}

async function countSpans(
  options: ArrivalsOptions,
  segment: Segment,
  width: number,
): Promise<Spans | Extract<Read<never>, { ok: false }>> {
  const source = await sourceOf(options, segment)
  if ('ok' in source) return source
  const at = sql`epoch_us(${source.own('_at')})`
  const counted = await options.session.query(
    sql`SELECT ${spanOf(sql`"at"`, width)} AS "span", count(*) AS "rows", min("at") AS "from", max("at") AS "to"
        FROM (SELECT ${at} AS "at" FROM ${source.from} WHERE ${source.isRow}) GROUP BY "span" ORDER BY "span"`,
  )
  if (!counted.ok) return failed(segment, counted.error.cause)
  const column = (name: string): readonly number[] => (counted.value.columns.get(name) ?? []).map(Number)
  const rows = column('rows')
  return {
    rows: Object.fromEntries(column('span').map((span, i) => [span, rows[i] ?? 0])),
    from: Math.min(...column('from')),
    to: Math.max(...column('to')),
  }
}

async function sourceOf(
  { host, session, directory, columns }: ArrivalsOptions,
  segment: Segment,
): Promise<SegmentSource | Extract<Read<never>, { ok: false }>> {
  const path = segmentPath(directory, segment)
  if (segment.kind === 'parquet') {
    const source = await parquetSource(session, [path], columns)
    return source.ok ? source.value : failed(segment, source.error.cause)
  }
  const header = await readHeader(host, path)
  return header.ok ? linesAsSource(path, header.value.columns) : failed(segment, header.error.message)
}

/** The beginning of the span of an instant, both in microseconds since 1970 UTC. */
export function spanOf(at: Sql, width: number): Sql {
  const wide = integerLiteral(BigInt(width))
  const offset = sql`(${at} - ${integerLiteral(BigInt(WINDOW_ORIGIN))})`
  // The remainder has the sign of the dividend: before the origin it would round up.
  return sql`(${at} - ((${offset} % ${wide}) + ${wide}) % ${wide})`
}

function failed({ file }: Segment, cause: string): Extract<Read<never>, { ok: false }> {
  return { ok: false, failure: { reason: 'source-unreadable', cause: `The segment ${file} cannot be read: ${cause}` } }
}
