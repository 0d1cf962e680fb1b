import { expect, it } from 'vitest'
import { readAnswer, readCore, readNumber, readValues } from './answer.ts'
import { characters, integer, real, render, smt, symbol } from './term.ts'
import { readText, smtPoint, textTerm } from './text.ts'

it.each(['', 'plain', 'say "no"', 'a\\b', '\u0000\n', 'Zoë', '😀', '\u{10FFFF}', '\\u{41}'])(
  '%j is read back',
  (text) => {
    const term = textTerm(text)
    expect(term).toBeDefined()
    expect(readText(render(term as NonNullable<typeof term>))).toBe(text)
  },
)

it('characters beyond those of SMT-LIB are not written, and no lone surrogate is read', () => {
  expect(textTerm('\u{30000}')).toBeUndefined()
  expect(smtPoint(0x10ffff)).toBe(0x2ffff)
  expect(readText('"\\u{d800}"')).toBeUndefined()
  expect(readText('x')).toBeUndefined()
})

it('numbers of an answer are exact', () => {
  const number = (text: string) => readNumber(readAnswer(text) ?? '')
  expect(number('(- (/ 1.0 3.0))')).toEqual({ numerator: -1n, denominator: 3n })
  expect(number('0.5')).toEqual({ numerator: 5n, denominator: 10n })
  expect(number('(/ 1 (- 2))')).toEqual({ numerator: -1n, denominator: 2n })
  expect(number('(- 9223372036854775808)')).toEqual({ numerator: -(2n ** 63n), denominator: 1n })
  expect(number('(root-obj (+ (^ x 2) (- 2)) 2)')).toBeUndefined()
  expect(number('(/ 1 0)')).toBeUndefined()
})

it('what a solver prints is read, or refused', () => {
  expect(readValues('((c0 (- 1))\n (c1 "a ""b"")"))')).toEqual(['(- 1)', '"a ""b"")"'])
  expect(readValues('(error "no")x')).toBeUndefined()
  expect(readCore('(a0 a2)')).toEqual(['a0', 'a2'])
  expect(readCore('((a0))')).toBeUndefined()
})

it('only what the tag made becomes a script', () => {
  const hostile = 'x) (exit'
  expect(() => smt`(= ${hostile as never} 1)`).toThrow(TypeError)
  expect(() => symbol(hostile)).toThrow(RangeError)
  expect(render(smt`(= ${integer(-1n)} ${real(-1n, 4n)} ${characters([34, 92])})`)).toBe(
    '(= (- 1) (- (/ 1.0 4.0)) "\\u{22}\\u{5c}")',
  )
})
