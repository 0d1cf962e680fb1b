import { worstVerdict } from '../words/verdict.ts'
import type { Lane, LaneWindow } from './lanes.ts'

/** A window of several lanes. */
export interface SharedWindow extends LaneWindow {
  /** Lanes that have it, and how many of them are as grave as the gravest. */
  readonly lanes: number
  readonly gravest: number
}

/** The windows of several lanes as those of one, each with the gravest of their verdicts. */
export function together(lanes: readonly Lane[]): readonly SharedWindow[] {
  const shared = Map.groupBy(
    lanes.flatMap(({ windows }) => windows),
    ({ from, to }) => `${from}/${to}`,
  )
  const windows = [...shared.values()].flatMap((found): readonly SharedWindow[] => {
    const [first] = found
    const verdict = worstVerdict(found.map((window) => window.verdict))
    if (first === undefined || verdict === undefined) return []
    const gravest = found.filter((window) => window.verdict === verdict).length
    return [{ from: first.from, to: first.to, answers: [], verdict, lanes: found.length, gravest }]
  })
  return windows.toSorted((a, b) => a.from - b.from || a.to - b.to)
}
