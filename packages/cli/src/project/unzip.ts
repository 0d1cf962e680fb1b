import { constants, crc32, inflateRawSync } from 'node:zlib'

/** A file in an archive. Its name is a label, never a path that is opened. */
export interface ZippedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** How much may be unpacked. */
export interface UnzipLimits {
  /** Of all files that are wanted together, in bytes. */
  readonly bytes: number
  /** Of entries in the archive, wanted or not. */
  readonly entries: number
}

/** What is wrong with an archive, as a clause of a sentence. */
class Unreadable extends Error {}

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
/** A value of 32 bits that says the real one stands in a record of ZIP64. */
const ELSEWHERE = 0xffffffff
const ENCRYPTED = 0x0001

/**
 * Unpacks the wanted files of a ZIP archive (PKWARE APPNOTE 4.3) in the order of its directory: stored or deflated, in one part, not
 * encrypted, without ZIP64. Sizes that an archive states are not believed: no more than the limit is ever unpacked, and each file has
 * the checksum that is stated.
 */
export function unzip(
  archive: Uint8Array,
  wanted: (name: string) => boolean,
  limits: UnzipLimits,
): { readonly files: readonly ZippedFile[] } | { readonly problem: string } {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  try {
    return { files: filesOf(archive, view, wanted, limits) }
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message }
    // A place beyond the end of the archive.
    if (error instanceof RangeError) return { problem: 'the archive is cut off, or its directory is wrong' }
    throw error
  }
}

function filesOf(
  archive: Uint8Array,
  view: DataView,
  wanted: (name: string) => boolean,
  limits: UnzipLimits,
): readonly ZippedFile[] {
  const end = endOf(view)
  const count = view.getUint16(end + 10, true)
  if (count > limits.entries) throw new Unreadable(`it has more than ${limits.entries} entries`)
  let at = view.getUint32(end + 16, true)
  if (at === ELSEWHERE || count === 0xffff) throw new Unreadable('it is a ZIP64 archive, which is not read')
  const files: ZippedFile[] = []
  let left = limits.bytes
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== ENTRY) throw new Unreadable('its directory is damaged')
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const name = new TextDecoder().decode(slice(archive, at + 46, nameLength ?? 0))
    if (!name.endsWith('/') && wanted(name)) {
      const bytes = unpacked(archive, view, at, name, left)
      if (files.some((each) => each.name === name)) throw new Unreadable(`two of its files are called ${name}`)
      left -= bytes.length
      files.push({ name, bytes })
    }
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return files
}

/** Where the end record begins: it is the last one, before a comment of up to 65 535 bytes. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--)
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at
  throw new Unreadable('it is no ZIP archive, or the end of it is missing')
}

function unpacked(archive: Uint8Array, view: DataView, entry: number, name: string, limit: number): Uint8Array {
  const [flags, method] = [view.getUint16(entry + 8, true), view.getUint16(entry + 10, true)]
  const [checksum, packed] = [view.getUint32(entry + 16, true), view.getUint32(entry + 20, true)]
  const local = view.getUint32(entry + 42, true)
  if ((flags & ENCRYPTED) !== 0) throw new Unreadable(`${name} in it is encrypted`)
  if (packed === ELSEWHERE || local === ELSEWHERE) throw new Unreadable('it is a ZIP64 archive, which is not read')
  if (view.getUint32(local, true) !== LOCAL) throw new Unreadable('its directory is damaged')
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const data = slice(archive, start, packed)
  const bytes = method === 0 ? data : method === 8 ? inflated(data, name, limit) : undefined
  if (bytes === undefined) throw new Unreadable(`${name} in it is packed in a way (${method}) that is not read`)
  if (bytes.length > limit) throw new Unreadable(`${name} in it is too large when it is unpacked`)
  if (crc32(bytes) !== checksum) throw new Unreadable(`${name} in it is damaged: its checksum is another one`)
  return bytes
}

function inflated(data: Uint8Array, name: string, limit: number): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, limit), finishFlush: constants.Z_FINISH })
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new Unreadable(`${name} in it ${tooLarge ? 'is too large when it is unpacked' : 'is damaged'}`)
  }
}

/** A part of the archive, which has to lie in it. */
function slice(archive: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > archive.length) throw new RangeError('beyond the end')
  return archive.subarray(start, start + length)
}
