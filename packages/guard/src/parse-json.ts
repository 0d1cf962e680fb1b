/** Why a text is not taken as a request. */
export type JsonProblem = 'malformed' | 'too-large' | 'too-deep' | 'duplicate-key' | 'unsafe-integer'

/** What a text may be. */
export interface JsonLimits {
  /** UTF-16 units; default 1 048 576. */
  readonly length?: number
  /** Objects and lists inside each other; default 16. */
  readonly depth?: number
}

/** A value, or what is wrong with the text. */
export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: JsonProblem }

const refused = (problem: JsonProblem): JsonReading => ({ ok: false, problem })

/**
 * JSON as a guard must read it: what `JSON.parse` passes over in silence is refused. Of two equal keys it takes the last,
 * where another reader behind the guard may take the first; an integer beyond ±(2^53 − 1) it rounds; and it recurses as
 * deep as it is told to.
 */
export function parseJson(text: string, limits: JsonLimits = {}): JsonReading {
  if (text.length > (limits.length ?? 1_048_576)) return refused('too-large')
  const scanned = scan(text, limits.depth ?? 16)
  if (typeof scanned === 'string') return refused(scanned)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refused('malformed')
  }
  // Each key is followed by one colon; an object that has fewer keys than the text has lost one.
  return countKeys(value) === scanned ? { ok: true, value } : refused('duplicate-key')
}

/** Colons outside texts, or what the tokens show to be wrong. Whether the text is JSON at all is not its question. */
function scan(text: string, depth: number): number | JsonProblem {
  let colons = 0
  let open = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22) {
      i = endOfText(text, i)
      if (i < 0) return 'malformed'
    } else if (unit === 0x3a) colons++
    else if (unit === 0x7b || unit === 0x5b) {
      if (++open > depth) return 'too-deep'
    } else if (unit === 0x7d || unit === 0x5d) open--
    else if (isDigit(unit)) {
      const end = endOfNumber(text, i)
      // Fifteen digits are always safe.
      if (end - i > 15 && !/[.eE]/.test(text.slice(i, end)) && !Number.isSafeInteger(Number(text.slice(i, end))))
        return 'unsafe-integer'
      i = end - 1
    }
  }
  return colons
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Index of the quote that ends the text that begins at `from`; negative where none does. */
function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 0) return end
  }
  return -1
}

function endOfNumber(text: string, from: number): number {
  let end = from + 1
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end)
    const part = isDigit(unit) || unit === 0x2e || (unit | 0x20) === 0x65 || unit === 0x2b || unit === 0x2d
    if (!part) return end
  }
  return end
}

/** Own keys of all objects in a value. It is no deeper than the scan has seen. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'object') count += countKeys(each)
    return count
  }
  for (const each of Object.values(value as object)) {
    count++
    if (typeof each === 'object') count += countKeys(each)
  }
  return count
}
