/** The head of a plain request: nothing but its path, its body and its trace context matters. */
export interface PlainHead {
  readonly method: 'POST' | 'GET'
  readonly path: string
  /** Index of the first byte of the body. */
  readonly bodyAt: number
  /** Bytes of the body; at least one of a POST, none of a GET. */
  readonly length: number
  readonly traceparent?: string
}

/** Reads the head at the beginning of `bytes`; undefined where it is not plain, or not there to its end. */
export type ReadPlainHead = (bytes: Buffer) => PlainHead | undefined

const LONGEST_HEAD = 4096
/** Heads that are remembered at most. */
const MOST_KNOWN = 64
const END = '\r\n\r\n'

/** A header line of tokens and visible characters (RFC 9112 section 5): no folding, no bare line end, no NUL. */
const LINE = /([!#$%&'*+\-.^_`|~\w]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r\n/y

/** Headers that say how a body is framed, what is done with the connection, or what else a request wants than an answer. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'content-encoding',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'proxy-connection',
  'http2-settings',
  'inference-header-content-length',
  'plumbline-probe',
])

/** What is asked before or between: whether the server is ready, what the model is. A path without anything to decode. */
const GET = /^GET (\/[\w./-]*) HTTP\/1\.1\r\n/

/**
 * Binds the reader of heads to the one path to which posts are plain. It takes only what no two readers of HTTP/1.1
 * understand differently: `POST` with one length or `GET` with none, one host, a connection that is kept. Everything else
 * is for a full parser.
 */
export function plainHeads(path: string): ReadPlainHead {
  const post = `POST ${path} HTTP/1.1\r\n`
  // A client says the same with every request but for the length, and but for a trace.
  const known = new Map<string, PlainHead>()
  return (bytes) => {
    const end = bytes.indexOf(END)
    if (end < 0 || end > LONGEST_HEAD) return undefined
    const text = bytes.toString('latin1', 0, end + 2)
    const before = known.get(text)
    if (before !== undefined) return before
    const head = text.startsWith(post) ? readLines(text, 'POST', path, post.length) : readGet(text)
    if (head === undefined || head.traceparent !== undefined) return head
    if (known.size === MOST_KNOWN) known.clear()
    known.set(text, head)
    return head
  }
}

function readGet(text: string): PlainHead | undefined {
  const [first, path] = GET.exec(text) ?? []
  return first === undefined || path === undefined ? undefined : readLines(text, 'GET', path, first.length)
}

function readLines(text: string, method: PlainHead['method'], path: string, from: number): PlainHead | undefined {
  let host = false
  let length: number | undefined
  let traceparent: string | undefined
  for (LINE.lastIndex = from; LINE.lastIndex < text.length; ) {
    const [, given, said = ''] = LINE.exec(text) ?? []
    if (given === undefined) return undefined
    const name = given.toLowerCase()
    const value = said.trimEnd()
    if (NOT_PLAIN.has(name)) return undefined
    if (name === 'host') {
      if (host) return undefined
      host = true
    } else if (name === 'authorization') {
      // What is not for everybody is said by a full parser.
      if (method === 'GET') return undefined
    } else if (name === 'content-length') {
      if (method === 'GET' || length !== undefined || !/^[1-9]\d{0,8}$/.test(value)) return undefined
      length = Number(value)
    } else if (name === 'connection') {
      if (value.toLowerCase() !== 'keep-alive') return undefined
    } else if (name === 'traceparent') {
      if (traceparent !== undefined) return undefined
      traceparent = value
    }
  }
  if (method === 'GET') length = 0
  if (!host || length === undefined) return undefined
  return { method, path, bodyAt: text.length + 2, length, ...(traceparent === undefined ? {} : { traceparent }) }
}
