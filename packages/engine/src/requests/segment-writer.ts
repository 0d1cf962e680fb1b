import type { Host, HostAppender, HostResult } from '@plumbline/core'
import { logged, type LogResult, notLogged } from './failure.ts'
import { linesName, type LinesSegment, segmentPath } from './segments.ts'

/** When a segment is closed and the next one begun: at each midnight (UTC), and earlier at one of these. */
export interface SegmentLimits {
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

const DAY_MS = 86_400_000

/** A segment that takes no more rows, and what is in it. */
export interface ClosedSegment {
  readonly segment: LinesSegment
  readonly rows: number
  readonly bytes: number
}

/** Writes the segment that is open, and opens the next one where none is. */
export interface SegmentWriter {
  /** Adds lines, all or none. Resolves when the system has them (with `sync`: the disk). */
  write(lines: string, rows: number): Promise<LogResult<void>>
  /** Bytes of the open segment; 0 where none is. */
  bytes(): number
  /** Closes the open segment, if there is one with rows. */
  close(): Promise<ClosedSegment | undefined>
}

/** What a writer of segments needs. */
export interface SegmentWriterOptions {
  readonly host: Host
  readonly directory: string
  /** Number of the first segment it opens. */
  readonly first: number
  /** The first line of each segment, line end included. */
  readonly header: string
  readonly sync: boolean
  readonly limits: SegmentLimits
  /** Told of each segment that is full. */
  readonly onClosed: (closed: ClosedSegment) => void
}

interface OpenSegment {
  readonly segment: LinesSegment
  readonly path: string
  /** By the clock that never goes back. */
  readonly openedAt: number
  /** The day it was opened on, counted from 1970 UTC. */
  readonly day: number
  /** Absent after a failure, until the end of the file is known again. */
  file: HostAppender | undefined
  /** Up to the end of the last line that was acknowledged; after a failure more may be in the file. */
  bytes: number
  rows: number
}

/** UTF-8 in one buffer that is used again: a fresh one for each write would leave the memory of a busy server in pieces. */
function encoder(): (text: string) => Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(1 << 18)
  return (text) =>
    text.length * 3 <= buffer.length ? buffer.subarray(0, buffer.write(text, 'utf8')) : Buffer.from(text, 'utf8')
}

/** A writer of segments, one call of `write` or `close` at a time. */
export function segmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { host, directory, sync, limits } = options
  const encode = encoder()
  let number = options.first
  let current: OpenSegment | undefined

  const today = (): number => Math.floor(host.clock.now() / DAY_MS)

  const begin = (): OpenSegment => {
    const segment: LinesSegment = { kind: 'lines', number, file: linesName(number) }
    const path = segmentPath(directory, segment)
    return { segment, path, openedAt: host.clock.monotonic(), day: today(), file: undefined, bytes: 0, rows: 0 }
  }

  /** The open segment's file, with nothing after its last acknowledged line: the next would continue half a one. */
  const fileOf = async (open: OpenSegment): Promise<HostResult<HostAppender>> => {
    if (open.file !== undefined) return { ok: true, value: open.file }
    const cut = await host.files.truncate(open.path, open.bytes)
    if (!cut.ok) {
      if (cut.error.kind !== 'not-found') return cut
      // New, or taken away by somebody.
      open.bytes = open.rows = 0
    }
    const file = await host.files.openAppend(open.path)
    if (file.ok) open.file = file.value
    return file
  }

  const close = async (): Promise<ClosedSegment | undefined> => {
    if (current === undefined) return undefined
    const { segment, path, rows, bytes, file } = current
    current = undefined
    if (file === undefined) await host.files.truncate(path, bytes)
    else await file.close()
    if (rows === 0) {
      await host.files.remove(path)
      return undefined
    }
    number++
    return { segment, rows, bytes }
  }
  const roll = async (): Promise<void> => {
    const closed = await close()
    if (closed !== undefined) options.onClosed(closed)
  }
  // A segment of one day is what most windows are made of: they then read whole files, and of the open one little.
  const isOld = (open: OpenSegment): boolean =>
    open.file !== undefined && (host.clock.monotonic() - open.openedAt >= limits.seconds * 1000 || open.day !== today())

  return {
    close,
    bytes: () => current?.bytes ?? 0,
    async write(lines, rows) {
      if (current !== undefined && isOld(current)) await roll()
      const open = (current ??= begin())
      const file = await fileOf(open)
      if (!file.ok) return notLogged({ kind: 'host', error: file.error })
      const bytes = encode(open.bytes === 0 ? options.header + lines : lines)
      let written = await file.value.append(bytes)
      if (written.ok && sync) written = await file.value.sync()
      if (!written.ok) {
        open.file = undefined
        await file.value.close()
        // At once where that works, so that no reader sees rows that were not acknowledged; else before the next write.
        await host.files.truncate(open.path, open.bytes)
        return notLogged({ kind: 'host', error: written.error })
      }
      open.bytes += bytes.length
      open.rows += rows
      if (open.rows >= limits.rows || open.bytes >= limits.bytes) await roll()
      return logged(undefined)
    },
  }
}
