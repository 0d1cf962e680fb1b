import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Digest, FileKind, HostFiles } from '@plumbline/core'
import { nodeAppender } from './node-appender.ts'
import { nodeCrypto } from './node-crypto.ts'
import { attempt, codeOf } from './node-errors.ts'
import { nodeLock } from './node-lock.ts'

/** The file operations of the real machine. */
export function nodeFiles(): HostFiles {
  return {
    readFile: (path) => attempt('readFile', path, () => fs.readFile(path)),
    readRange: (path, start, end) => attempt('readRange', path, () => readRange(path, start, end)),
    writeAtomic: (path, data, { ownerOnly = false } = {}) =>
      attempt('writeAtomic', path, () =>
        throughTemporary(path, (temporary) => fs.writeFile(temporary, data, ownerOnly ? { mode: 0o600 } : {})),
      ),
    append: (path, data, options) => attempt('append', path, () => append(path, data, options?.sync ?? true)),
    openAppend: (path) => attempt('append', path, () => nodeAppender(path)),
    truncate: (path, size) => attempt('truncate', path, () => truncate(path, size)),
    list: (directory) => attempt('list', directory, () => list(directory)),
    stat: (path) => attempt('stat', path, () => stat(path)),
    remove: (path) => attempt('remove', path, () => fs.rm(path, { recursive: true, force: true })),
    mkdir: (directory) => attempt('mkdir', directory, () => mkdir(directory)),
    rename: (from, to) => attempt('rename', from, () => rename(from, to)),
    copy: (from, to) =>
      attempt('copy', from, () =>
        throughTemporary(to, (temporary) => fs.copyFile(from, temporary, constants.COPYFILE_FICLONE)),
      ),
    digest: (path) => attempt('digest', path, () => digest(path)),
    realpath: (path) => attempt('realpath', path, () => fs.realpath(path)),
    lock: nodeLock,
  }
}

async function mkdir(directory: string): Promise<void> {
  const first = await fs.mkdir(directory, { recursive: true })
  if (first === undefined) return
  // Each new directory is durable only when the one above it is.
  const top = dirname(resolve(first))
  for (let above = dirname(resolve(directory)); above.length >= top.length; above = dirname(above)) {
    await flushDirectory(above)
    if (above === dirname(above)) return
  }
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const handle = await fs.open(path, 'r')
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(end, (await handle.stat()).size) - start))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  } finally {
    await handle.close()
  }
}

/** Writes beside the target, flushes, then renames: the only way a whole file appears at once. */
async function throughTemporary(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`
  try {
    await write(temporary)
    await flush(temporary, 'r+')
    await fs.rename(temporary, path)
  } catch (cause) {
    await fs.rm(temporary, { force: true })
    throw cause
  }
  await flushDirectory(dirname(path))
}

async function append(path: string, data: Uint8Array | string, sync: boolean): Promise<void> {
  const { handle, made } = await openForAppend(path)
  try {
    await handle.writeFile(data)
    if (sync) await handle.sync()
  } finally {
    await handle.close()
  }
  // A new file is durable only when its directory entry is.
  if (sync && made) await flushDirectory(dirname(path))
}

async function openForAppend(path: string): Promise<{ handle: fs.FileHandle; made: boolean }> {
  try {
    return { handle: await fs.open(path, constants.O_WRONLY | constants.O_APPEND), made: false }
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    return { handle: await fs.open(path, 'a'), made: true }
  }
}

async function truncate(path: string, size: number): Promise<void> {
  const handle = await fs.open(path, 'r+')
  try {
    await handle.truncate(size)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function rename(from: string, to: string): Promise<void> {
  await fs.rename(from, to)
  await flushDirectory(dirname(to))
}

async function flush(path: string, flags: string): Promise<void> {
  const handle = await fs.open(path, flags)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function flushDirectory(directory: string): Promise<void> {
  // Windows can neither open nor flush a directory; there the rename itself is journalled.
  if (process.platform !== 'win32') await flush(directory, 'r')
}

async function list(directory: string): Promise<readonly { name: string; kind: FileKind }[]> {
  const entries = await fs.readdir(directory, { withFileTypes: true })
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function stat(path: string): Promise<{ kind: FileKind; size: number; modifiedMs: number } | undefined> {
  try {
    const found = await fs.stat(path)
    return { kind: kindOf(found), size: found.size, modifiedMs: found.mtimeMs }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined
    throw cause
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): FileKind {
  if (entry.isSymbolicLink()) return 'link'
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'directory' : 'other'
}

/** Bytes of a file that are digested at once. */
const DIGESTED_BYTES = 1 << 20

async function digest(path: string): Promise<Digest> {
  const hash = nodeCrypto().createHash('sha256')
  const handle = await fs.open(path)
  try {
    const { size } = await handle.stat()
    // No larger than the file: a megabyte for each of many small ones has the collector of memory run all the time.
    const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(size, DIGESTED_BYTES)))
    for (;;) {
      const { bytesRead } = await handle.read(buffer)
      if (bytesRead === 0) return `sha256:${hash.digest('hex')}`
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
