import { type AlwaysClause, decideAlways, type Statement, type Verdict } from '@plumbline/core'

/**
 * The statement of an `always` clause on a window, from what its condition was found to be there and on the decided
 * windows before: violated only where it lasted. What was measured stays as it is.
 */
export function lastingStatement(statement: Statement, clause: AlwaysClause, before: readonly Verdict[]): Statement {
  if (statement.verdict !== 'satisfied' && statement.verdict !== 'violated') return statement
  const { reason, streak } = decideAlways([...before, statement.verdict], clause.for)
  return reason === undefined ? { ...statement, streak } : { ...statement, verdict: 'inconclusive', reason, streak }
}
