import { RE2JS, RE2JSException } from 're2js'
import { MAX_PATTERN_LENGTH } from '../parse/limits.ts'

/**
 * Instructions that RE2 allows one compiled pattern (8 MB by default: 2/3 for the forward program, a quarter of it for
 * instructions of 16 bytes, less a margin). re2js has no such bound, so a pattern beyond it would fail only in SQL.
 */
const MAX_INSTRUCTIONS = 80_000

/** Most UTF-8 instructions of a Unicode class such as \pL or [^\pL\pN] (measured: up to 223), and of a plain class. re2js counts either as one. */
const UNICODE_CLASS = 240
const PLAIN_CLASS = 12

/** What is wrong with a regular expression of RE2; undefined where nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return `it is longer than ${MAX_PATTERN_LENGTH} characters`
  if (hasPerlGroupName(pattern)) return 'a named group is written (?P<name>…)'
  try {
    return RE2JS.compile(pattern).programSize() * classWeight(pattern) > MAX_INSTRUCTIONS
      ? 'it is too large once its repetitions are written out'
      : undefined
  } catch (thrown) {
    if (thrown instanceof RE2JSException) return thrown.message.replace(/^error parsing regexp: /, '')
    throw thrown
  }
}

/** `(?<name>…)`, which re2js and newer RE2 read, but not the RE2 inside databases. `(?<=` and `(?<!` fail by themselves. */
function hasPerlGroupName(pattern: string): boolean {
  return /\(\?<[^=!]/.test(pattern.replaceAll(/\\./g, ''))
}

/** The most that one instruction of re2js can become in UTF-8, estimated from above. */
function classWeight(pattern: string): number {
  const classes = pattern.match(/\[[^\]]*\]/g) ?? []
  const unicode = /\\[pP]/.test(pattern) ? 1 : 0
  const letters = Math.max(0, ...classes.map((text) => text.match(/[^\0-\x7f]|\\x\{/g)?.length ?? 0))
  return PLAIN_CLASS + unicode * UNICODE_CLASS + letters * 6
}
