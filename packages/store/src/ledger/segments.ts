import { join } from 'node:path'
import { type Host, hostOk, type HostResult } from '@plumbline/core'

/** The record files of a ledger directory. */
export type Segments = {
  /** The numbers of the segments present, ascending. */
  readonly numbers: readonly number[]
  /** Names that look like record files but are not names of segments. */
  readonly strangers: readonly string[]
}

/** The file name of segment `number` (from 1). */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.jsonl`
}

/** The path of segment `number`. */
export function segmentPath(directory: string, number: number): string {
  return join(directory, segmentName(number))
}

/** Lists the segments; a directory that does not exist is a ledger without records. */
export async function listSegments(host: Host, directory: string): Promise<HostResult<Segments>> {
  const entries = await host.files.list(directory)
  if (!entries.ok) {
    return entries.error.kind === 'not-found' ? hostOk({ numbers: [], strangers: [] }) : entries
  }
  const names = entries.value.map((entry) => entry.name).filter((name) => name.endsWith('.jsonl'))
  const isSegment = (name: string): boolean => /^[0-9]{8}\.jsonl$/.test(name) && name !== segmentName(0)
  return hostOk({
    numbers: names.filter(isSegment).map((name) => Number.parseInt(name, 10)),
    strangers: names.filter((name) => !isSegment(name)),
  })
}
