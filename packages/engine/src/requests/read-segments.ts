import { join as joinPath } from 'node:path'
import { type Host, type Sql, sql } from '@plumbline/core'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { readHeader } from './header.ts'
import { type DeclaredRequests, logColumnsOf } from './request-columns.ts'
import { emptyRows, type KeptRows, selectSource, tableColumns } from './request-table.ts'
import { findSegments, linesAsSource, mayHold, parquetSource, type SegmentSource } from './segment-sources.ts'
import type { Segment } from './segments.ts'

/** Where the log is, and the table that its rows go to. */
export interface SegmentsRequest {
  readonly host: Host
  readonly session: Session
  readonly directory: string
  readonly declared: DeclaredRequests
  readonly kept: KeptRows
  readonly table: Sql
}

/** How often a file that is there and yet cannot be read is looked at. */
const LOOKS = 3

/**
 * Reads the rows of the log into a table, in the order of the segments, so that what is read is all that was written up
 * to some moment. A writer works meanwhile: lines that vanish have become Parquet and are read there, Parquet that
 * vanishes was removed to stay within the bound and is left out. Gives the number of segments that are absent.
 */
export async function readSegments(request: SegmentsRequest): Promise<Read<number>> {
  const { host, session, directory, declared, kept, table } = request
  const listed = await findSegments(host, directory)
  if (!listed.ok) return unlisted(listed.error.message)
  const made = await session.query(sql`CREATE OR REPLACE TEMP TABLE ${table} AS ${emptyRows(tableColumns(declared))}`)
  if (!made.ok) return unreadableLog(made.error.cause)
  const parquet: number[] = []
  for (const segment of listed.value.segments.filter((each) => mayHold(each, kept.window))) {
    if (segment.kind === 'parquet') parquet.push(segment.number)
    else {
      const read = await readLines(request, segment)
      if (!read.ok) return read
      if (read.value === 'vanished') parquet.push(segment.number)
    }
  }
  const read = await readParquet(request, new Set(parquet))
  return read.ok ? found(listed.value.absent) : read
}

async function readLines(request: SegmentsRequest, segment: Segment): Promise<Read<'read' | 'vanished'>> {
  const path = joinPath(request.directory, segment.file)
  for (let look = 1; ; look++) {
    const header = await readHeader(request.host, path)
    if (!header.ok && header.error.kind === 'not-found') return found('vanished')
    const filled = header.ok ? await fill(request, linesAsSource(path, header.value.columns)) : undefined
    if (filled?.ok === true) return found('read')
    const there = await request.host.files.stat(path)
    if (there.ok && there.value === undefined) return found('vanished')
    if (look === LOOKS || filled?.error.code === 'interrupted') {
      const cause = filled?.error.cause ?? (header.ok ? '' : header.error.message)
      return unreadableLog(`${segment.file}: ${cause}`)
    }
  }
}

async function readParquet(request: SegmentsRequest, wanted: ReadonlySet<number>): Promise<Read<true>> {
  let seen = ''
  for (let unchanged = 0; ; ) {
    const listed = await findSegments(request.host, request.directory)
    if (!listed.ok) return unlisted(listed.error.message)
    const there = listed.value.segments.filter((segment) => wanted.has(segment.number))
    const files = there.filter((segment) => segment.kind === 'parquet' && mayHold(segment, request.kept.window))
    if (files.length === 0) return found(true)
    const paths = files.map(({ file }) => joinPath(request.directory, file))
    const source = await parquetSource(request.session, paths, logColumnsOf(request.declared))
    const filled = source.ok ? await fill(request, source.value) : source
    if (filled.ok) return found(true)
    const names = paths.join('\n')
    unchanged = names === seen ? unchanged + 1 : 1
    seen = names
    if (unchanged === LOOKS || filled.error.code === 'interrupted') return unreadableLog(filled.error.cause)
  }
}

async function fill(
  { session, declared, kept, table }: SegmentsRequest,
  source: SegmentSource,
): Promise<Outcome<true>> {
  const rows = selectSource(source, tableColumns(declared), kept)
  const filled = await session.query(sql`INSERT INTO ${table} ${rows}`)
  return filled.ok ? succeed(true) : filled
}

function unlisted(cause: string): Read<never> {
  return unreadable('source-unreadable', `The log of requests cannot be listed: ${cause}.`)
}

function unreadableLog(cause: string): Read<never> {
  return unreadable('source-unreadable', `The log of requests cannot be read: ${cause}`)
}
