import type { Duration, Timestamp } from '../value.ts'
import { error, type Outcome } from './implementation.ts'
import { times } from './times.ts'

const SECOND = 1_000_000n

/** The timestamp whose parts in UTC are those of another in a zone; undefined where there is no such zone. */
function local(moment: Timestamp, zone: string): Timestamp | undefined {
  const fixed = /^([+-]?)(\d{1,2}):(\d{2})$/.exec(zone)
  if (fixed !== null) {
    const minutes = BigInt(Number(fixed[2]) * 60 + Number(fixed[3]))
    if (minutes > 24n * 60n || Number(fixed[3]) > 59) return undefined
    return { timestamp: moment.timestamp + (fixed[1] === '-' ? -minutes : minutes) * 60n * SECOND }
  }
  const micros = ((moment.timestamp % SECOND) + SECOND) % SECOND
  const wanted = new Date(Number((moment.timestamp - micros) / 1000n))
  try {
    const parts = new Map(
      new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
        timeZone: zone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
        .formatToParts(wanted)
        .map(({ type, value }) => [type, value]),
    )
    const part = (name: string): number => Number(parts.get(name as 'year'))
    const year = parts.get('era') === 'AD' ? part('year') : 1 - part('year')
    const shown = new Date(0)
    shown.setUTCFullYear(year, part('month') - 1, part('day'))
    shown.setUTCHours(part('hour'), part('minute'), part('second'))
    return { timestamp: BigInt(shown.getTime()) * 1000n + micros }
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

const inZone =
  (read: (moment: Timestamp) => Outcome) =>
  (moment: Timestamp, zone: string): Outcome => {
    const shifted = local(moment, zone)
    return shifted === undefined ? error('invalid-argument') : read(shifted)
  }

/** Parts of a timestamp in a zone; the calendar before 1582 is the Gregorian one, as in UTC. */
export const zones = {
  get_full_year_in: inZone(times.get_full_year),
  get_month_in: inZone(times.get_month),
  get_date_in: inZone(times.get_date),
  get_day_of_month_in: inZone(times.get_day_of_month),
  get_day_of_week_in: inZone(times.get_day_of_week),
  get_day_of_year_in: inZone(times.get_day_of_year),
  get_hours_in: inZone(times.get_hours),
  get_minutes_in: inZone(times.get_minutes),
  get_seconds_in: inZone(times.get_seconds),
  get_milliseconds_in: inZone(times.get_milliseconds),
  hours_of: ({ duration }: Duration): Outcome => duration / (3600n * SECOND),
  minutes_of: ({ duration }: Duration): Outcome => duration / (60n * SECOND),
  seconds_of: ({ duration }: Duration): Outcome => duration / SECOND,
  milliseconds_of: ({ duration }: Duration): Outcome => (duration % SECOND) / 1000n,
}
