import { join } from 'node:path'
import type { Host, HostResult } from '@plumbline/core'

/** Where a closed segment stands as Parquet, as its name says: the spans and counts are read without opening it. */
export interface ParquetSegment {
  readonly kind: 'parquet'
  readonly number: number
  readonly file: string
  /** Least and greatest `_at`, in microseconds since 1970 UTC. */
  readonly from: number
  readonly to: number
  readonly rows: number
}

/** A segment as JSON lines: the one being written, or one that was not turned into Parquet yet. */
export interface LinesSegment {
  readonly kind: 'lines'
  readonly number: number
  readonly file: string
}

/** One segment of the log. */
export type Segment = ParquetSegment | LinesSegment

/** What a directory of segments holds, by number, oldest first. */
export interface SegmentListing {
  readonly segments: readonly Segment[]
  /** What a crash left: half-made files, and lines that are in a Parquet file already. */
  readonly leftovers: readonly string[]
}

const LINES = /^(\d{12})\.jsonl$/
const PARQUET = /^(\d{12})_(-?\d{1,16})_(-?\d{1,16})_(\d{1,15})\.parquet$/
const HALF_MADE = /^\d{12}\.tmp$/

const digits = (number: number): string => String(number).padStart(12, '0')

/** The name of a segment's lines. */
export function linesName(number: number): string {
  return `${digits(number)}.jsonl`
}

/** The name of a file that becomes a segment's Parquet. */
export function halfMadeName(number: number): string {
  return `${digits(number)}.tmp`
}

/** The name of a segment's Parquet. */
export function parquetName({ number, from, to, rows }: Omit<ParquetSegment, 'kind' | 'file'>): string {
  return `${digits(number)}_${from}_${to}_${rows}.parquet`
}

/** Lists the segments of a directory. Of a number that is there twice the Parquet counts: it was whole before it had its name. */
export async function listSegments(host: Host, directory: string): Promise<HostResult<SegmentListing>> {
  const listed = await host.files.list(directory)
  if (!listed.ok) return listed
  const found = new Map<number, Segment>()
  const leftovers: string[] = []
  for (const { name } of listed.value) {
    const segment = segmentOf(name)
    if (segment === undefined) {
      if (HALF_MADE.test(name)) leftovers.push(name)
      continue
    }
    const other = found.get(segment.number)
    if (other === undefined) found.set(segment.number, segment)
    else {
      const [kept, dropped] = segment.kind === 'parquet' ? [segment, other] : [other, segment]
      found.set(segment.number, kept)
      leftovers.push(dropped.file)
    }
  }
  const segments = [...found.values()].toSorted((a, b) => a.number - b.number)
  return { ok: true, value: { segments, leftovers } }
}

/** The path of a segment. */
export function segmentPath(directory: string, segment: Pick<Segment, 'file'>): string {
  return join(directory, segment.file)
}

function segmentOf(name: string): Segment | undefined {
  const lines = LINES.exec(name)
  if (lines !== null) return { kind: 'lines', number: Number(lines[1]), file: name }
  const parquet = PARQUET.exec(name)
  if (parquet === null) return undefined
  const [number = 0, from = 0, to = 0, rows = 0] = parquet.slice(1).map(Number)
  return { kind: 'parquet', number, file: name, from, to, rows }
}
