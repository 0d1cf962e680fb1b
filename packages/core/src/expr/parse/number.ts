import { diagnose } from '../../diagnostics/define.ts'
import { malformedNumber, numberRange, unitLiteral } from '../../diagnostics/catalog/expr.ts'
import type { ExprPlace } from '../syntax.ts'
import type { Token } from './token.ts'

const DIGITS = '[0-9](?:_?[0-9])*'
const HEX = /0[xX][0-9A-Fa-f](?:_?[0-9A-Fa-f])*/y
const DOUBLE = new RegExp(`(?:(?:${DIGITS})?\\.${DIGITS}(?:[eE][+-]?${DIGITS})?|${DIGITS}[eE][+-]?${DIGITS})`, 'y')
const INT = new RegExp(DIGITS, 'y')
const TAIL = /[A-Za-z0-9_]*/y
/** Most digits of a number that is read without a look at whether it fits. */
const SURE_DIGITS = 15
const MAX_MAGNITUDE = 2n ** 63n

/** Reads the number that starts at `start` (a digit, or a dot before a digit). `_` may stand between digits. */
export function lexNumber(text: string, start: number, place: ExprPlace): Token {
  const whole = afterDigits(text, start)
  const isDouble = text.charCodeAt(whole) === 46
  const end = isDouble ? afterDigits(text, whole + 1) : whole
  const complete = whole > start && (!isDouble || end > whole + 1)
  if (!complete || end - start > SURE_DIGITS || continues(text.charCodeAt(end))) return lexAnyNumber(text, start, place)
  const written = text.slice(start, end)
  return isDouble
    ? { kind: 'double', value: Number(written), start, end }
    : { kind: 'int', value: BigInt(written), start, end }
}

/** The end of the digits from here on. */
function afterDigits(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(at)) at++
  return at
}

/** A letter, or `_`: an exponent, a unit, hexadecimal digits. */
function continues(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

/** Numbers of every form, and what only looks like one. */
function lexAnyNumber(text: string, start: number, place: ExprPlace): Token {
  const hex = matchAt(HEX, text, start)
  const double = hex === undefined ? matchAt(DOUBLE, text, start) : undefined
  const written = hex ?? double ?? matchAt(INT, text, start) ?? ''
  const afterNumber = start + written.length
  const tail = matchAt(TAIL, text, afterNumber) ?? ''
  const end = afterNumber + tail.length
  const fail = (diagnostic: ReturnType<typeof diagnose>): Token => ({ kind: 'error', diagnostic, start, end })

  if (/^[uU]$/.test(tail) && double === undefined) {
    const value = written.length > 40 ? undefined : BigInt(written.replaceAll('_', ''))
    return value === undefined || value >= 2n * MAX_MAGNITUDE
      ? fail(diagnose(numberRange, place.span(start, end), { text: written + tail, type: 'uint' }))
      : { kind: 'uint', value, start, end }
  }
  if (/^[A-Za-z]+$/.test(tail) && hex === undefined && !/^[eExX]$/.test(tail)) {
    return fail(diagnose(unitLiteral, place.span(start, end), { text: written + tail, number: written, unit: tail }))
  }
  if (tail !== '') return fail(diagnose(malformedNumber, place.span(start, end), { text: written + tail }))

  const plain = written.replaceAll('_', '')
  if (double !== undefined) {
    const value = Number(plain)
    if (!Number.isFinite(value))
      return fail(diagnose(numberRange, place.span(start, end), { text: written, type: 'double' }))
    return { kind: 'double', value, start, end }
  }
  // 2^63 itself is legal after a minus; the type-checker sees whether there is one.
  if (plain.length > 40) return fail(diagnose(numberRange, place.span(start, end), { text: written, type: 'int' }))
  const value = BigInt(plain)
  if (value > MAX_MAGNITUDE) return fail(diagnose(numberRange, place.span(start, end), { text: written, type: 'int' }))
  return { kind: 'int', value, start, end }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
