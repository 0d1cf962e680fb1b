import type { Host } from '@plumbline/core'
import { brokenAt, hostFailed, ledgerBroken, type LedgerResult } from './broken.ts'
import { parseLine } from './record.ts'
import { EMPTY_HEAD, type LedgerHead, linesOf, nextRecord } from './scan.ts'
import { listSegments, segmentName, segmentPath } from './segments.ts'

/** Where the next record goes. */
export type Tail = {
  readonly head: LedgerHead
  /** The last segment, from 1; 0 when there is none yet. */
  readonly segment: number
  /** Its length in bytes, up to the end of its last whole line. */
  readonly size: number
  /** How many whole lines it has. */
  readonly lines: number
  /** What a killed writer left after the last whole line. */
  readonly torn: Uint8Array | undefined
}

/**
 * Finds the end of the ledger, checking the records of the last segment. `known`, an earlier answer, spares what was
 * checked before. The segments before the last are `verify`'s business, not that of each writer.
 */
export async function findTail(host: Host, directory: string, known?: Tail): Promise<LedgerResult<Tail>> {
  const segments = await listSegments(host, directory)
  if (!segments.ok) return hostFailed(segments.error)
  const numbers = segments.value.numbers
  const last = numbers.at(-1)
  if (last === undefined)
    return { ok: true, value: { head: EMPTY_HEAD, segment: 0, size: 0, lines: 0, torn: undefined } }
  if (known?.segment === last) {
    // A file shorter than it was is not the one that was read: somebody put another in its place.
    const now = await host.files.stat(segmentPath(directory, last))
    if (now.ok && now.value !== undefined && now.value.size >= known.size) return follow(host, directory, known)
  }
  const before = await headBefore(host, directory, last)
  if (!before.ok) return before
  return follow(host, directory, { head: before.value, segment: last, size: 0, lines: 0, torn: undefined })
}

/** Takes the records that came after `from` in its segment. */
async function follow(host: Host, directory: string, from: Tail): Promise<LedgerResult<Tail>> {
  const file = segmentName(from.segment)
  const data = await host.files.readRange(segmentPath(directory, from.segment), from.size, Number.MAX_SAFE_INTEGER)
  if (!data.ok) return hostFailed(data.error)
  let { head, size, lines } = from
  for (const line of linesOf(data.value, file, from.size, from.lines + 1)) {
    if (!line.complete) return { ok: true, value: { ...from, head, size, lines, torn: line.bytes } }
    const record = nextRecord(line, head)
    if ('kind' in record) return ledgerBroken(record)
    head = { seq: record.seq, digest: record.digest }
    size = line.place.byteOffset + line.bytes.length + 1
    lines++
  }
  return { ok: true, value: { head, segment: from.segment, size, lines, torn: undefined } }
}

/** The last record of the segment before `segment`. */
async function headBefore(host: Host, directory: string, segment: number): Promise<LedgerResult<LedgerHead>> {
  if (segment === 1) return { ok: true, value: EMPTY_HEAD }
  const file = segmentName(segment - 1)
  const data = await host.files.readFile(segmentPath(directory, segment - 1))
  if (!data.ok) {
    const absent = brokenAt(
      'missing-segment',
      { file, line: 1, byteOffset: 0 },
      'The segment is absent, but a later one exists.',
    )
    return data.error.kind === 'not-found' ? ledgerBroken(absent) : hostFailed(data.error)
  }
  const last = [...linesOf(data.value, file)].at(-1)
  if (last === undefined) {
    return ledgerBroken(
      brokenAt('bad-line', { file, line: 1, byteOffset: 0 }, 'The segment is empty, but a later one exists.'),
    )
  }
  const record = last.complete ? parseLine(last.bytes) : undefined
  if (record === undefined || 'kind' in record) {
    return ledgerBroken(brokenAt('bad-line', last.place, 'The last record of the segment is not readable.'))
  }
  return { ok: true, value: { seq: record.seq, digest: record.digest } }
}
