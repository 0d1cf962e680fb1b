import { readWindow } from '../clause/window.ts'
import type { Evidence, Statement } from '../evidence/evidence.ts'
import { type WindowVerdict, worstVerdict } from './history.ts'

/**
 * The verdict of each clause on each window of `requests`, from evidence in the order of the ledger: of each slice and
 * serving version the last record counts, and over both the worst verdict. A record that names no version (nobody had
 * answered yet) is overtaken by one that does. Exploratory evidence counts for nothing.
 */
export function windowVerdicts(evidence: readonly Evidence[]): readonly WindowVerdict[] {
  const last = new Map<string, Statement>()
  for (const { statement } of evidence) {
    const { clause, relation, slice, window, exploratory, digests } = statement
    if (window === undefined || relation !== 'requests' || exploratory === true) continue
    const key = JSON.stringify([clause, window, slice])
    const versions = Object.values(digests.models)
    if (versions.length > 0) last.delete(key)
    last.set(versions.length === 0 ? key : `${key} ${versions.join(' ')}`, statement)
  }
  const grouped = Map.groupBy(last.values(), ({ clause, window }) => JSON.stringify([clause, window]))
  return [...grouped.values()].flatMap((statements) => {
    const [{ clause, window } = { clause: '', window: '' }] = statements
    const read = readWindow(window ?? '')
    if (read === undefined) return []
    return [{ clause, ...read, verdict: worstVerdict(statements.map(({ verdict }) => verdict)) }]
  })
}
