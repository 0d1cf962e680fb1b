import { join } from 'node:path'
import { formatTimestamp, type Host, type HostResult, hostOk, parseTimestamp } from '@plumbline/core'

/** What a watch remembers between runs beside the ledger, to look at less. Lost, everything is looked at again. */
export interface WatchMemory<Seen> {
  /** The rows of the log that were taken into account. */
  readonly seen: Seen
  /** Which labels each window was decided with, by a mark of theirs. */
  readonly marks: Readonly<Record<string, string>>
  readonly labelsStamp: string
}

const FILE = 'memory.json'
const POSITION = 'position'

/** Reads the memory; undefined where there is none, or none that fits. Nobody else writes it, and it is replaced as a whole. */
export async function readMemory<Seen extends { readonly width: number }>(
  host: Host,
  directory: string,
  width: number,
): Promise<HostResult<WatchMemory<Seen> | undefined>> {
  const bytes = await host.files.readFile(join(directory, FILE))
  if (!bytes.ok) return bytes.error.kind === 'not-found' ? hostOk(undefined) : bytes
  try {
    const memory = JSON.parse(new TextDecoder().decode(bytes.value)) as Partial<
      WatchMemory<Seen> & { v: number }
    > | null
    // Spans of another width say nothing of these windows.
    const fits = memory?.v === 1 && memory.seen?.width === width && typeof memory.marks === 'object'
    return hostOk(fits ? (memory as WatchMemory<Seen>) : undefined)
  } catch {
    return hostOk(undefined)
  }
}

/** Replaces the memory, where it is not what was written last: most looks find nothing new. */
export function memoryWriter<Seen>(
  host: Host,
  directory: string,
): (memory: WatchMemory<Seen>) => Promise<HostResult<void>> {
  let written = ''
  return async (memory) => {
    const text = `${JSON.stringify({ v: 1, ...memory })}\n`
    if (text === written) return hostOk(undefined)
    const replaced = await host.files.writeAtomic(join(directory, FILE), text)
    if (replaced.ok) written = text
    return replaced
  }
}

/** The instant up to which all that was due is decided, in microseconds since 1970 UTC; undefined before the first pass. */
export async function readPosition(host: Host, directory: string): Promise<number | undefined> {
  const bytes = await host.files.readFile(join(directory, POSITION))
  const read = bytes.ok ? parseTimestamp(new TextDecoder().decode(bytes.value).trim()) : undefined
  return read !== undefined && 'value' in read ? Number(read.value) : undefined
}

/** Publishes it, for whoever waits. */
export async function writePosition(host: Host, directory: string, at: number): Promise<HostResult<void>> {
  return host.files.writeAtomic(join(directory, POSITION), `${formatTimestamp(BigInt(at))}\n`)
}
