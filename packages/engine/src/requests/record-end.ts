const QUOTE = 0x22
const LINE_FEED = 0x0a
const RETURN = 0x0d

/**
 * How many of the bytes are whole records of CSV (RFC 4180): up to the last line end that is in no quotes. The bytes begin
 * with a record. A quote opens only where a field begins; `delimiter` is one byte.
 */
export function recordsEnd(bytes: Uint8Array, delimiter: number): number {
  // Most files of labels have no quotes at all.
  if (!bytes.includes(QUOTE)) return bytes.lastIndexOf(LINE_FEED) + 1
  let end = 0
  for (const at of lineEnds(bytes, delimiter)) end = at
  return end
}

/** Where the first record that is not blank ends; undefined where it has no end yet. */
export function firstRecordEnd(bytes: Uint8Array, delimiter: number): number | undefined {
  let begin = 0
  while (bytes[begin] === LINE_FEED || bytes[begin] === RETURN) begin++
  for (const at of lineEnds(bytes.subarray(begin), delimiter)) return begin + at
  return undefined
}

/** The place after each line end that is in no quotes. */
function* lineEnds(bytes: Uint8Array, delimiter: number): Generator<number> {
  let fieldBegins = true
  let quoted = false
  for (let at = startsWithMark(bytes) ? 3 : 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (quoted) {
      if (byte !== QUOTE) continue
      // A doubled quote is one of the text.
      if (bytes[at + 1] === QUOTE) at++
      else quoted = false
      continue
    }
    if (byte === QUOTE && fieldBegins) quoted = true
    else if (byte === LINE_FEED) yield at + 1
    fieldBegins = byte === delimiter || byte === LINE_FEED || byte === RETURN
  }
}

/** The mark that some programs put before UTF-8. */
function startsWithMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}
