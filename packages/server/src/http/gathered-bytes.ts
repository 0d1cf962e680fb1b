/** Bytes that come in pieces of any size. */
export interface GatheredBytes {
  /** Bytes so far. */
  readonly length: number
  add(piece: Buffer): void
  /** All of them; afterwards there are none. One piece alone is not copied. */
  take(): Buffer
}

const NOTHING = Buffer.alloc(0)

/** Gathers none yet. Memory grows with the bytes and not with the pieces, of which a client may make one of each byte. */
export function gatherBytes(): GatheredBytes {
  let bytes: Buffer = NOTHING
  let length = 0
  /** Whether `bytes` may be written to. */
  let own = false
  return {
    get length() {
      return length
    },
    add(piece) {
      if (length === 0) {
        bytes = piece
        own = false
      } else {
        const needed = length + piece.length
        if (!own || needed > bytes.length) {
          const grown = Buffer.allocUnsafeSlow(2 * needed)
          bytes.copy(grown, 0, 0, length)
          bytes = grown
          own = true
        }
        piece.copy(bytes, length)
      }
      length += piece.length
    },
    take() {
      const all = bytes.subarray(0, length)
      bytes = NOTHING
      length = 0
      return all
    },
  }
}
