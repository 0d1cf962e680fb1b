import { parseDecimal } from '@plumbline/core'

/** A part of a sentence. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'pattern' | 'code' | 'mark'
  /** As written; without its fence for texts, patterns and code. */
  readonly text: string
  readonly lower: string
  /** Of a number: what CEL writes, `0.05` for `5 %`. */
  readonly value?: string
  readonly percent?: boolean
  readonly start: number
  readonly end: number
}

const PARTS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /"((?:[^"\\]|\\.)*)"|“([^”]*)”|(?<![\p{L}\p{N}])'((?:[^'\\]|\\.)*)'(?![\p{L}])/uy],
  ['code', /`([^`]*)`/uy],
  ['pattern', /\/((?:[^/\\\s]|\\.)+)\/(?=[\s.,]|$)/uy],
  [
    'number',
    /[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+(?![,\d])|\d+(?:_\d{3})*)(?:\.\d+)?(?:e[-+]?\d+)?(?:\s?(%)|\s(per ?cent)\b)?(?![\p{L}\d])/iuy,
  ],
  ['word', /[\p{L}_$?][\p{L}\p{M}\p{N}_$?²’'-]*(?:\.[\p{L}\p{N}_-]+)*|\d{4}-\d\d-\d\d(?:T[\d:.Z+-]+)?/uy],
  ['number', /[-+]?\d+(?:\.\d+)?/uy],
  ['mark', /<=|>=|==|!=|&&|\|\||[^\s]/uy],
]

/** Longer sentences are prose. */
const MOST_TOKENS = 200

/** A sentence in parts; a full stop at its end is left out. Undefined for one that is too long to be one. */
export function tokensOf(sentence: string): readonly Token[] | undefined {
  const text = sentence.replace(/[\s.]+$/u, '')
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/u.test(text[at] ?? '')) {
      at++
      continue
    }
    // A date begins like a number.
    const isDate = /^\d{4}-\d\d-\d\d/.test(text.slice(at))
    const token = PARTS.filter(([kind]) => !(isDate && kind === 'number'))
      .map(([kind, pattern]) => read(kind, pattern, text, at))
      .find((each) => each !== undefined)
    if (token === undefined || tokens.length > MOST_TOKENS) return undefined
    tokens.push(token)
    at = token.end
  }
  return tokens
}

function read(kind: Token['kind'], pattern: RegExp, text: string, at: number): Token | undefined {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  if (found === null) return undefined
  const [whole, ...groups] = found
  const place = { start: at, end: at + whole.length }
  if (kind !== 'number') {
    const inner = kind === 'word' || kind === 'mark' ? whole : (groups.find((group) => group !== undefined) ?? '')
    return { kind, text: inner, lower: inner.toLowerCase(), ...place }
  }
  const percent = groups[0] !== undefined || groups[1] !== undefined
  const digits = whole.replace(/\s?(?:%|per ?cent)$/i, '').replaceAll(',', '_')
  const decimal = parseDecimal(percent ? `${digits}%` : digits)
  return decimal && { kind, text: whole, lower: whole.toLowerCase(), value: decimal.text, percent, ...place }
}
