import { found, type Read, unreadable } from './failure.ts'
import { fileHead, HEAD_BYTES } from './file-head.ts'
import type { SourceFile } from './source-files.ts'

/** The first record of a CSV file and the delimiter it was read with. */
export interface CsvHead {
  readonly fields: readonly string[]
  readonly delimiter: string
}

/** How fields are quoted; both default to `"`, and the escape to the quote. */
export interface CsvQuoting {
  readonly quote?: string
  readonly escape?: string
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

/** The encoding of a file that declares none: UTF-16 where it begins with the mark of that, else UTF-8. */
export async function csvEncodingOf(file: SourceFile | undefined, declared: string | undefined) {
  if (declared !== undefined || file === undefined) return csvEncoding(declared)
  const head = await fileHead(file, 2)
  const [a, b] = head.ok ? head.value : []
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) ? 'utf-16' : 'utf-8'
}

/** The engine's name of an encoding; undefined for one it cannot read. */
export function csvEncoding(name: string | undefined): 'utf-8' | 'utf-16' | 'latin-1' | undefined {
  return ENCODINGS[(name ?? 'utf-8').toLowerCase()]
}

const DELIMITERS = [',', ';', '\t', '|'] as const

/**
 * Reads the first record (RFC 4180: quotes may hold delimiters and line ends). Without a declared delimiter it is the
 * one of `, ; tab |` that splits that record into most fields, the comma where none does: a rule people can foresee,
 * where guessing from all rows would not be.
 */
export async function csvHead(
  file: SourceFile,
  encoding: string,
  delimiter?: string,
  quoting: CsvQuoting = {},
): Promise<Read<CsvHead>> {
  const text = await headText(file, encoding)
  if (!text.ok) return text
  if (text.value.trim() === '') {
    return unreadable('source-unreadable', `"${file.name}" is empty: it has no header and no rows.`)
  }
  if (delimiter !== undefined) {
    const fields = firstRecord(text.value, delimiter, quoting)
    return fields === undefined ? noHeader(file) : found({ fields, delimiter })
  }
  let best: CsvHead | undefined
  for (const candidate of DELIMITERS) {
    const fields = firstRecord(text.value, candidate, quoting)
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
  const head = await fileHead(file)
  if (!head.ok) return head
  const label = encoding === 'latin-1' ? 'latin1' : encoding === 'utf-16' ? utf16Label(head.value) : 'utf-8'
  return found(new TextDecoder(label).decode(head.value))
}

function utf16Label(bytes: Uint8Array): string {
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le'
}

/** The fields of the first record that is not blank; undefined when a quote never closes. */
function firstRecord(text: string, delimiter: string, quoting: CsvQuoting): string[] | undefined {
  const { quote = '"' } = quoting
  const escape = quoting.escape ?? quote
  const fields: string[] = []
  let field = ''
  let at = 0
  while (text[at] === '\n' || text[at] === '\r') at++
  for (;;) {
    if (quote !== '' && text[at] === quote && field === '') {
      const quoted = quotedField(text, at + 1, quote, escape)
      if (quoted === undefined) return undefined
      field = quoted.field
      at = quoted.end
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

/** What stands between quotes from `from` on, and where its closing quote ends; undefined where none closes it. */
function quotedField(text: string, from: number, quote: string, escape: string) {
  let field = ''
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string
    if (char === escape && escape !== '' && (text[at + 1] === quote || text[at + 1] === escape)) {
      field += text[++at]
    } else if (char === quote) return { field, end: at + 1 }
    else field += char
  }
  return undefined
}
