import { diagnose } from '../../diagnostics/define.ts'
import { badEscape, notUnicode, unterminatedString } from '../../diagnostics/catalog/expr.ts'
import type { ExprPlace } from '../syntax.ts'
import type { Token } from './token.ts'

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
}
const PREFIX = /^(?:[rR][bB]|[bB][rR]|[rR]|[bB])?("""|'''|"|')/

/** Reads the string that starts at `start`, or returns undefined where none starts. */
export function lexString(text: string, start: number, place: ExprPlace): Token | undefined {
  const opening = PREFIX.exec(text.slice(start, start + 5))
  if (opening === null) return undefined
  const quote = opening[1] ?? '"'
  const prefix = opening[0].slice(0, -quote.length).toLowerCase()
  const fail = (diagnostic: ReturnType<typeof diagnose>, end: number): Token => ({
    kind: 'error',
    diagnostic,
    start,
    end,
  })

  const bytes = prefix.includes('b')
  let value = ''
  let i = start + opening[0].length
  let done = false
  while (i < text.length) {
    if (text.startsWith(quote, i)) {
      i += quote.length
      done = true
      break
    }
    const char = text[i] ?? ''
    if (quote.length === 1 && (char === '\n' || char === '\r')) break
    if (char === '\\' && !prefix.includes('r')) {
      const escape = readEscape(text, i, bytes)
      if (escape.value === undefined) {
        const span = place.span(i, escape.end)
        const unquoted = span.end - span.start > escape.end - i
        return fail(diagnose(badEscape, span, { text: text.slice(i, escape.end), unquoted }), text.length)
      }
      value += escape.value
      i = escape.end
    } else {
      const whole = bytes ? String.fromCodePoint(text.codePointAt(i) ?? 0) : char
      value += bytes ? utf8(whole) : whole
      i += whole.length
    }
  }
  if (!done) return fail(diagnose(unterminatedString, place.span(start, i), { quote }), text.length)
  if (bytes) return { kind: 'bytes', value, start, end: i }
  if (!value.isWellFormed()) return fail(diagnose(notUnicode, place.span(start, i), {}), i)
  return { kind: 'string', value, start, end: i }
}

/** One escape sequence; `value` is undefined where it is none that CEL knows. */
function readEscape(text: string, at: number, bytes: boolean): { readonly value?: string; readonly end: number } {
  const code = text[at + 1] ?? ''
  const simple = Object.hasOwn(SIMPLE, code) ? SIMPLE[code] : undefined
  if (simple !== undefined) return { value: simple, end: at + 2 }
  const lengths: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 }
  const length = Object.hasOwn(lengths, code) ? lengths[code] : undefined
  if (length !== undefined && !(bytes && length > 2)) {
    const digits = text.slice(at + 2, at + 2 + length)
    if (digits.length === length && /^[0-9A-Fa-f]+$/.test(digits))
      return codePoint(parseInt(digits, 16), at + 2 + length)
    return { end: Math.min(text.length, at + 2) }
  }
  const octal = text.slice(at + 1, at + 4)
  if (/^[0-3][0-7][0-7]$/.test(octal)) return codePoint(parseInt(octal, 8), at + 4)
  return { end: Math.min(text.length, at + 2) }
}

function codePoint(code: number, end: number): { readonly value?: string; readonly end: number } {
  const valid = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return valid ? { value: String.fromCodePoint(code), end } : { end }
}

/** A text as its octets in UTF-8, one character each; half of a surrogate pair becomes U+FFFD. */
function utf8(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}
