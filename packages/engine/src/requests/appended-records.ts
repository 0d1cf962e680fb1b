import { createHash, type Hash } from 'node:crypto'
import type { Host } from '@plumbline/core'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { firstRecordEnd, recordsEnd } from './record-end.ts'

/** How far a CSV file was read. */
export interface ReadSoFar {
  readonly size: number
  readonly modifiedMs: number
  /** The bytes whose records were read, from the beginning on, and their SHA-256. */
  readonly bytes: number
  readonly digest: string
  /** The record that names the columns, with its line end. */
  readonly header: Uint8Array
  /** One byte. */
  readonly delimiter: number
  /** The bytes after them, a last line without an end, were read as a record, too. */
  readonly unfinished: boolean
}

/** Some records of a file, as a file of their own: the header first. */
export interface Records {
  readonly text: readonly Uint8Array[]
  /** It is a last line without an end: more of it may come, and what there is may be no record. */
  readonly unfinished: boolean
}

/** Records are taken in pieces of so many bytes, so that a long file takes no more memory than a short one. */
const PIECE = 2 * 2 ** 20
/** A record that is longer makes the file none of CSV; the engine reads none of more than 2 MB. */
const LONGEST = 8 * PIECE

/** Whether a file is as it was when it was read so far, as far as one can tell without reading it. */
export function isUnchanged(file: SourceFile, before: ReadSoFar): boolean {
  return file.size === before.size && file.modifiedMs === before.modifiedMs
}

/**
 * The digest of the bytes that were read before, to be gone on with; undefined where they are no longer what they were:
 * the file was cut, or written anew. Every byte is looked at: what was changed in the middle is not overlooked.
 */
export async function stillThere(host: Host, file: SourceFile, before: ReadSoFar): Promise<Hash | undefined> {
  if (file.size < before.bytes) return undefined
  const hash = createHash('sha256')
  for (let at = 0; at < before.bytes; ) {
    const piece = await host.files.readRange(file.path, at, Math.min(at + PIECE, before.bytes))
    if (!piece.ok || piece.value.length === 0) return undefined
    hash.update(piece.value)
    at += piece.value.length
  }
  return hash.copy().digest('hex') === before.digest ? hash : undefined
}

/**
 * Reads what a file holds beyond what was read before, up to the size it was listed with, and gives it to `take`, piece by
 * piece; `take` says whether it could be read. A last line without an end comes last: it is not counted as read.
 */
export async function readOn(
  host: Host,
  file: SourceFile,
  from: Pick<ReadSoFar, 'bytes' | 'delimiter'> & { readonly header?: Uint8Array; readonly hash: Hash },
  take: (records: Records) => Promise<Read<boolean>>,
): Promise<Read<ReadSoFar>> {
  const { hash, delimiter } = from
  let { bytes, header } = from
  let rest: Uint8Array = new Uint8Array(0)
  let length = PIECE
  while (bytes + rest.length < file.size) {
    const to = Math.min(bytes + length, file.size)
    const piece = await host.files.readRange(file.path, bytes, to)
    if (!piece.ok) return unreadable('source-unreadable', `"${file.name}" cannot be read: ${piece.error.message}.`)
    if (piece.value.length < to - bytes)
      return unreadable('source-unreadable', `"${file.name}" was cut while it was read.`)
    const end = recordsEnd(piece.value, delimiter)
    // What a piece cuts in two is read again with the next, which costs less than to copy all of it.
    if (to === file.size) rest = piece.value.subarray(end)
    else if (end === 0 && length >= LONGEST)
      return unreadable('source-unreadable', `"${file.name}" has a line that does not end.`)
    length = end === 0 ? length * 2 : PIECE
    if (end === 0) continue
    const records = piece.value.subarray(0, end)
    const known = header
    header ??= Uint8Array.from(records.subarray(0, firstRecordEnd(records, delimiter) ?? end))
    const taken = await take({ text: known === undefined ? [records] : [known, records], unfinished: false })
    if (!taken.ok) return taken
    hash.update(records)
    bytes += end
  }
  const [first] = header === undefined ? [] : [header]
  if (first === undefined) return unreadable('source-unreadable', `"${file.name}" has no whole line yet.`)
  const last = rest.length === 0 ? found(false) : await take({ text: [first, rest], unfinished: true })
  if (!last.ok) return last
  const { size, modifiedMs } = file
  const digest = hash.copy().digest('hex')
  return found({ size, modifiedMs, bytes, digest, header: first, delimiter, unfinished: last.value })
}
