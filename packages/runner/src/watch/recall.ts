import { windowText } from '@plumbline/core'
import type { Ledger } from '@plumbline/store'
import type { RecordAsked } from './context.ts'
import { evidenceIn } from './evidence-record.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import { type Recorded, recordedOf, type WindowHistory } from './window-history.ts'

/**
 * Has the history know what the ledger says of clauses on windows. Those it has forgotten are read from the ledger, which
 * is slow: ask for many at once.
 */
export async function recallWindows(
  ledger: Ledger,
  history: WindowHistory,
  asked: readonly RecordAsked[],
): Promise<WatchResult<void>> {
  const forgotten = asked.filter(({ clause, window }) => history.recorded(clause, window) === undefined)
  if (forgotten.length === 0) return done(undefined)
  const wanted = new Set(forgotten.map(({ clause, window }) => JSON.stringify([clause, windowText(window)])))
  const found: Recorded[] = []
  for await (const step of ledger.read()) {
    if (!step.ok) return stopped({ kind: 'ledger', failure: step.failure })
    const evidence = evidenceIn(step.record)
    const recorded = evidence === undefined ? undefined : recordedOf(evidence)
    if (recorded !== undefined && wanted.has(JSON.stringify([recorded.clause, windowText(recorded.window)])))
      found.push(recorded)
  }
  history.recall(found, forgotten)
  return done(undefined)
}
