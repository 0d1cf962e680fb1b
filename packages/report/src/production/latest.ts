import { isWaiting, type LaneWindow, type WindowAnswer } from './lanes.ts'
import type { ReadLane } from './production.ts'

/** An answer of production, and where it stands. */
export interface LatestAnswer {
  readonly lane: ReadLane
  readonly window: LaneWindow
  readonly answer: WindowAnswer
}

/** What production said last of a clause and a version, in each of its lanes; what only waits for labels is passed over. */
export function latestAnswers(lanes: readonly ReadLane[], clause: string, version: string): readonly LatestAnswer[] {
  return lanes.flatMap((lane): readonly LatestAnswer[] => {
    if (lane.id !== clause) return []
    const found = lane.windows.flatMap((window) =>
      window.answers.flatMap((answer) => (answer.version === version ? [{ lane, window, answer }] : [])),
    )
    const last = found.findLast(({ answer }) => !isWaiting(answer.evidence)) ?? found.at(-1)
    return last === undefined ? [] : [last]
  })
}

/** The last window of a lane that says something; what only waits for labels is passed over. */
export function lastSaid({ windows }: Pick<ReadLane, 'windows'>): LaneWindow | undefined {
  return windows.findLast(({ answers }) => answers.some(({ evidence }) => !isWaiting(evidence))) ?? windows.at(-1)
}
