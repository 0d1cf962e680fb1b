import { readFileSync, statSync } from 'node:fs'
import { type HostClock, parseTimestamp } from '@plumbline/core'

/** A clock, or what is wrong with the file that was to be one (continues "the file …"). */
export type FileClock =
  | { readonly ok: true; readonly clock: HostClock }
  | { readonly ok: false; readonly problem: string }

/** Longest file that is looked at, in bytes; an instant needs 35. */
const LONGEST = 1024
/** A file changed twice within this many milliseconds may look unchanged: stamps of the file system are that coarse. */
const STAMP_TICK_MS = 50

/**
 * A clock whose wall time stands in a file, as one RFC 3339 instant; the only simulated thing of a simulation. The file
 * is looked at each time and read again when it has changed; while it cannot be read, or is half written, the last
 * instant holds. Durations stay real. Whoever sets the clock replaces the file as a whole (write beside it, rename).
 */
export function openFileClock(path: string): FileClock {
  const first = read(path)
  if ('problem' in first) return { ok: false, problem: first.problem }
  let held = first
  const now = (): number => {
    if (hasChanged(path, held)) {
      const next = read(path)
      if (!('problem' in next)) held = next
    }
    return held.now
  }
  return { ok: true, clock: { now, monotonic: () => performance.now(), simulated: true } }
}

interface Held {
  readonly now: number
  /** What tells one content of the file from the next: inode, size and time of change in nanoseconds. */
  readonly stamp: string
  readonly changedMs: number
}

function read(path: string): Held | { readonly problem: string } {
  try {
    const stat = statSync(path, { bigint: true })
    if (!stat.isFile()) return { problem: 'is no file' }
    if (stat.size > LONGEST) return { problem: 'is longer than an instant' }
    const instant = parseTimestamp(readFileSync(path, 'utf8').trim())
    if ('problem' in instant) return { problem: `holds no RFC 3339 instant: it ${instant.problem}` }
    return { now: Number(instant.value / 1000n), stamp: stampOf(stat), changedMs: Number(stat.mtimeMs) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { problem: code === 'ENOENT' ? 'is not there' : `cannot be read (${code})` }
  }
}

function hasChanged(path: string, held: Held): boolean {
  // The stamp is compared with the machine's own clock, which made it.
  if (Math.abs(Date.now() - held.changedMs) < STAMP_TICK_MS) return true
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat !== undefined && stampOf(stat) !== held.stamp
}

function stampOf(stat: { readonly ino: bigint; readonly size: bigint; readonly mtimeNs: bigint }): string {
  return `${stat.ino} ${stat.size} ${stat.mtimeNs}`
}
