import { DURATION, INT, STRING, TIMESTAMP } from '../../type.ts'
import { method, type RowFunction } from '../row-function.ts'

const inZone = (name: string, what: string): RowFunction =>
  method(
    name,
    [TIMESTAMP, STRING],
    INT,
    `${what} in a time zone: \`Europe/Berlin\`, \`+02:00\`; another is \`invalid-argument\`.`,
  )

/** Parts of a timestamp in a time zone, and of a duration. */
export const times = {
  get_full_year_in: inZone('getFullYear', 'Year'),
  get_month_in: inZone('getMonth', 'Month, 0 = January,'),
  get_date_in: inZone('getDate', 'Day of the month from 1'),
  get_day_of_month_in: inZone('getDayOfMonth', 'Day of the month from 0'),
  get_day_of_week_in: inZone('getDayOfWeek', 'Day of the week, 0 = Sunday,'),
  get_day_of_year_in: inZone('getDayOfYear', 'Day of the year from 0'),
  get_hours_in: inZone('getHours', 'Hour 0 to 23'),
  get_minutes_in: inZone('getMinutes', 'Minute 0 to 59'),
  get_seconds_in: inZone('getSeconds', 'Second 0 to 59'),
  get_milliseconds_in: inZone('getMilliseconds', 'Millisecond 0 to 999'),
  hours_of: method('getHours', [DURATION], INT, 'Whole hours, toward zero.'),
  minutes_of: method('getMinutes', [DURATION], INT, 'Whole minutes, toward zero.'),
  seconds_of: method('getSeconds', [DURATION], INT, 'Whole seconds, toward zero.'),
  milliseconds_of: method('getMilliseconds', [DURATION], INT, 'Milliseconds 0 to 999 of the last second.'),
} as const satisfies Record<string, RowFunction>
