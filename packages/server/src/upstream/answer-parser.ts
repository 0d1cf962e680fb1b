import { chunkDecoder } from './chunks.ts'

/** A whole HTTP answer. */
export interface HttpAnswer {
  readonly status: number
  readonly body: Uint8Array
  /** Whether the connection may be asked again. */
  readonly keep: boolean
}

/** An answer, what is wrong with it in words, or undefined while more must come. */
export type ParseStep = HttpAnswer | string | undefined

/** Reads one HTTP/1 answer from pieces of any size. */
export interface AnswerParser {
  /** Whether any byte of the answer has come. */
  readonly begun: boolean
  feed(piece: Buffer): ParseStep
  /** The other side has ended: that is how an answer without a length says its end. */
  end(): ParseStep
}

const LONGEST_HEAD = 16_384
const NOTHING = Buffer.alloc(0)

/** How the body of an answer ends. */
type Framing =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' }

interface Head {
  readonly status: number
  readonly keep: boolean
  readonly framing: Framing
}

/**
 * Makes a parser (RFC 9112). It is strict: what is not plainly one answer, such as two lengths, is wrong, since whoever
 * reads it otherwise would take the rest for the next answer. `most`: bytes of a body; `heads` may be shared by the
 * parsers of one server.
 */
export function answerParser(most: number, heads: ReadHead = headReader()): AnswerParser {
  let bytes: Buffer = NOTHING
  let body: Body | undefined
  let begun = false

  /** Reads heads until the one of the answer itself; what comes after it belongs to the body. */
  const readHeads = (piece: Buffer): Buffer | string | undefined => {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece])
    while (body === undefined) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end > LONGEST_HEAD || (end < 0 && bytes.length > LONGEST_HEAD)) return 'its headers do not end'
      if (end < 0)
        return bytes.length < 5 || bytes.toString('latin1', 0, 5) === 'HTTP/' ? undefined : 'it does not speak HTTP/1'
      const head = heads(bytes.toString('latin1', 0, end))
      if (typeof head === 'string') return head
      bytes = bytes.subarray(end + 4)
      // 100 and its like announce the answer, and are none.
      if (head.status >= 200) body = bodyOf(head, most)
    }
    return bytes
  }
  return {
    get begun() {
      return begun
    },
    feed(piece) {
      begun = true
      const rest = body === undefined ? readHeads(piece) : piece
      return typeof rest === 'object' ? body?.feed(rest) : rest
    },
    end: () => body?.end() ?? 'it was cut off',
  }
}

/** Reads a body by its framing. */
type Body = Pick<AnswerParser, 'feed' | 'end'>

function bodyOf({ status, keep, framing }: Head, most: number): Body {
  const cut = (): ParseStep => 'it was cut off'
  // What comes after an answer that nobody asked for would be taken for the next one.
  const answer = (body: Buffer, isLast: boolean): HttpAnswer => ({ status, body, keep: keep && isLast })
  if (framing.kind === 'chunked') {
    const chunks = chunkDecoder()
    const feed = (piece: Buffer): ParseStep => {
      const end = chunks.feed(piece)
      if (chunks.size > most) return TOO_LONG
      return typeof end === 'number' ? answer(chunks.body(), end === piece.length) : end
    }
    return { feed, end: cut }
  }
  const parts: Buffer[] = []
  let size = 0
  const length = framing.kind === 'length' ? framing.length : Number.POSITIVE_INFINITY
  const joined = (): Buffer => (parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts))
  return {
    feed(piece) {
      if (piece.length > 0) parts.push(piece)
      size += piece.length
      if (framing.kind === 'length' ? length > most : size > most) return TOO_LONG
      return size < length ? undefined : answer(joined().subarray(0, length), size === length)
    },
    end: () => (framing.kind === 'close' ? answer(joined(), false) : cut()),
  }
}

/** Said of an answer with more bytes than allowed. */
export const TOO_LONG = 'it is too long'

/** Reads the head of an answer, without the empty line at its end, or says what is wrong with it. */
type ReadHead = (text: string) => Head | string

/** Makes a reader that remembers the last head: a server says the same for as long as its clock shows the same second. */
export function headReader(): ReadHead {
  let lastText = ''
  let last: Head | string | undefined
  return (text) => {
    if (last === undefined || text !== lastText) last = readHead(text)
    lastText = text
    return last
  }
}

function readHead(text: string): Head | string {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/.exec(first) ?? []
  if (code === undefined) return 'its first line is none of HTTP/1'
  const status = Number(code)
  let length: string | undefined
  let coding: string | undefined
  let connection = ''
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*([^\0\r\n]*)$/.exec(line) ?? []
    if (name === undefined) return 'it has a header that is none'
    const known = name.toLowerCase()
    if (known === 'content-length') {
      if (length !== undefined) return 'it has two lengths'
      length = value.trimEnd()
    } else if (known === 'transfer-encoding') {
      if (coding !== undefined) return 'it has two codings'
      coding = value.trimEnd().toLowerCase()
    } else if (known === 'connection') connection += ` ${value.toLowerCase()}`
  }
  if (status === 101) return 'it wants to speak something else'
  const framing = framingOf(status, length, coding)
  if (typeof framing === 'string') return framing
  const keep = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  return { status, framing, keep: keep && framing.kind !== 'close' }
}

function framingOf(status: number, length: string | undefined, coding: string | undefined): Framing | string {
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', length: 0 }
  if (coding !== undefined) {
    if (length !== undefined) return 'it has a length and a coding'
    return coding === 'chunked' ? { kind: 'chunked' } : 'it has another coding than chunks'
  }
  if (length === undefined) return { kind: 'close' }
  return /^\d{1,15}$/.test(length) ? { kind: 'length', length: Number(length) } : 'its length is none'
}
