import type { EventEntry, ReportInput } from '../input.ts'
import { type AlertEntry, readAlerts } from './alerts.ts'
import { type Episode, episodesOf } from './episodes.ts'
import { type Lane, readLanes } from './lanes.ts'
import { type LaneSeries, seriesOf } from './measured.ts'
import { type MovedTerm, movedTerms } from './moved.ts'
import { type Attempt, readAttempts } from './retraining.ts'
import { isSimulated, type TimeSpan, timeSpan } from './span.ts'
import { readServing, type Serving } from './versions.ts'

/** A lane with what is read from it once. */
export interface ReadLane extends Lane {
  readonly series: LaneSeries | undefined
  readonly moved: readonly MovedTerm[]
  readonly episodes: readonly Episode[]
}

/** All that is known of a system in production. */
export interface Production {
  readonly lanes: readonly ReadLane[]
  readonly serving: Serving
  readonly attempts: readonly Attempt[]
  readonly alerts: readonly AlertEntry[]
  readonly events: readonly EventEntry[]
  /** Absent where nothing happened yet. */
  readonly span?: TimeSpan
  readonly simulated: boolean
}

/** Reads production from the records of a ledger. */
export function readProduction(input: ReportInput): Production {
  const events = input.events ?? []
  const lanes = readLanes(input.program, input.evidence).map((lane): ReadLane => {
    const series = seriesOf(lane)
    return { ...lane, series, moved: movedTerms(lane, series), episodes: episodesOf(lane) }
  })
  const serving = readServing(input)
  const span = timeSpan(lanes, events, serving.tenures)
  return {
    lanes,
    serving,
    attempts: readAttempts(events),
    alerts: readAlerts(events),
    events,
    simulated: isSimulated(input),
    ...(span === undefined ? {} : { span }),
  }
}
