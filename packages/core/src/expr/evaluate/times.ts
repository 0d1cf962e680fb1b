import { MAX_TIMESTAMP, MIN_TIMESTAMP } from '../time.ts'
import { type Duration, isError, type Timestamp } from '../value.ts'
import { floorDivide } from './conversions.ts'
import { error, int64, type Outcome } from './implementation.ts'

const MILLISECOND = 1_000n
const DAY_MS = 86_400_000

function moment(value: bigint): Outcome {
  return value < MIN_TIMESTAMP || value > MAX_TIMESTAMP ? error('overflow') : { timestamp: value }
}

function span(value: bigint): Outcome {
  const checked = int64(value)
  return typeof checked === 'object' && isError(checked) ? checked : { duration: value }
}

/** The calendar in UTC. Date holds milliseconds, which is all that the parts below need. */
function calendar(a: Timestamp): Date {
  return new Date(Number(floorDivide(a.timestamp, MILLISECOND)))
}

/** Timestamps and durations, in microseconds. */
export const times = {
  add_timestamp_duration: (a: Timestamp, b: Duration): Outcome => moment(a.timestamp + b.duration),
  add_duration_timestamp: (a: Duration, b: Timestamp): Outcome => moment(a.duration + b.timestamp),
  add_duration: (a: Duration, b: Duration): Outcome => span(a.duration + b.duration),
  sub_timestamp: (a: Timestamp, b: Timestamp): Outcome => span(a.timestamp - b.timestamp),
  sub_timestamp_duration: (a: Timestamp, b: Duration): Outcome => moment(a.timestamp - b.duration),
  sub_duration: (a: Duration, b: Duration): Outcome => span(a.duration - b.duration),
  get_full_year: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCFullYear()),
  get_month: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCMonth()),
  get_date: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCDate()),
  get_day_of_month: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCDate() - 1),
  get_day_of_week: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCDay()),
  get_day_of_year: (a: Timestamp): Outcome => {
    const date = calendar(a)
    const newYear = new Date(date)
    newYear.setUTCMonth(0, 1)
    return BigInt(Math.floor((date.getTime() - newYear.getTime()) / DAY_MS))
  },
  get_hours: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCHours()),
  get_minutes: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCMinutes()),
  get_seconds: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCSeconds()),
  get_milliseconds: (a: Timestamp): Outcome => BigInt(calendar(a).getUTCMilliseconds()),
}
