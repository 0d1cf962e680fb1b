import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printSyntax } from '../print/syntax.ts'
import { place } from '../testing/accounts.ts'
import { MAX_DEPTH, MAX_LENGTH } from './limits.ts'
import { parseExpression } from './parser.ts'

const canonical = (text: string): string => {
  const { value, diagnostics } = parseExpression(text, place)
  return value === undefined ? `${diagnostics[0]?.code}@${diagnostics[0]?.span.start}` : printSyntax(value)
}

describe('parseExpression', () => {
  it.each([
    ['a||b&&c', 'a || b && c'],
    ['(a||b)&&c', '(a || b) && c'],
    ['a-b-c', 'a - b - c'],
    ['a-(b-c)', 'a - (b - c)'],
    ['-a*b', '-a * b'],
    ['-(a*b)', '-(a * b)'],
    ['!a.b(c)', '!a.b(c)'],
    ['a<b==c', 'a < b == c'],
    ['a?b:c?d:e', 'a ? b : c ? d : e'],
    ['(a?b:c)?d:e', '(a ? b : c) ? d : e'],
    ['x in [1,2,]', 'x in [1, 2]'],
    ['a[0].b["c d"]', 'a[0].b["c d"]'],
    ['x.with({"a":1,})', 'x.with({"a": 1})'],
    ['1_000 + 0xFF + .5 + 1e3 + 1_0.2_5E-1', '1000 + 255 + 0.5 + 1000.0 + 1.025'],
    ['a // a comment\n&& b', 'a && b'],
    [`'it''s'`, 'expr/syntax@4'],
    [`"a\\tb\\x41\\u00e9\\U0001F600\\101\\'"`, `"a\\tbAé😀A'"`],
    ['r"\\d+"', '"\\\\d+"'],
    ['"""two\nlines"""', '"two\\nlines"'],
    ["R'''a\\'''", '"a\\\\"'],
    ['x.as', 'x.as'],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected))

  it.each([
    ['', 'expr/empty@0'],
    ['  // nothing', 'expr/empty@0'],
    ['a b', 'expr/syntax@2'],
    ['a +', 'expr/syntax@3'],
    ['(a', 'expr/syntax@2'],
    ['a)', 'expr/syntax@1'],
    ['f(a,)', 'expr/syntax@4'],
    ['a === b', 'expr/equals-sign@2'],
    ['a <> b', 'expr/equals-sign@2'],
    ['a => b', 'expr/equals-sign@2'],
    ['a | b', 'expr/single-operator@2'],
    ['a OR b', 'expr/word-operator@2'],
    ['a is null', 'expr/word-operator@2'],
    ['a between 1', 'expr/word-operator@2'],
    ['50% < a', 'expr/percent-literal@0'],
    ['a % 5', 'a % 5'],
    ['5%a', '5 % a'],
    ['1__0', 'expr/malformed-number@0'],
    ['1_', 'expr/malformed-number@0'],
    ['0x', 'expr/malformed-number@0'],
    ['1e400', 'expr/number-range@0'],
    ['10k', 'expr/unit-literal@0'],
    ['18446744073709551616u', 'expr/number-range@0'],
    ['b"\\u0041"', 'expr/bad-escape@2'],
    ['T{a: 1}', 'expr/unsupported@0'],
    ['"\\q"', 'expr/bad-escape@1'],
    ['"\\ud800"', 'expr/bad-escape@1'],
    ['"\ud800"', 'expr/not-unicode@0'],
    ['"a\nb"', 'expr/unterminated-string@0'],
    ['let', 'expr/reserved-word@0'],
    ['a # b', 'expr/unexpected-character@2'],
    ['“a”', 'expr/unexpected-character@0'],
    ['a.in', 'expr/syntax@2'],
    ['in', 'expr/syntax@0'],
    ['!', 'expr/syntax@1'],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected))

  it.each([
    ['parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['open parentheses', '('.repeat(60_000)],
    ['brackets', '['.repeat(10_000)],
    ['braces', '{'.repeat(10_000)],
    ['signs', '-'.repeat(10_000) + '1'],
    ['negations', `${'!'.repeat(10_000)}a`],
    ['a chain', Array.from({ length: 10_000 }, () => 'a').join('+')],
    ['members', `a${'.b'.repeat(10_000)}`],
    ['calls', 'f('.repeat(10_000)],
    ['indexes', 'a['.repeat(10_000)],
    ['conditionals', 'a?b:'.repeat(10_000) + 'c'],
    ['length', 'a'.repeat(MAX_LENGTH + 1)],
  ])('hostile %s end in a finding, not in a stack overflow', (_, text) => {
    expect(parseExpression(text, place).diagnostics.map((d) => d.code)).toEqual(['expr/too-large'])
  })

  it('accepts what is just within the limits', () => {
    expect(parseExpression(Array.from({ length: MAX_DEPTH }, () => 'a').join('&&'), place).diagnostics).toEqual([])
    expect(parseExpression(`x in [${'1,'.repeat(20_000)}]`, place).diagnostics).toEqual([])
  })

  it('never throws, places findings inside the text, and is stable under printing', () => {
    const tokens = fc.constantFrom(
      'a',
      'in',
      '1',
      '2.5',
      '"s"',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '.',
      ',',
      '?',
      ':',
      '!',
      '-',
      '+',
      '%',
      '&&',
      '||',
      '==',
      '<',
      'null',
      'true',
      '=',
      '&',
      ' ',
      '\n',
      "'",
      '"""',
      '\\',
      '0x',
      '_',
      'not',
      '\ud83d',
      'é',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(tokens, { maxLength: 25 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const { value, diagnostics } = parseExpression(text, place)
        expect(value === undefined).toBe(diagnostics.length === 1)
        for (const { span, message, why, fix } of diagnostics) {
          expect(span.start).toBeGreaterThanOrEqual(0)
          expect(span.end).toBeLessThanOrEqual(text.length)
          expect(span.start).toBeLessThanOrEqual(span.end)
          expect([message, why, fix].every((part) => part !== undefined && part.length > 0)).toBe(true)
        }
        if (value !== undefined) expect(canonical(printSyntax(value))).toBe(printSyntax(value))
      }),
      { numRuns: 3000, interruptAfterTimeLimit: 10_000 },
    )
  })
})
