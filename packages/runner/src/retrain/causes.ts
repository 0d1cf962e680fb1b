import type { LoopProgram } from './advance.ts'
import { championOf, type LoopState, type Violation } from './state.ts'

/**
 * Violations that ask for a retraining and were not answered yet, in the order they were recorded: of the clauses the spec
 * names, and about the version in production now.
 */
export function openCauses(state: LoopState, { retrain }: LoopProgram): readonly Violation[] {
  return Object.values(state.violations)
    .filter(({ clause, seq }) => retrain?.when.includes(clause) === true && seq > state.answeredUpTo)
    .filter((violation) => isAboutChampion(state, violation))
    .toSorted((a, b) => a.seq - b.seq)
}

/**
 * What speaks against the version in production, if it must be taken out: the first violation of a clause under `rollback`
 * in a window that it answered itself. A version that was brought back is not taken out in its turn: what its traffic shows
 * then is no fault of the version that was promoted last, and is answered by a retraining.
 */
export function rollbackCause(state: LoopState, { release }: LoopProgram): Violation | undefined {
  const champion = championOf(state)
  if (champion === undefined || champion.reason !== undefined || state.tenures.length < 2) return undefined
  return Object.values(state.violations)
    .filter(({ clause }) => release.production.rollback.includes(clause))
    .filter(({ versions, seq }) => versions.includes(champion.digest) && seq > champion.seq)
    .filter(({ window }) => window !== undefined && window.to > champion.since)
    .toSorted((a, b) => a.seq - b.seq)[0]
}

/**
 * The reason of a rollback that the registry knows and nobody has read back: whoever was at it was ended before. Undefined
 * where there is nothing left to do.
 */
export function unfinishedRollback(state: LoopState): string | undefined {
  const champion = championOf(state)
  if (champion?.reason === undefined) return undefined
  const seen = [state.deployed, state.mismatched, state.broughtBack].map((known) => known[champion.digest] ?? 0)
  return Math.max(...seen) > champion.seq ? undefined : champion.reason
}

/**
 * Whether a violation speaks of the version in production in the time it has been there. Evidence that names versions
 * speaks of the rows they answered; evidence that names none speaks of all rows of its window.
 */
function isAboutChampion(state: LoopState, { versions, window }: Violation): boolean {
  const champion = championOf(state)
  if (champion === undefined) return versions.length === 0
  if (versions.length > 0)
    return versions.includes(champion.digest) && (window === undefined || window.to > champion.since)
  return window === undefined || window.from >= champion.since
}
