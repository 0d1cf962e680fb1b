import { type Sql, sql } from '../sql.ts'

/** Microseconds since 1970. */
export const micros = (timestamp: Sql): Sql => sql`DATE_PART(EPOCH_MICROSECOND, ${timestamp})`

/** Microseconds since 1970 as a timestamp. */
export const timestampOf = (us: Sql): Sql => sql`TO_TIMESTAMP_NTZ(${us}, 6)`

/** Microseconds since 1970, or NULL, to an instant; outside the years 1 to 9999 NULL. */
export const inCalendar = (us: Sql): Sql =>
  sql`(CASE WHEN ${us} BETWEEN -62135596800000000 AND 253402300799999999 THEN ${timestampOf(us)} END)`

/** Whole seconds since 1970, downward. */
export const seconds = (timestamp: Sql): Sql => sql`CAST(FLOOR(${micros(timestamp)} / 1000000) AS BIGINT)`
