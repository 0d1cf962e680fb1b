import { join } from 'node:path'
import { type Host, type HostResult, hostOk } from '@plumbline/core'
import { listSegments, type Segment, segmentPath } from './segments.ts'

/** What was found where a writer before this one stopped, and what was done about it. */
export interface Recovery {
  readonly segments: readonly (Segment & { readonly bytes: number })[]
  /** Last lines that were cut off: half written, so never acknowledged. */
  readonly torn: number
  /** Files removed: half made, or in a Parquet file already. */
  readonly leftovers: number
}

/** Puts a directory in order; the caller holds the writer's lock. Nothing that was acknowledged is removed. */
export async function recover(host: Host, directory: string): Promise<HostResult<Recovery>> {
  const listed = await listSegments(host, directory)
  if (!listed.ok) return listed
  const { leftovers } = listed.value
  for (const name of leftovers) {
    const removed = await host.files.remove(join(directory, name))
    if (!removed.ok) return removed
  }
  const segments: (Segment & { readonly bytes: number })[] = []
  let torn = 0
  for (const segment of listed.value.segments) {
    const path = segmentPath(directory, segment)
    const stat = await host.files.stat(path)
    if (!stat.ok) return stat
    const size = stat.value?.size ?? 0
    if (segment.kind === 'parquet') {
      segments.push({ ...segment, bytes: size })
      continue
    }
    const end = await endOfLines(host, path, size)
    if (!end.ok) return end
    if (end.value < size) {
      torn++
      const cut = await host.files.truncate(path, end.value)
      if (!cut.ok) return cut
    }
    if (end.value > 0) segments.push({ ...segment, bytes: end.value })
    else {
      const removed = await host.files.remove(path)
      if (!removed.ok) return removed
    }
  }
  return hostOk({ segments, torn, leftovers: leftovers.length })
}

const CHUNK = 1 << 16
const NEWLINE = 0x0a

/** Where the last whole line of a file of this size ends, 0 if there is none. */
export async function endOfLines(host: Host, path: string, size: number): Promise<HostResult<number>> {
  for (let end = size; end > 0; end = Math.max(0, end - CHUNK)) {
    const start = Math.max(0, end - CHUNK)
    const bytes = await host.files.readRange(path, start, end)
    if (!bytes.ok) return bytes
    const at = bytes.value.lastIndexOf(NEWLINE)
    if (at >= 0) return hostOk(start + at + 1)
  }
  return hostOk(0)
}
