import type { EventEntry, PromotionEntry, ReportInput } from '../input.ts'
import { readInstant } from '../words/time.ts'

/** A time in which one version was the champion. Instants in milliseconds since 1970 UTC. */
export interface Tenure {
  readonly digest: string
  /** Absent where its clock was not that of what came after it. */
  readonly from?: number
  /** Absent while it lasts. */
  readonly to?: number
  readonly promotion: PromotionEntry
  /** Reading back what was loaded: the first that confirmed it, and those that found something else. */
  readonly deployed?: EventEntry
  readonly mismatches: readonly EventEntry[]
  /** The guard that started with this version, where none was there to load it into. */
  readonly started?: EventEntry
  /** The promotion that took it out again, where that was a rollback. */
  readonly endedBy?: PromotionEntry
}

/** A version that was ever the champion. */
export interface PromotedVersion {
  readonly digest: string
  /** `v1`, `v2`: in the order of their first promotion. */
  readonly name: string
  readonly tenures: readonly Tenure[]
}

/** Who served when. */
export interface Serving {
  readonly versions: readonly PromotedVersion[]
  /** In the order of the ledger. */
  readonly tenures: readonly Tenure[]
  /** The version in production now. */
  readonly now?: PromotedVersion
}

/** Reads promotions and what was read back after them. */
export function readServing({ promotions = [], events = [] }: Pick<ReportInput, 'promotions' | 'events'>): Serving {
  const all = promotions.filter(({ model }) => model === 'champion')
  // Promoting the version that is there already changes nothing.
  const changes = all.filter(({ digest }, i) => digest !== all[i - 1]?.digest)
  const times = comparableTimes(changes.map(({ promotedAt }) => readInstant(promotedAt)))
  const tenures = changes.map((promotion, i): Tenure => {
    const next = changes[i + 1]
    const [from, to] = [times[i], times[i + 1]]
    const readings = events.filter((event) => event.digest === promotion.digest && isWithin(event, promotion, next))
    const deployed = readings.find(({ kind }) => kind === 'version.deployed')
    const started = readings.find(({ kind, subject }) => kind === 'guard.started' && subject === 'production')
    return {
      digest: promotion.digest,
      promotion,
      mismatches: readings.filter(({ kind }) => kind === 'version.mismatch'),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(deployed === undefined ? {} : { deployed }),
      ...(started === undefined ? {} : { started }),
      ...(next?.rollback === undefined ? {} : { endedBy: next }),
    }
  })
  const versions = [...Map.groupBy(tenures, ({ digest }) => digest)].map(
    ([digest, own], i): PromotedVersion => ({ digest, name: `v${i + 1}`, tenures: own }),
  )
  const now = versions.find(({ digest }) => digest === tenures.at(-1)?.digest)
  return { versions, tenures, ...(now === undefined ? {} : { now }) }
}

/**
 * Whether something was read back while a promotion was the last: by the order of the ledger where it is known, else by
 * time. A mismatch names the version wanted, so it belongs to that version's tenure, too.
 */
function isWithin(event: EventEntry, promotion: PromotionEntry, next: PromotionEntry | undefined): boolean {
  if (event.record !== undefined && promotion.record !== undefined)
    return event.record > promotion.record.seq && event.record < (next?.record?.seq ?? Number.POSITIVE_INFINITY)
  return event.at >= promotion.promotedAt && (next === undefined || event.at < next.promotedAt)
}

/**
 * Instants of records in their order, as far as they can be compared: one that lies after a later record was told by
 * another clock (the first promotion by that of the machine, the rest by `--clock`), and has no place on the axis.
 */
function comparableTimes(times: readonly (number | undefined)[]): readonly (number | undefined)[] {
  return times.map((at, i) =>
    times.slice(i + 1).some((later) => later !== undefined && at !== undefined && later < at) ? undefined : at,
  )
}

/** The name of a version: `v2`; of one that was never promoted, its short digest. */
export function versionName({ versions }: Serving, digest: string): string {
  return versions.find((version) => version.digest === digest)?.name ?? digest.replace('sha256:', '').slice(0, 6)
}

/** Which of the colors of versions a version has, 1 to 6; `undefined` for one that was never promoted. */
export function versionColor({ versions }: Serving, digest: string): number | undefined {
  const index = versions.findIndex((version) => version.digest === digest)
  return index < 0 ? undefined : (index % 6) + 1
}
