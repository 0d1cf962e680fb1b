import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import { type ClosedState, closedSegments } from './closed-segments.ts'
import type { LogColumns } from './columns.ts'
import { type Compact, duckdbCompact } from './compaction.ts'
import { logged, type LogResult, notLogged, type RequestLogFailure } from './failure.ts'
import { groupCommit, nothingToWrite } from './group-commit.ts'
import { headerLine } from './header.ts'
import { recover } from './recover.ts'
import { type LoggedRow, rowWriter } from './row-text.ts'
import { segmentWriter } from './segment-writer.ts'

/** The log of requests, open for writing. One process at a time writes a directory; any number read it. */
export interface RequestLog {
  readonly directory: string
  /**
   * Adds the rows of a request, all or none (being killed may leave the first rows of a request that was not
   * acknowledged). Resolves when the system has their bytes, so that they survive the death
   * of this process (with `sync`, that of the machine): answer the request then. A failure is a value and harms nothing
   * that was acknowledged; the log goes on by itself when the disk does.
   */
  append(rows: readonly LoggedRow[]): Promise<LogResult<void>>
  state(): RequestLogState
  /** Writes what waits, finishes the segment that is being turned into Parquet, and lets others write. */
  close(): Promise<void>
}

/** Figures for metrics; counters since the log was opened. */
export interface RequestLogState {
  /** Segments on disk, and their bytes, the open one included. */
  readonly segments: number
  readonly bytes: number
  /** Rows acknowledged. */
  readonly rows: number
  /** Rows that were refused, by whatever failure. */
  readonly refused: number
  /** Appends that failed, and why the last one did. */
  readonly failures: number
  readonly lastFailure?: RequestLogFailure
  readonly waitingRows: number
  /** What a writer before this one left: half-written last lines cut off, and files removed. */
  readonly recovered: { readonly torn: number; readonly leftovers: number }
  readonly closed: ClosedState
}

/** The bounds of a log. */
export interface RequestLogLimits {
  /** A segment is closed at so many rows (default 100 000), bytes (64 MiB, never more than a quarter of `bytes`), seconds (3 600); and at midnight, UTC. */
  readonly segmentRows: number
  readonly segmentBytes: number
  readonly segmentSeconds: number
  /** Bytes of all segments (default 10 GiB); above, the oldest are removed, and counted. */
  readonly bytes: number
  /** Characters of rows that may wait for the disk (default 32 MiB); what comes beyond is refused. */
  readonly waiting: number
}

/** How a log is opened. */
export interface RequestLogOptions {
  readonly host: Host
  readonly directory: string
  readonly columns: LogColumns
  readonly limits?: Partial<RequestLogLimits>
  /** Whether a row is acknowledged only when it would survive a loss of power. Default false. */
  readonly sync?: boolean
  /** How long to wait for another writer to end, in milliseconds. Default 1 000. */
  readonly lockTimeoutMs?: number
  /** How closed segments become Parquet (default: DuckDB); `off` leaves them lines. */
  readonly compact?: Compact | 'off'
}

const DEFAULTS: RequestLogLimits = {
  segmentRows: 100_000,
  segmentBytes: 64 * 2 ** 20,
  segmentSeconds: 3_600,
  bytes: 10 * 2 ** 30,
  waiting: 32 * 2 ** 20,
}
/** DuckDB reads lines of up to 16 MiB, and a character has up to three bytes. */
const LONGEST_ROW = 4 * 2 ** 20
const LOCK = 'writer.lock'

/** Opens the log in a directory, which is made if absent, and puts in order what a writer before left. */
export async function openRequestLog(options: RequestLogOptions): Promise<LogResult<RequestLog>> {
  const { host, directory, columns } = options
  const limits = { ...DEFAULTS, ...options.limits }
  const made = await host.files.mkdir(directory)
  if (!made.ok) return notLogged({ kind: 'host', error: made.error })
  const lock = await host.files.lock(join(directory, LOCK), { timeoutMs: options.lockTimeoutMs ?? 1_000 })
  if (!lock.ok) {
    return notLogged(lock.error.kind === 'busy' ? { kind: 'in-use', directory } : { kind: 'host', error: lock.error })
  }
  const found = await recover(host, directory)
  if (!found.ok) {
    await lock.value.release()
    return notLogged({ kind: 'host', error: found.error })
  }
  const writer = segmentWriter({
    host,
    directory,
    first: (found.value.segments.at(-1)?.number ?? 0) + 1,
    header: headerLine(columns),
    sync: options.sync ?? false,
    limits: {
      rows: limits.segmentRows,
      bytes: Math.min(limits.segmentBytes, limits.bytes / 4),
      seconds: limits.segmentSeconds,
    },
    onClosed: (full) => closed.add(full),
  })
  const closed = closedSegments(
    {
      host,
      directory,
      compact: options.compact === 'off' ? undefined : (options.compact ?? duckdbCompact),
      maxBytes: limits.bytes,
      openBytes: () => writer.bytes(),
    },
    found.value.segments.map(({ bytes, ...segment }) => ({
      segment,
      bytes,
      ...(segment.kind === 'parquet' ? { rows: segment.rows } : {}),
    })),
  )
  const commit = groupCommit({ write: writer.write, waitingLimit: limits.waiting })
  const lineOf = rowWriter(columns)
  const counts = { rows: 0, refused: 0, failures: 0 }
  let lastFailure: RequestLogFailure | undefined
  let isClosed = false

  const refuse = (
    rows: number,
    failure: RequestLogFailure,
  ): { readonly ok: false; readonly failure: RequestLogFailure } => {
    counts.refused += rows
    counts.failures++
    lastFailure = failure
    return notLogged(failure)
  }

  return logged({
    directory,
    async append(rows) {
      if (isClosed) return refuse(rows.length, { kind: 'closed' })
      if (rows.length === 0) return nothingToWrite
      let text = ''
      for (const row of rows) {
        const line = lineOf(row)
        if (line.length > LONGEST_ROW) {
          return refuse(rows.length, { kind: 'too-large', length: line.length, limit: LONGEST_ROW })
        }
        text += line
      }
      const written = await commit.add(text, rows.length)
      if (!written.ok) return refuse(rows.length, written.failure)
      counts.rows += rows.length
      return written
    },
    state: () => ({
      segments: closed.state().segments + (writer.bytes() > 0 ? 1 : 0),
      bytes: closed.state().bytes + writer.bytes(),
      ...counts,
      ...(lastFailure === undefined ? {} : { lastFailure }),
      waitingRows: commit.waiting().rows,
      recovered: { torn: found.value.torn, leftovers: found.value.leftovers },
      closed: closed.state(),
    }),
    async close() {
      if (isClosed) return
      isClosed = true
      await commit.drained()
      await writer.close()
      await closed.idle()
      await lock.value.release()
    },
  })
}
