/** What a program prints, taken piece by piece: a line, or as many bytes as a line announced. */
export interface Incoming {
  /** The next line without its end; undefined where the output ended before, `too-long` where it is longer than any answer. */
  readonly line: () => Promise<Uint8Array | 'too-long' | undefined>
  /** The next `count` bytes; undefined where the output ends before. */
  readonly bytes: (count: number) => Promise<Uint8Array | 'too-long' | undefined>
}

/** Beyond this a line, or what is behind it, is no answer to a batch. */
export const LONGEST = 256 * 1024 * 1024
const LINE_END = 10

/** Reads the standard output of a program. */
export function incomingOf(output: AsyncIterable<Uint8Array>): Incoming {
  const chunks = output[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  const more = async (): Promise<boolean> => {
    // A pipe that breaks is a program that has ended.
    const next = await chunks.next().catch(() => undefined)
    if (next === undefined || next.done === true) return false
    rest = next.value
    return true
  }
  /** Collects until `find` says where the piece ends in what is there (−1: not yet), and what is passed over behind it. */
  const collect = async (find: (chunk: Uint8Array, size: number) => number, skipped: number) => {
    const parts: Uint8Array[] = []
    let size = 0
    for (;;) {
      const end = find(rest, size)
      if (end !== -1) {
        parts.push(rest.subarray(0, end))
        rest = rest.subarray(end + skipped)
        return Buffer.concat(parts)
      }
      size += rest.length
      if (size > LONGEST) return 'too-long' as const
      parts.push(rest)
      if (!(await more())) return undefined
    }
  }
  return {
    line: () => collect((chunk) => chunk.indexOf(LINE_END), 1),
    bytes: (count) => collect((chunk, size) => (size + chunk.length >= count ? count - size : -1), 0),
  }
}
