import { open } from 'node:fs/promises'
import { found, type Read, unreadable } from './failure.ts'
import { messageOf, type SourceFile } from './source-files.ts'

/** The first record of a CSV file and the encoding it was read in. */
export interface CsvHead {
  readonly fields: readonly string[]
  readonly delimiter: string
}

/** Encodings DuckDB reads without a download, by the names people use. */
const ENCODINGS: Readonly<Record<string, 'utf-8' | 'utf-16' | 'latin-1'>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16': 'utf-16',
  utf16: 'utf-16',
  'latin-1': 'latin-1',
  latin1: 'latin-1',
  'iso-8859-1': 'latin-1',
}

/** The engine's name of an encoding; undefined for one it cannot read. */
export function csvEncoding(name: string | undefined): 'utf-8' | 'utf-16' | 'latin-1' | undefined {
  return ENCODINGS[(name ?? 'utf-8').toLowerCase()]
}

const HEAD_BYTES = 1 << 20
const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * Reads the first record (RFC 4180: quotes may hold delimiters and line ends). Without a declared delimiter it is the
 * one of `, ; tab |` that splits that record into most fields, the comma where none does: a rule people can foresee,
 * where guessing from all rows would not be.
 */
export async function csvHead(file: SourceFile, encoding: string, delimiter?: string): Promise<Read<CsvHead>> {
  const text = await headText(file, encoding)
  if (!text.ok) return text
  if (text.value.trim() === '') {
    return unreadable('source-unreadable', `"${file.name}" is empty: it has no header and no rows.`)
  }
  if (delimiter !== undefined) {
    const fields = firstRecord(text.value, delimiter)
    return fields === undefined ? noHeader(file) : found({ fields, delimiter })
  }
  let best: CsvHead | undefined
  for (const candidate of DELIMITERS) {
    const fields = firstRecord(text.value, candidate)
    if (fields !== undefined && fields.length > (best?.fields.length ?? 0)) best = { fields, delimiter: candidate }
  }
  return best === undefined ? noHeader(file) : found(best)
}

function noHeader(file: SourceFile): Read<never> {
  return unreadable(
    'source-unreadable',
    `The first line of "${file.name}" has a quote that is not closed, or is longer than 1 MB. Is it a CSV file?`,
  )
}

async function headText(file: SourceFile, encoding: string): Promise<Read<string>> {
  try {
    const handle = await open(file.path)
    try {
      const buffer = new Uint8Array(Math.min(HEAD_BYTES, file.size))
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
      const label = encoding === 'latin-1' ? 'latin1' : encoding === 'utf-16' ? utf16Label(buffer) : 'utf-8'
      return found(new TextDecoder(label).decode(buffer.subarray(0, bytesRead)))
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    return unreadable('source-unreadable', `"${file.name}" cannot be read: ${messageOf(thrown)}.`)
  }
}

function utf16Label(bytes: Uint8Array): string {
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le'
}

/** The fields of the first record that is not blank; undefined when a quote never closes. */
function firstRecord(text: string, delimiter: string): string[] | undefined {
  const fields: string[] = []
  let field = ''
  let at = 0
  while (text[at] === '\n' || text[at] === '\r') at++
  for (;;) {
    if (text[at] === '"' && field === '') {
      const end = closingQuote(text, at + 1)
      if (end === undefined) return undefined
      field = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
    }
    const char = text[at]
    if (char === undefined || char === '\n' || char === '\r') {
      fields.push(field)
      return char === undefined && text.length >= HEAD_BYTES ? undefined : fields
    }
    if (text.startsWith(delimiter, at)) {
      fields.push(field)
      field = ''
      at += delimiter.length
    } else {
      field += char
      at++
    }
  }
}

function closingQuote(text: string, from: number): number | undefined {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at
  }
  return undefined
}
