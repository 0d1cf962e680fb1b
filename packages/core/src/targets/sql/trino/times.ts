import { type Sql, sql } from '../sql.ts'

/** Whole seconds since 1970, downward. */
export const seconds = (timestamp: Sql): Sql =>
  sql`date_diff('second', TIMESTAMP '1970-01-01 00:00:00', date_trunc('second', ${timestamp}))`

/** Microseconds since 1970: Trino has no word for those behind the second, but writes all six digits. */
export const micros = (timestamp: Sql): Sql =>
  sql`(${seconds(timestamp)} * BIGINT '1000000' + CAST(substr(CAST(CAST(${timestamp} AS TIMESTAMP(6)) AS VARCHAR), -6) AS BIGINT))`

/** Microseconds since 1970 as a timestamp. Nanoseconds leave int64 in the year 2262, so they are a decimal. */
export const timestampOf = (us: Sql): Sql =>
  sql`CAST(from_unixtime_nanos(CAST(${us} AS DECIMAL(38, 0)) * 1000) AT TIME ZONE 'UTC' AS TIMESTAMP(6))`

/** Microseconds since 1970, or NULL, to an instant; outside the years 1 to 9999 NULL. */
export const inCalendar = (us: Sql): Sql =>
  sql`(CASE WHEN ${us} BETWEEN BIGINT '-62135596800000000' AND BIGINT '253402300799999999' THEN ${timestampOf(us)} END)`
