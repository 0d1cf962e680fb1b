import type { Lane, LaneWindow } from './lanes.ts'

/** A lane with more stretches than this is told as one. */
const MOST_STRETCHES = 3

/** A stretch of time in which a lane was violated: no satisfied window lies inside, undecided ones may. */
export interface Episode {
  /** The violated windows; never empty. */
  readonly windows: readonly LaneWindow[]
  /** Where its first window begins; of a clause that asks for several windows in a row, the first of those. */
  readonly from: number
  /** No satisfied window came after it yet. */
  readonly ongoing: boolean
  /** How many stretches it stands for. */
  readonly times: number
}

/** The stretches in which a lane was violated, in the order of time. */
export function episodesOf(lane: Lane): readonly Episode[] {
  const episodes: Episode[] = []
  let windows: LaneWindow[] = []
  let pending: number | undefined
  const end = (ongoing: boolean): void => {
    const [first] = windows
    if (first !== undefined) episodes.push({ windows, ongoing, from: pending ?? first.from, times: 1 })
    windows = []
    pending = undefined
  }
  for (const window of lane.windows) {
    if (window.verdict === 'violated') windows.push(window)
    else if (isPending(window)) pending ??= windows[0]?.from ?? window.from
    else if (window.verdict === 'satisfied') end(false)
  }
  end(true)
  return episodes
}

/** A lane that was violated again and again, as one stretch. */
export function asOne(episodes: readonly Episode[]): readonly Episode[] {
  const [first] = episodes
  if (first === undefined || episodes.length <= MOST_STRETCHES) return episodes
  const windows = episodes.flatMap((episode) => episode.windows)
  return [{ windows, from: first.from, ongoing: episodes.at(-1)?.ongoing === true, times: episodes.length }]
}

/** What would violate the clause has begun. */
function isPending({ answers }: LaneWindow): boolean {
  return answers.some(
    ({ evidence: { statement } }) => statement.verdict === 'inconclusive' && statement.reason === 'pending',
  )
}
