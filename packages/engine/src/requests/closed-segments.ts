import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import type { Compact } from './compaction.ts'
import type { RequestLogFailure } from './failure.ts'
import { readHeader } from './header.ts'
import { halfMadeName, linesName, parquetName, type Segment, segmentPath } from './segments.ts'

/** A segment that takes no more rows. `rows` is unknown of lines that a crash left. */
export interface StoredSegment {
  readonly segment: Segment
  readonly bytes: number
  readonly rows?: number
}

/** What became of the closed segments, for metrics. */
export interface ClosedState {
  readonly segments: number
  readonly bytes: number
  /** Segments that are not Parquet yet. */
  readonly uncompacted: number
  /** Times that a segment could not be turned into Parquet, and why the last time. */
  readonly compactionFailures: number
  readonly lastFailure?: RequestLogFailure
  /** Lines that turned out to be no rows. */
  readonly unreadable: number
  /** What was removed to stay within the bound; `rows` of segments whose rows are known. */
  readonly removed: { readonly segments: number; readonly bytes: number; readonly rows: number }
}

/** The closed segments: turned into Parquet one after another, removed from the oldest on above the bound. */
export interface ClosedSegments {
  add(segment: StoredSegment): void
  state(): ClosedState
  /** Resolves when nothing is being done. */
  idle(): Promise<void>
}

/** What closed segments are kept with. */
export interface ClosedSegmentsOptions {
  readonly host: Host
  readonly directory: string
  /** Absent: segments stay lines. */
  readonly compact: Compact | undefined
  /** Bytes that all segments may have, `openBytes` included. */
  readonly maxBytes: number
  readonly openBytes: () => number
}

/** Keeps the closed segments, `found` from before among them. */
export function closedSegments(options: ClosedSegmentsOptions, found: readonly StoredSegment[]): ClosedSegments {
  const { host, directory, compact } = options
  const stored = new Map<number, StoredSegment>(found.map((each) => [each.segment.number, each]))
  let working: Promise<void> | undefined
  let added = false
  let failures = 0
  let lastFailure: RequestLogFailure | undefined
  let unreadable = 0
  const removed = { segments: 0, bytes: 0, rows: 0 }
  const bytes = (): number => [...stored.values()].reduce((sum, each) => sum + each.bytes, 0)

  const fail = (failure: RequestLogFailure): void => {
    failures++
    lastFailure = failure
  }

  const compactOne = async (each: StoredSegment, run: Compact): Promise<void> => {
    const { segment, rows } = each
    const lines = segmentPath(directory, segment)
    const half = join(directory, halfMadeName(segment.number))
    const header = await readHeader(host, lines)
    if (!header.ok) {
      if (header.error.kind === 'not-found') stored.delete(segment.number)
      return fail({ kind: 'host', error: header.error })
    }
    const known = rows === undefined ? {} : { rows }
    const made = await run({ lines, target: half, columns: header.value.columns, ...known })
    if (!made.ok) {
      await host.files.remove(half)
      return fail({ kind: 'compaction', file: segment.file, cause: made.error.cause })
    }
    const file = parquetName({ number: segment.number, ...made.value })
    const path = join(directory, file)
    // Adds nothing and flushes: the lines go only when the disk has what replaces them.
    const flushed = await host.files.append(half, '')
    const renamed = flushed.ok ? await host.files.rename(half, path) : flushed
    if (!renamed.ok) {
      await host.files.remove(half)
      return fail({ kind: 'host', error: renamed.error })
    }
    unreadable += made.value.unreadable
    const stat = await host.files.stat(path)
    const parquet: Segment = { kind: 'parquet', number: segment.number, file, ...made.value }
    stored.set(segment.number, {
      segment: parquet,
      rows: made.value.rows,
      bytes: stat.ok ? (stat.value?.size ?? 0) : each.bytes,
    })
    const gone = await host.files.remove(join(directory, linesName(segment.number)))
    if (!gone.ok) fail({ kind: 'host', error: gone.error })
  }

  const removeOldest = async (): Promise<void> => {
    for (const [number, each] of [...stored].toSorted(([a], [b]) => a - b)) {
      if (bytes() + options.openBytes() <= options.maxBytes) return
      const gone = await host.files.remove(segmentPath(directory, each.segment))
      if (!gone.ok) return fail({ kind: 'host', error: gone.error })
      stored.delete(number)
      removed.segments++
      removed.bytes += each.bytes
      removed.rows += each.rows ?? 0
    }
  }

  const work = async (): Promise<void> => {
    do {
      added = false
      // Those that failed before are tried again whenever there is something new.
      const waiting = [...stored.values()].filter(({ segment }) => segment.kind === 'lines')
      for (const each of waiting.toSorted((a, b) => a.segment.number - b.segment.number)) {
        await removeOldest()
        if (compact !== undefined && stored.has(each.segment.number)) await compactOne(each, compact)
      }
      await removeOldest()
    } while (added)
    working = undefined
  }
  const start = (): void => {
    added = true
    working ??= work()
  }
  start()

  return {
    add(segment) {
      stored.set(segment.segment.number, segment)
      start()
    },
    state: () => ({
      segments: stored.size,
      bytes: bytes(),
      uncompacted: [...stored.values()].filter(({ segment }) => segment.kind === 'lines').length,
      compactionFailures: failures,
      ...(lastFailure === undefined ? {} : { lastFailure }),
      unreadable,
      removed: { ...removed },
    }),
    async idle() {
      await working
    },
  }
}
