/** The chunked coding of a body (RFC 9112 section 7.1), piece by piece. */
export interface ChunkDecoder {
  /** Bytes of the body so far. */
  readonly size: number
  /**
   * Takes the next piece. A number is where in it the body ended; a text is what is wrong; undefined: more must come.
   */
  feed(piece: Buffer): number | string | undefined
  body(): Buffer
}

const LONGEST_LINE = 1024
const MOST_TRAILERS = 64
const NOTHING = Buffer.alloc(0)

/** Makes a decoder. */
export function chunkDecoder(): ChunkDecoder {
  const parts: Buffer[] = []
  let size = 0
  let mode: 'size' | 'data' | 'after' | 'trailer' = 'size'
  /** Bytes of the chunk that are still to come. */
  let left = 0
  let trailers = 0
  let line: Buffer = NOTHING

  /** What a whole line says, in the mode it came in: true = the body has ended. */
  const read = (text: string): boolean | string => {
    if (mode === 'after') {
      mode = 'size'
      return text === '' ? false : 'it has a chunk of another size'
    }
    if (mode === 'trailer') return text === '' ? true : ++trailers > MOST_TRAILERS && 'it has too many trailers'
    const [, digits] = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(text) ?? []
    if (digits === undefined) return 'it has a chunk without a size'
    left = Number.parseInt(digits, 16)
    mode = left === 0 ? 'trailer' : 'data'
    return false
  }

  return {
    get size() {
      return size
    },
    feed(piece) {
      for (let at = 0; at < piece.length; ) {
        if (mode === 'data') {
          const part = piece.subarray(at, at + left)
          parts.push(part)
          size += part.length
          left -= part.length
          at += part.length
          if (left === 0) mode = 'after'
          continue
        }
        const end = piece.indexOf(0x0a, at)
        const taken = piece.subarray(at, end < 0 ? piece.length : end)
        line = line.length === 0 ? taken : Buffer.concat([line, taken])
        if (line.length > LONGEST_LINE) return 'it has a chunk without a size'
        if (end < 0) return undefined
        at = end + 1
        const text = line.toString('latin1')
        line = NOTHING
        const done = text.endsWith('\r') ? read(text.slice(0, -1)) : 'it has a chunk without a size'
        if (typeof done === 'string') return done
        if (done) return at
      }
      return undefined
    },
    body: () => (parts.length === 1 ? (parts[0] ?? NOTHING) : Buffer.concat(parts)),
  }
}
