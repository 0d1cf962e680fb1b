import { isUtf8 } from 'node:buffer'
import { createHash, type Hash } from 'node:crypto'
import { createReadStream, readSync } from 'node:fs'
import { glob, open, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Compression, fileCompression, unpacker } from './compression.ts'
import { found, type Read, unreadable } from './failure.ts'
import { isRemote, remoteFile } from './object-store.ts'

/** One file of a dataset's source, with what tells whether it changed while it was read. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string
  /** As people know it: relative to the project, with `/`. */
  readonly name: string
  readonly size: number
  readonly modifiedMs: number
}

const WILDCARD = /[*?[{]/

/** Whether a source path may stand for several files. */
export const isPattern = (path: string): boolean => WILDCARD.test(path)

/**
 * The files a source path (relative to the project, `*`, `?`, `[…]`, `{…}` and `**` allowed) stands for, sorted by
 * name. A file whose real place is outside the project is refused: a spec is untrusted input.
 */
export async function sourceFiles(root: string, path: string): Promise<Read<readonly SourceFile[]>> {
  if (isRemote(path)) return found([remoteFile(path)])
  if (isAbsolute(path) || escapes(relative(root, resolve(root, path)))) {
    return unreadable('source-unreadable', `The source "${path}" lies outside the project. Name a file inside it.`)
  }
  const names = (await exists(join(root, path))) ? [path] : WILDCARD.test(path) ? await matches(root, path) : []
  if (names.length === 0) {
    const kind = WILDCARD.test(path) ? 'No file matches' : 'There is no file'
    return unreadable('source-missing', `${kind} "${path}". Check \`source\`, or make the file first.`)
  }
  const base = await realpath(root)
  const files: SourceFile[] = []
  for (const name of names) {
    const file = join(root, name)
    try {
      const info = await stat(file)
      if (!info.isFile()) return unreadable('source-unreadable', `"${name}" is not a file.`)
      if (escapes(relative(base, await realpath(file)))) {
        return unreadable('source-unreadable', `"${name}" is a link to a place outside the project.`)
      }
      files.push({ path: file, name: name.split(sep).join('/'), size: info.size, modifiedMs: info.mtimeMs })
    } catch (thrown) {
      return unreadable('source-unreadable', `"${name}" cannot be read: ${messageOf(thrown)}.`)
    }
  }
  return found(files)
}

/** What reading all bytes of a source told. */
export interface SourceBytes {
  /**
   * `bytes:sha256:…` of one file; of several, the digest of the list of their digests and names, so that a renamed or
   * moved block of rows is another source. `unpinned` of objects behind an address.
   */
  readonly digest: string
}

/** What is asked of the unpacked bytes of a source, since the engine would not notice: nothing, that they are UTF-8, or that a JSON array in them ends. */
export type TextKind = 'any' | 'utf-8' | 'json'

/**
 * Reads every byte of a source once, for its digest. Compressed files are unpacked on the way, to their end: the engine
 * takes one that is cut off for a shorter one. With `utf-8`, a file that is not is refused with the line: the engine
 * would notice only in the columns it happens to read. With `json`, an array that does not end is refused.
 */
export async function readBytes(
  files: readonly SourceFile[],
  kind: TextKind,
  signal?: AbortSignal,
): Promise<Read<SourceBytes>> {
  // What it held when it was read is not known afterwards; such evidence opens no production gate.
  if (files.some(({ path }) => isRemote(path))) return found({ digest: 'unpinned' })
  const digests: string[] = []
  for (const file of files) {
    const hash = createHash('sha256')
    const text = kind === 'utf-8' ? utf8Reader() : undefined
    const ends = kind === 'json' ? endsReader() : undefined
    const take = (chunk: Buffer): void => {
      text?.push(chunk)
      ends?.push(chunk)
    }
    let packing: Compression | undefined
    try {
      packing = kind === 'any' ? 'none' : await fileCompression(file.path)
      await (packing === 'none' ? readPlain(file, hash, take, signal) : readPacked(file, packing, hash, take))
    } catch (thrown) {
      const cut = packing !== undefined && packing !== 'none' && !isSystemError(thrown)
      const why = cut
        ? `its ${packing} data is cut off or damaged (${messageOf(thrown)}). Copy or write it again; no row was judged`
        : messageOf(thrown)
      return unreadable('source-unreadable', `"${file.name}" cannot be read: ${why}.`)
    }
    const line = text?.finish()
    if (line !== undefined) {
      return unreadable(
        'source-unreadable',
        `"${file.name}", line ${line}: not UTF-8. Name the encoding in \`source\` (utf-8, utf-16, latin-1).`,
      )
    }
    if (ends?.isCut() === true) {
      return unreadable(
        'source-unreadable',
        `"${file.name}" is cut off: its array does not end. Export it again, or write one object a line; no row was judged.`,
      )
    }
    digests.push(hash.digest('hex'))
  }
  return found({ digest: sourceDigestOf(files, digests) })
}

/** The digest of a source by those of its files (hexadecimal SHA-256 of the bytes of each). */
export function sourceDigestOf(files: readonly Pick<SourceFile, 'name'>[], digests: readonly string[]): string {
  if (digests.length === 1) return `bytes:sha256:${digests[0]}`
  const list = createHash('sha256')
  files.forEach((file, i) => list.update(`${digests[i]} ${file.name}\n`))
  return `bytes:sha256:${list.digest('hex')}`
}

const isSystemError = (thrown: unknown): boolean =>
  thrown instanceof Error && 'syscall' in thrown && typeof thrown.syscall === 'string'

async function readPlain(
  file: SourceFile,
  hash: Hash,
  take: (chunk: Buffer) => void,
  signal?: AbortSignal,
): Promise<void> {
  const handle = await open(file.path)
  try {
    // One buffer for all reads, filled in place: a stream of fresh ones costs half as much again as the digest itself.
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    for (let read = readSync(handle.fd, buffer); read > 0; read = readSync(handle.fd, buffer)) {
      const chunk = buffer.subarray(0, read)
      hash.update(chunk)
      take(chunk)
      await nextTurn()
      signal?.throwIfAborted()
    }
  } finally {
    await handle.close()
  }
}

async function readPacked(
  file: SourceFile,
  packing: Compression,
  hash: Hash,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const unpack = unpacker(packing)
  if (unpack === undefined) return
  const digested = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(createReadStream(file.path, { highWaterMark: READ_BYTES }), digested, unpack, async (chunks) => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) take(chunk)
  })
}

