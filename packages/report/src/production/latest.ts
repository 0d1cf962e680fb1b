import type { LaneWindow, WindowAnswer } from './lanes.ts'
import type { ReadLane } from './production.ts'

/** An answer of production, and where it stands. */
export interface LatestAnswer {
  readonly lane: ReadLane
  readonly window: LaneWindow
  readonly answer: WindowAnswer
}

/** What production said last of a clause and a version: the last decided window of each of its lanes, else the last. */
export function latestAnswers(lanes: readonly ReadLane[], clause: string, version: string): readonly LatestAnswer[] {
  return lanes.flatMap((lane): readonly LatestAnswer[] => {
    if (lane.id !== clause) return []
    const found = lane.windows.flatMap((window) =>
      window.answers.flatMap((answer) => (answer.version === version ? [{ lane, window, answer }] : [])),
    )
    const decided = found.findLast(({ answer }) => isDecided(answer))
    const last = decided ?? found.at(-1)
    return last === undefined ? [] : [last]
  })
}

function isDecided({ evidence: { statement } }: WindowAnswer): boolean {
  return statement.verdict === 'satisfied' || statement.verdict === 'violated'
}
