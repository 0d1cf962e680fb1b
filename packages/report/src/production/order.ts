import { countVerdicts } from '../words/verdict.ts'
import type { ReadLane } from './production.ts'

/** Lanes as a reader wants them: those that need a look by themselves, the others together. */
export interface OrderedLanes {
  /** Ever violated, failed or undecided, or measured over time; the gravest first, then the earliest. */
  readonly shown: readonly ReadLane[]
  /** Contracts that were never violated: one lane for all of them. */
  readonly quiet: readonly ReadLane[]
}

/** Which lanes are drawn by themselves, and in which order. */
export function orderLanes(lanes: readonly ReadLane[]): OrderedLanes {
  const quiet = lanes.filter(isQuiet)
  // One alone needs no summary.
  const together = quiet.length > 1 ? quiet : []
  const shown = lanes.filter((lane) => !together.includes(lane))
  const rank = new Map(shown.map((lane) => [lane, rankOf(lane)]))
  return { shown: shown.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)), quiet: together }
}

function isQuiet({ clause, windows }: ReadLane): boolean {
  const contract = clause?.origin === 'contract' || clause?.origin === 'profiled'
  return contract && windows.every(({ verdict }) => verdict === 'satisfied' || verdict === 'inconclusive')
}

/** Blocking violations before others, violations before what could not be decided; the sort keeps the order of the spec. */
function rankOf({ windows, severity, clause }: ReadLane): number {
  const counts = countVerdicts(windows.map(({ verdict }) => verdict))
  const contract = clause?.origin === 'contract' ? 1 : 0
  if (counts.violated + counts.error > 0) return (severity === 'block' ? 0 : 2) + contract
  return 4 + contract
}
