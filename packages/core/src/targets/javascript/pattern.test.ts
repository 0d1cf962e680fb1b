import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import type { Expr } from '../../expr/expr.ts'
import { BOOL, STRING } from '../../expr/type.ts'
import { compileEvaluators } from './module.ts'
import { cpuMs } from '../../../../../tests/support/cpu.ts'

const matches = (pattern: string): Expr => ({
  node: 'matches',
  type: BOOL,
  operand: { node: 'column', type: STRING, name: 's' },
  pattern,
})

async function testers(patterns: readonly string[]): Promise<readonly ((text: string) => unknown)[]> {
  const text = compileEvaluators(patterns.map(matches))
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as {
    readonly evaluate: readonly ((row: unknown) => unknown)[]
  }
  return module.evaluate.map((evaluate) => (s) => evaluate({ s }))
}

const PATTERNS = [
  '',
  'a',
  '^a',
  'a$',
  '^$',
  'a|b',
  '(a|b)*c',
  'a{2,3}',
  '^.$',
  '(?s)^.$',
  '(?m)^b$',
  '\\bfoo\\b',
  '\\Boo',
  '(?i)straße',
  '(?i)k',
  '(?i)s$',
  '(?i)[k-s]',
  '\\pL+',
  '\\PL',
  '[^a]',
  '[[:alpha:]]\\d',
  '\\x{1F600}',
  '[😀-😂]',
  '\\Aab\\z',
  '(?:a|b)$|^c',
  '$^',
  'a^',
  'x*',
  '(?U)a+b',
  '\\Qa.b\\E',
  '[^\\n]$',
  '(?i)ǆ',
  '\\p{Greek}',
  '(?i)σ',
  '(?P<n>a)b',
]
// biome-ignore format: a list
const TEXTS = ['', 'a', 'b', 'ab', 'aab', 'aaab', 'c', 'abc', 'a\nb', 'b\n', '\n', 'foo bar', 'xfoo', 'foo_', 'Straße', 'STRASSE', 'STRAẞE', 'K', '\u212a', 'ſ', 'S', 'é', '😀', 'a😀', '😁', '\ud83d', '\ude00a', 'a.b', 'axb', 'Ǆ', 'ǅ', 'ς', 'Σ', 'a1', '_1', 'ab\0']

describe('a pattern as data', () => {
  it('answers as RE2 does', async () => {
    const compiled = await testers(PATTERNS)
    const answers = PATTERNS.map((_, i) => TEXTS.map((text) => compiled[i]?.(text)))
    expect(answers).toEqual(PATTERNS.map((pattern) => TEXTS.map((text) => RE2JS.compile(pattern).test(text))))
    expect(answers.flat()).toContain(true)
  })

  it('takes time in proportion to the text, whatever the pattern', async () => {
    const hostile = ['(a*)*b', '(a|a)*b', '(a|aa)+$', '(.*)*x', '^(a?){30}a{30}$', '(?:a?b?c?){40}z', '(.?){200}y']
    const compiled = await testers(hostile)
    const text = 'a'.repeat(200_000)
    const began = cpuMs()
    for (const test of compiled) test(text)
    expect(cpuMs() - began).toBeLessThan(5_000)
  })

  it('forgets rather than grows: more sets of places than it keeps give the same answers', async () => {
    // The automaton of "an a, n characters before the end" has 2^n states when made deterministic.
    const pattern = 'a[ab]{14}$'
    const [test] = await testers([pattern])
    const oracle = RE2JS.compile(pattern)
    let seed = 1
    const text = Array.from({ length: 60_000 }, () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % 2 === 0 ? 'a' : 'b'
    }).join('')
    for (const length of [10, 15, 100, 59_999, 60_000]) {
      const part = text.slice(0, length)
      expect(test?.(part)).toBe(oracle.test(part))
    }
  })

  it('keeps hostile text of a pattern in its data', async () => {
    const evil = '"\\)\\); globalThis.broken = true //</script>\u2028'
    const code = compileEvaluators([matches(evil)])
    expect(code).not.toContain('</script>')
    expect(code).not.toContain('globalThis')
    const [test] = await testers([evil])
    expect(test?.('")); globalThis.broken = true //</script>\u2028')).toBe(true)
    expect('broken' in globalThis).toBe(false)
  })

  it('compiles one program for a pattern that stands twice', () => {
    const code = compileEvaluators([matches('ab'), matches('ab'), matches('c')])
    expect(code.match(/const pattern\d = /g)).toEqual(['const pattern0 = ', 'const pattern1 = '])
  })
})
