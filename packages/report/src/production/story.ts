import type { EventEntry } from '../input.ts'
import { readInstant } from '../words/time.ts'
import { asOne, type Episode } from './episodes.ts'
import type { Production, ReadLane } from './production.ts'
import type { Attempt } from './retraining.ts'
import type { Tenure } from './versions.ts'

/** One thing that happened, large enough for a summary. */
export type StoryEntry = {
  /** Milliseconds since 1970 UTC; absent where the clock of the record was another one. */
  readonly at?: number
} & (
  | { readonly kind: 'violated'; readonly episodes: readonly [LaneEpisode, ...LaneEpisode[]] }
  | { readonly kind: 'retrained'; readonly attempt: Attempt }
  | { readonly kind: 'promoted'; readonly tenure: Tenure }
  | { readonly kind: 'rolled-back'; readonly tenure: Tenure; readonly because: Because | undefined }
  | { readonly kind: 'mismatch'; readonly event: EventEntry }
)

/** A stretch of violation and the lane it is of. */
export interface LaneEpisode extends Episode {
  readonly lane: ReadLane
}

/** The built-in clause that what was loaded is what is read back. */
const SERVING = 'system.serving'

/** The evidence that a rollback names, found in a lane. */
export interface Because {
  readonly lane: ReadLane
  readonly window: ReadLane['windows'][number]
  readonly evidence: string
}

/**
 * What happened, in the order of time: stretches of violation (those that begin together are one entry), retrainings,
 * promotions that were no part of one, rollbacks, and versions that were not what was to be loaded.
 */
export function storyOf(production: Production): readonly StoryEntry[] {
  const { lanes, serving, attempts, events } = production
  const mismatched = events.some(({ kind }) => kind === 'version.mismatch')
  const begun = Map.groupBy(
    // What was read back as something else is an event, and told as that.
    lanes
      .filter(({ id }) => !(id === SERVING && mismatched))
      .flatMap((lane) => asOne(lane.episodes).map((episode): LaneEpisode => ({ ...episode, lane }))),
    ({ from }) => from,
  )
  const violated = [...begun].flatMap(([at, [first, ...more]]): readonly StoryEntry[] =>
    first === undefined ? [] : [{ kind: 'violated', at, episodes: [first, ...more] }],
  )
  const retrained = attempts.map((attempt): StoryEntry => ({ kind: 'retrained', at: attempt.from, attempt }))
  const byRetraining = new Set(attempts.flatMap(({ state, challenger }) => (state === 'promoted' ? challenger : [])))
  const changes = serving.tenures.flatMap((tenure): readonly StoryEntry[] => {
    const at = tenure.from === undefined ? {} : { at: tenure.from }
    const { rollback } = tenure.promotion
    if (rollback !== undefined)
      return [{ kind: 'rolled-back', ...at, tenure, because: findEvidence(lanes, rollback.reason) }]
    return byRetraining.has(tenure.digest) ? [] : [{ kind: 'promoted', ...at, tenure }]
  })
  const mismatches = events.flatMap((event): readonly StoryEntry[] => {
    const at = readInstant(event.at)
    return event.kind === 'version.mismatch' && at !== undefined ? [{ kind: 'mismatch', at, event }] : []
  })
  // What no clock of the axis dates came before.
  return [...changes, ...mismatches, ...violated, ...retrained].toSorted((a, b) => timeOf(a) - timeOf(b))
}

/**
 * The entries that a summary has room for, in their order: what the system did comes before what was violated, a violation
 * that the spec answers (retraining, rollback) before others, long ones before short ones, later ones before earlier.
 */
export function summary(
  entries: readonly StoryEntry[],
  most: number,
  answered: ReadonlySet<string>,
): readonly StoryEntry[] {
  if (entries.length <= most) return entries
  const weight = (entry: StoryEntry): number => {
    if (entry.kind !== 'violated') return 3
    if (entry.episodes.some(({ lane }) => answered.has(lane.id))) return 2
    return entry.episodes.some(({ windows, ongoing }) => windows.length > 1 || ongoing) ? 1 : 0
  }
  const weights = new Map(entries.map((entry, i) => [entry, weight(entry) + i / entries.length]))
  const kept = new Set(entries.toSorted((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0)).slice(0, most))
  return entries.filter((entry) => kept.has(entry))
}

const timeOf = ({ at }: StoryEntry): number => at ?? Number.NEGATIVE_INFINITY

/** The window that a piece of evidence speaks of. */
export function findEvidence(lanes: readonly ReadLane[], id: string): Because | undefined {
  for (const lane of lanes) {
    for (const window of lane.windows) {
      const found = window.answers.some(
        ({ evidence, replaced }) => evidence.id === id || replaced.some((each) => each.id === id),
      )
      if (found) return { lane, window, evidence: id }
    }
  }
  return undefined
}
