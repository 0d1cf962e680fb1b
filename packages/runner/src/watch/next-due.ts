import type { WatchPlan } from './plan.ts'
import type { WindowHistory } from './window-history.ts'

/**
 * When something will be due next, in microseconds since 1970 UTC: a window that is over and no longer waits for late rows,
 * or one whose labels have no more time. Undefined where neither is known yet.
 */
export function nextDue(
  { windows, lateness, within }: Pick<WatchPlan, 'windows' | 'lateness' | 'within'>,
  history: Pick<WindowHistory, 'closed' | 'waiting'>,
  now: number,
): number | undefined {
  const ends = windows.flatMap(({ clause, width }) => {
    const closed = history.closed(clause.id, width)
    return closed === undefined ? [] : [closed + width + lateness]
  })
  const labels = within === undefined ? [] : history.waiting().map(({ window }) => window.to + within)
  const next = Math.min(...[...ends, ...labels].filter((at) => at > now))
  return Number.isFinite(next) ? next : undefined
}
