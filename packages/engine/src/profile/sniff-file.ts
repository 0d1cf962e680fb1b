import { open } from 'node:fs/promises'
import { fileCompression } from '../relations/compression.ts'
import { fileHead, HEAD_BYTES } from '../relations/file-head.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { notProfiled, type Profiled, profiled } from './failure.ts'

/** What a file is by its first bytes; `text` is its beginning, absent for Parquet and Arrow. */
export type Sniffed =
  | { readonly format: 'parquet' | 'arrow' }
  | { readonly format: 'json' }
  | {
      readonly format: 'csv'
      readonly encoding: 'utf-8' | 'utf-16' | 'latin-1'
      readonly text: string
      readonly whole: boolean
    }

/** First bytes of files that hold a table and are not read: zip (also xlsx), old Excel, SQLite, HDF5. */
const PACKED: readonly (readonly [bytes: readonly number[], what: string, fix: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive or an Excel workbook', 'Unpack it, or export the sheet as CSV.'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook', 'Export the sheet as CSV.'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'an SQLite database', 'Export the table as CSV or Parquet.'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 file', 'Write it as Parquet or CSV.'],
]

/** Reads the first megabyte and says what the file is. Endings are not believed: a CSV may be called `.data`. */
export async function sniffFile(file: SourceFile): Promise<Profiled<Sniffed>> {
  const head = await fileHead(file)
  if (!head.ok) {
    const why = 'A spec is written from what can be read, all of it.'
    return notProfiled('unreadable', head.failure.cause, why, 'Check its permissions; copy it again if it is damaged.')
  }
  const bytes = head.value
  const whole = bytes.length < HEAD_BYTES
  if (startsWith(bytes, [0x50, 0x41, 0x52, 0x31])) return profiled({ format: 'parquet' })
  if (startsWith(bytes, [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31])) return profiled({ format: 'arrow' })
  const packed = PACKED.find(([magic]) => startsWith(bytes, magic))
  if (packed !== undefined) {
    const why = 'CSV, JSON, Arrow and Parquet files are read as they are.'
    return notProfiled('compressed', `"${file.name}" is ${packed[1]}.`, why, packed[2].replace('FILE', file.name))
  }
  if (/\.(parquet|pq)$/i.test(file.name)) {
    const why = 'A Parquet file begins with PAR1, and this one does not; it may be cut off or of another kind.'
    return notProfiled(
      'not-parquet',
      `"${file.name}" is not a Parquet file.`,
      why,
      'Write it again, or give it the ending of what it is.',
    )
  }
  const sniffed = sniffText(file, bytes, whole)
  // A packed file that is cut off is refused where it is read.
  if (!sniffed.ok || sniffed.value.format !== 'json' || (await fileCompression(file.path)) !== 'none') return sniffed
  return (await isCutArray(file, bytes)) ? cutArray(file) : sniffed
}

/** DuckDB reads an array that is cut off as if it ended there: rows would be missing without a word. */
async function isCutArray(file: SourceFile, head: Uint8Array): Promise<boolean> {
  if (!/^\s*\[/.test(new TextDecoder().decode(head.subarray(0, 64)))) return false
  const tail = await bytesAt(file, Math.max(0, file.size - 1024), Math.min(1024, file.size))
  return !/\]\s*$/.test(new TextDecoder().decode(tail))
}

function cutArray(file: SourceFile): Profiled<never> {
  return notProfiled(
    'unreadable',
    `"${file.name}" is cut off: its array does not end.`,
    'A JSON array ends with `]`; the rows behind the cut would be missing without a word.',
    'Export it again, or write one object a line (.jsonl).',
  )
}

function sniffText(file: SourceFile, bytes: Uint8Array, whole: boolean): Profiled<Sniffed> {
  const utf16 = startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])
  if (!utf16 && bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) {
    return notProfiled(
      'not-text',
      `"${file.name}" is neither text nor Parquet.`,
      'It has bytes that no text has, so it cannot be CSV or JSON; and it does not begin as a Parquet file does.',
      'Name a CSV, JSON or Parquet file, or export the data as one.',
    )
  }
  const encoding = utf16 ? 'utf-16' : isUtf8(bytes, whole) ? 'utf-8' : 'latin-1'
  const label =
    encoding === 'utf-16' ? (bytes[0] === 0xfe ? 'utf-16be' : 'utf-16le') : encoding === 'latin-1' ? 'latin1' : 'utf-8'
  const text = new TextDecoder(label).decode(bytes, { stream: !whole })
  if (text.trim() === '') {
    const why = 'There is nothing in it to write a spec from.'
    return notProfiled('empty-file', `"${file.name}" is empty.`, why, 'Name a file with data.')
  }
  return profiled(looksLikeJson(text) ? { format: 'json' } : { format: 'csv', encoding, text, whole })
}

/** An array of objects, or an object a line; a CSV whose first field is `{…` in quotes begins with the quote. */
function looksLikeJson(text: string): boolean {
  return /^\s*(\[\s*(\{|\]\s*$)|\{\s*("|\}))/.test(text)
}

function isUtf8(bytes: Uint8Array, whole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
    return true
  } catch {
    return false
  }
}

async function bytesAt(file: SourceFile, position: number, length: number): Promise<Uint8Array> {
  const handle = await open(file.path)
  try {
    const buffer = new Uint8Array(length)
    const { bytesRead } = await handle.read(buffer, 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}
