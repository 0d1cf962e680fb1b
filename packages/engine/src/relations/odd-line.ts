import { createReadStream } from 'node:fs'
import { fileCompression, unpacker } from './compression.ts'
import type { SourceFile } from './source-files.ts'

/** A line that no reader of RFC 4180 takes, and what is odd about it. */
export interface OddLine {
  /** From 1, as editors count. */
  readonly line: number
  readonly what: string
}

const [LF, CR, QUOTE] = [10, 13, 34]
/** Bytes that text is made of: letters, digits and all beyond ASCII; what else follows a quote may be a delimiter. */
const isText = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 128

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r\n': '\\r\\n', '\r': '\\r' }

/**
 * The first line of a file of CSV that ends otherwise than the first one, or has text right after a closing quote;
 * undefined where there is none, or the file cannot be read. Read through once, in constant memory.
 */
export async function oddLine(file: SourceFile): Promise<OddLine | undefined> {
  const look = looker()
  const stream = createReadStream(file.path)
  try {
    const unpack = unpacker(await fileCompression(file.path))
    const chunks: AsyncIterable<Buffer> = unpack === undefined ? stream : stream.pipe(unpack)
    for await (const chunk of chunks) {
      for (const byte of chunk) {
        const found = look(byte)
        if (found !== undefined) return found
      }
    }
    return undefined
  } catch {
    return undefined
  } finally {
    stream.destroy()
  }
}

/** Takes byte after byte. */
function looker(): (byte: number) => OddLine | undefined {
  let line = 1
  let first: string | undefined
  let isQuoted = false
  let wasQuote = false
  let wasReturn = false
  const ended = (end: string): OddLine | undefined => {
    first ??= end
    const what = `it ends in ${NAMES[end]}, line 1 in ${NAMES[first]}. Give all lines the same end`
    return first === end ? undefined : { line, what }
  }
  return (byte) => {
    if (wasReturn) {
      wasReturn = false
      const odd = ended(byte === LF ? '\r\n' : '\r')
      if (odd !== undefined) return odd
      line++
      if (byte === LF) return undefined
    }
    if (isQuoted && !wasQuote) {
      if (byte === QUOTE) wasQuote = true
      else if (byte === LF) line++
      return undefined
    }
    if (wasQuote) {
      wasQuote = false
      // A doubled quote stands for one, and the field goes on.
      if (byte === QUOTE) return undefined
      isQuoted = false
      if (isText(byte))
        return { line, what: 'there is text after a closing quote. Double a quote that stands inside a field' }
    }
    if (byte === QUOTE) isQuoted = true
    else if (byte === CR) wasReturn = true
    else if (byte === LF) {
      const odd = ended('\n')
      if (odd !== undefined) return odd
      line++
    }
    return undefined
  }
}
