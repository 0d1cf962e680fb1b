import { RE2JS, RE2JSException } from 're2js'
import { MAX_PATTERN_LENGTH } from '../parse/limits.ts'

/** What is wrong with a regular expression of RE2; undefined where nothing is. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) return `it is longer than ${MAX_PATTERN_LENGTH} characters`
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (thrown) {
    if (thrown instanceof RE2JSException) return thrown.message.replace(/^error parsing regexp: /, '')
    throw thrown
  }
}
