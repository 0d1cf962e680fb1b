import { RE2JS, RE2JSException } from 're2js'
import type { List, Value } from '../value.ts'
import { error, type Outcome } from './implementation.ts'

const WHITE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const LEADING = new RegExp(`^${WHITE}`)
const TRAILING = new RegExp(`${WHITE}$`)
const INVALID = error('invalid-argument')
const whole = (place: bigint): number => Number(place)
const list = (values: readonly Value[]): Outcome => ({ list: values })
const isText = (value: Value): value is string => typeof value === 'string'

/** The place of one sequence of characters in another from a place on, or -1. */
function find(text: readonly string[], part: readonly string[], from: number, step: 1 | -1): bigint {
  for (let at = from; at >= 0 && at + part.length <= text.length; at += step) {
    if (part.every((char, i) => text[at + i] === char)) return BigInt(at)
  }
  return -1n
}

/** Longest text that joining and replacing make, in UTF-16 units. */
const MAX_TEXT = 2 ** 27

function join(values: readonly Value[], separator: string): Outcome {
  if (!values.every(isText)) return error('no-such-overload')
  const length = values.reduce((sum, text) => sum + text.length + separator.length, 0)
  return length > MAX_TEXT ? error('too-costly') : values.join(separator)
}

/** An empty text stands before every character, and at the end. */
function replaceParts(text: string, from: string, to: string, count: number): Outcome {
  const most = (text.length + 1) * to.length
  if (from === '') {
    const chars = [...text]
    if (most > MAX_TEXT) return error('too-costly')
    return [...chars, ''].map((char, i) => (i < count ? to : '') + char).join('')
  }
  const parts = text.split(from)
  if (parts.length * to.length + text.length > MAX_TEXT) return error('too-costly')
  return parts.map((part, i) => part + (i === parts.length - 1 ? '' : i < count ? to : from)).join('')
}

function splitSome(text: string, separator: string, count: number): Outcome {
  const parts = separator === '' ? [...text] : text.split(separator)
  if (count === 0) return list([])
  if (count < 0 || parts.length <= count) return list(parts)
  return list([...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)])
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
}

function slice(text: string, from: bigint, to: bigint | undefined): Outcome {
  const chars = [...text]
  const end = to ?? BigInt(chars.length)
  return from < 0n || end > chars.length || from > end ? INVALID : chars.slice(whole(from), whole(end)).join('')
}

/** The parser of ECMAScript reads the grammar of RFC 8259 and nothing else. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Texts, by code point. */
export const texts = {
  matches_any: (a: string, pattern: string): Outcome => {
    try {
      return RE2JS.compile(pattern).test(a)
    } catch (thrown) {
      if (thrown instanceof RE2JSException) return INVALID
      throw thrown
    }
  },
  char_at: (a: string, place: bigint): Outcome => {
    const chars = [...a]
    return place < 0n || place > chars.length ? INVALID : (chars[whole(place)] ?? '')
  },
  index_of: (a: string, b: string): Outcome => find([...a], [...b], 0, 1),
  index_of_from: (a: string, b: string, from: bigint): Outcome => {
    const chars = [...a]
    if (b === '' && from >= 0n && from <= chars.length) return from
    return from < 0n || from >= chars.length ? (from === 0n ? -1n : INVALID) : find(chars, [...b], whole(from), 1)
  },
  last_index_of: (a: string, b: string): Outcome => {
    const [chars, part] = [[...a], [...b]]
    return find(chars, part, chars.length - part.length, -1)
  },
  last_index_of_to: (a: string, b: string, to: bigint): Outcome => {
    const [chars, part] = [[...a], [...b]]
    if (b === '' && to >= 0n && to <= chars.length) return to
    if (to < 0n || to >= chars.length) return INVALID
    return find(chars, part, Math.min(whole(to), chars.length - part.length), -1)
  },
  join: (a: List): Outcome => join(a.list, ''),
  join_with: (a: List, separator: string): Outcome => join(a.list, separator),
  quote: (a: string): Outcome => `"${[...a.toWellFormed()].map((char) => ESCAPES[char] ?? char).join('')}"`,
  replace: (a: string, from: string, to: string): Outcome => replaceParts(a, from, to, Infinity),
  replace_some: (a: string, from: string, to: string, count: bigint): Outcome =>
    replaceParts(a, from, to, count < 0n ? Infinity : whole(count)),
  reverse: (a: string): Outcome => [...a].toReversed().join(''),
  split: (a: string, separator: string): Outcome => splitSome(a, separator, -1),
  split_some: (a: string, separator: string, count: bigint): Outcome => splitSome(a, separator, whole(count)),
  substring: (a: string, from: bigint): Outcome => slice(a, from, undefined),
  substring_to: (a: string, from: bigint, to: bigint): Outcome => slice(a, from, to),
  is_json: (a: string): Outcome => isJson(a),
  trim: (a: string): Outcome => a.replace(LEADING, '').replace(TRAILING, ''),
}