/** The digest alone. */
export async function sourceDigest(files: readonly SourceFile[]): Promise<Read<string>> {
  const bytes = await readBytes(files, 'any')
  return bytes.ok ? found(bytes.value.digest) : bytes
}

/** Short enough that an interruption is seen between two reads. */
const READ_BYTES = 1 << 20
const NEWLINE = 0x0a

/** Checks UTF-8 as bytes come; `finish` gives the first line (from 1) that is not, undefined when all are. */
function utf8Reader() {
  let lines = 0
  let bad: number | undefined
  let rest: Buffer = Buffer.alloc(0)
  const check = (bytes: Buffer) => {
    if (isUtf8(bytes)) {
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++
      return
    }
    for (let start = 0; ; lines++) {
      const end = bytes.indexOf(NEWLINE, start)
      if (!isUtf8(bytes.subarray(start, end < 0 ? bytes.length : end))) break
      start = end + 1
    }
    bad = lines + 1
  }
  return {
    push(chunk: Buffer) {
      if (bad !== undefined) return
      // A sequence may be cut by the end of a chunk; a line end is never inside one.
      const end = chunk.lastIndexOf(NEWLINE) + 1
      if (end === 0) {
        rest = Buffer.concat([rest, chunk])
        return
      }
      check(Buffer.concat([rest, chunk.subarray(0, end)]))
      // A copy: the buffer is filled again before the rest is looked at.
      rest = Buffer.from(chunk.subarray(end))
    },
    finish(): number | undefined {
      if (bad === undefined) check(rest)
      return bad
    },
  }
}

/** The first and last bytes that are no white space, as bytes come. */
function endsReader() {
  let first: number | undefined
  let last: number | undefined
  const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
  return {
    push(chunk: Buffer) {
      first ??= chunk.find((byte) => !isSpace(byte))
      for (let at = chunk.length - 1; at >= 0; at--) {
        const byte = chunk[at] as number
        if (isSpace(byte)) continue
        last = byte
        return
      }
    },
    /** The engine reads an array that is cut off as if it ended there. */
    isCut: (): boolean => first === 0x5b && last !== 0x5d,
  }
}

/** The names of files that are no longer what they were when they were listed. */
export async function changedFiles(files: readonly SourceFile[]): Promise<readonly string[]> {
  const changed: string[] = []
  for (const file of files) {
    if (isRemote(file.path)) continue
    const now = await stat(file.path).catch(() => undefined)
    if (now === undefined || now.size !== file.size || now.mtimeMs !== file.modifiedMs) changed.push(file.name)
  }
  return changed
}

/** What went wrong, in one phrase. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

function escapes(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function matches(root: string, pattern: string): Promise<string[]> {
  const names: string[] = []
  for await (const name of glob(pattern, { cwd: root })) names.push(name)
  return names.sort()
}
