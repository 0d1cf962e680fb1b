import type { Verdict } from '@plumbline/core'
import { countVerdicts, worstVerdict } from '../words/verdict.ts'
import type { LaneWindow } from './lanes.ts'

/** Windows next to each other that are drawn as one cell. */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly windows: readonly LaneWindow[]
  /** The gravest in it. */
  readonly verdict: Verdict
  readonly counts: Readonly<Record<Verdict, number>>
}

/** More cells than this are no longer told apart on a page. */
export const MOST_CELLS = 64

/** How many windows share a cell, so that a lane of `count` windows has at most `MOST_CELLS`. */
export function windowsPerCell(count: number): number {
  return Math.max(1, Math.ceil(count / MOST_CELLS))
}

/** A lane's windows in cells of `size` neighbours. */
export function binWindows(windows: readonly LaneWindow[], size: number): readonly Bin[] {
  const bins: Bin[] = []
  for (let i = 0; i < windows.length; i += size) {
    const found = windows.slice(i, i + size)
    const [first, last] = [found[0], found.at(-1)]
    if (first === undefined || last === undefined) continue
    const verdicts = found.map(({ verdict }) => verdict)
    const verdict = worstVerdict(verdicts) ?? 'skipped'
    bins.push({ from: first.from, to: last.to, windows: found, verdict, counts: countVerdicts(verdicts) })
  }
  return bins
}
