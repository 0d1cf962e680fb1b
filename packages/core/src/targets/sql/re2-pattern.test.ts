import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { re2Pattern } from './re2-pattern.ts'

describe('re2Pattern', () => {
  it.each([
    ['abc', 'abc'],
    ['^abc$', '^abc$'],
    ['a^', '(a^)'],
    ['^$a', '(^$a)'],
    ['\\B', '\\A(?s:.)*?(?:\\B)'],
    ['\\Aab', '(\\Aab)'],
    ['(?i)ab', '(?i)ab'],
    ['(?<n>a)b', '(?P<n>a)b'],
    ['\\(?<n>', '\\(?<n>'],
    ['[(?<n>]+', '[(?<n>]+'],
    ['[](?<n>]', '[](?<n>]'],
    ['[[:alpha:](?<]', '[[:alpha:](?<]'],
    ['\\Q(?<n>\\E(?<m>a)', '\\Q(?<n>\\E(?P<m>a)'],
  ])('%s → %s', (pattern, expected) => {
    expect(re2Pattern(pattern)).toBe(expected)
    expect(() => RE2JS.compile(pattern)).not.toThrow()
    expect(() => RE2JS.compile(expected)).not.toThrow()
  })
})
