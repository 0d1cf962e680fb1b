import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'
import { cpuMs } from '../../../tests/support/cpu.ts'

const problem = (text: string, limits = {}): string => {
  const reading = parseJson(text, limits)
  return reading.ok ? 'ok' : reading.problem
}

describe('parseJson', () => {
  it('agrees with JSON.parse on every value that has no large integers', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const large = /(?<![\d.eE"\\])-?\d{16,}(?![\d.eE])/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))
        fc.pre(!large)
        expect(parseJson(text, { depth: 100 })).toEqual({ ok: true, value: JSON.parse(text) })
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\01.-e ntrue'), maxLength: 20 }), (text) => {
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        if (!valid) expect(parseJson(text).ok).toBe(false)
      }),
      { numRuns: 5000 },
    )
  })

  it('finds equal keys, however they are spelled and wherever they are', () => {
    expect(problem('{"a":1,"a":1}')).toBe('duplicate-key')
    expect(problem('{"a":1,"\\u0061":2}')).toBe('duplicate-key')
    expect(problem('[{"x":[{"b":{"c":1,"c":[]}}]}]')).toBe('duplicate-key')
    expect(problem('{"__proto__":1,"__proto__":2}')).toBe('duplicate-key')
    expect(problem('{"a":{"a":":"},"b:":"\\":{"}')).toBe('ok')
    expect(problem('{"__proto__":{"a":1},"a":2}')).toBe('ok')
  })

  it('refuses integers that JSON.parse rounds', () => {
    expect(problem('[9007199254740991, -9007199254740991]')).toBe('ok')
    for (const text of [
      '9007199254740992',
      '-9007199254740993',
      '{"a":[12345678901234567890]}',
      '100000000000000000000',
    ])
      expect(problem(text)).toBe('unsafe-integer')
    expect(problem('["9007199254740993", 9007199254740993.5, 1e300, 1E+300]')).toBe('ok')
  })

  it('limits length and depth before anything is built', () => {
    expect(problem('[[[[1]]]]', { depth: 3 })).toBe('too-deep')
    expect(problem('['.repeat(1_000_000))).toBe('too-deep')
    expect(problem('{"a":'.repeat(100_000))).toBe('too-deep')
    expect(problem(' '.repeat(2_000_000))).toBe('too-large')
    expect(problem('"[[[[[[[[[[[[[[[[[[[[["')).toBe('ok')
  })

  it('takes time in proportion to the text', () => {
    const took = (text: string): number => {
      const begun = cpuMs()
      parseJson(text, { length: 1e8 })
      return cpuMs() - begun
    }
    for (const text of [
      `"${'\\\\'.repeat(1e6)}"`,
      `"${'\\"'.repeat(1e6)}"`,
      '"'.repeat(2e6),
      '1'.repeat(2e6),
      '-'.repeat(2e6),
    ])
      expect(took(text)).toBeLessThan(2000)
  })
})
