import { close, fdatasync, open, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { hostOk, type HostAppender } from '@plumbline/core'
import { attempt } from './node-errors.ts'

const openFile = promisify(open)
const flushData = promisify(fdatasync)
const closeFile = promisify(close)

/**
 * A file kept open for adding to its end. The bytes are handed to the system on this thread: that costs 2 to 4 µs, and
 * the way through Node's thread pool ten times as much. Only flushing, which waits for the disk, goes there.
 */
export async function nodeAppender(path: string): Promise<HostAppender> {
  const file = await openFile(path, 'a')
  let isOpen = true
  return {
    append: (data) => attempt('append', path, async () => writeWhole(file, data)),
    sync: () => attempt('append', path, () => flushData(file)),
    close: () => {
      if (!isOpen) return Promise.resolve(hostOk(undefined))
      isOpen = false
      return attempt('append', path, () => closeFile(file))
    },
  }
}

/** The system may take a part, for example the part that still has room on the disk; the next call then says why. */
function writeWhole(file: number, data: Uint8Array | string): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}
