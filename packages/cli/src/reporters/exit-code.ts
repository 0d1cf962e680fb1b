import type { Evidence } from '@plumbline/core'
import { EXIT, type ExitCode } from '../exit-codes.ts'

/**
 * 1 when a blocking instance is violated and not accepted; else 3 when one is undecided (`skipped: no-champion` excepted);
 * else 0.
 */
export function exitCodeOf(evidence: readonly Evidence[], accepted: ReadonlySet<string>): ExitCode {
  const blocking = evidence.filter(({ statement }) => statement.severity === 'block')
  if (blocking.some(({ id, statement }) => statement.verdict === 'violated' && !accepted.has(id))) return EXIT.violated
  const undecided = blocking.some(({ statement }) => {
    if (statement.verdict === 'skipped') return statement.reason !== 'no-champion'
    return statement.verdict === 'error' || statement.verdict === 'inconclusive'
  })
  return undecided ? EXIT.undecided : EXIT.ok
}
