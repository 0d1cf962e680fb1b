import { characters, type Term } from './term.ts'

/** SMT-LIB's characters end at U+2FFFF (theory of strings, version 2.6). */
const LAST = 0x2ffff
/** From here on a character of a pattern or constant is not written: the room for those that only a row holds. */
const RESERVED = 0x2f000
const MAX_POINT = 0x10ffff

/**
 * A code point as SMT-LIB has it; undefined where it has none. The last of Unicode stands as the last of SMT-LIB. Text that
 * a condition does not name holds characters only by their order and by being different, of which there are enough in between.
 */
export function smtPoint(point: number): number | undefined {
  if (point === MAX_POINT) return LAST
  return point < RESERVED ? point : undefined
}

/** A text; undefined where it has a character that SMT-LIB has not. */
export function textTerm(text: string): Term | undefined {
  const points = [...text].map((char) => smtPoint(char.codePointAt(0) ?? 0))
  return points.every((point) => point !== undefined) ? characters(points) : undefined
}

/** The text of a string literal of a solver; undefined where no row can hold it. */
export function readText(literal: string): string | undefined {
  if (!/^".*"$/s.test(literal)) return undefined
  const inner = literal.slice(1, -1).replaceAll('""', '"')
  let lone = false
  const text = inner.replaceAll(/\\u\{([0-9a-fA-F]{1,5})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_, a, b, c) => {
    const point = Number.parseInt((a ?? b ?? c) as string, 16)
    if (point >= 0xd800 && point <= 0xdfff) lone = true
    return String.fromCodePoint(point === LAST ? MAX_POINT : point)
  })
  return lone ? undefined : text
}
