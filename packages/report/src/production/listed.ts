import { isRevised, type LaneWindow } from './lanes.ts'

/** Rows of all tables of windows together: a page of more is too heavy to open. */
const MOST_ROWS = 1500
const LEAST_ROWS = 12

/** How many windows each of so many tables may list. */
export function rowBudget(tables: number): number {
  return Math.max(LEAST_ROWS, Math.floor(MOST_ROWS / Math.max(1, tables)))
}

/** The windows that a table lists, the latest first: if not all, those that are not satisfied or were decided again before the others. */
export function rowsToShow(
  windows: readonly LaneWindow[],
  budget: number,
): { readonly listed: readonly LaneWindow[]; readonly left: number } {
  const latest = windows.toReversed()
  if (latest.length <= budget) return { listed: latest, left: 0 }
  const telling = latest.filter(({ verdict, answers }) => verdict !== 'satisfied' || answers.some(isRevised))
  const kept = new Set(telling.slice(0, budget))
  for (const window of latest) {
    if (kept.size >= budget) break
    kept.add(window)
  }
  return { listed: latest.filter((window) => kept.has(window)), left: latest.length - kept.size }
}
