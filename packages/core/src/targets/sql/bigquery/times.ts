import { type Sql, sql } from '../sql.ts'

/** Microseconds since 1970. */
export const micros = (timestamp: Sql): Sql => sql`UNIX_MICROS(${timestamp})`

/** Microseconds since 1970 as a timestamp. */
export const timestampOf = (us: Sql): Sql => sql`TIMESTAMP_MICROS(${us})`

/** Microseconds since 1970, or NULL, to an instant; outside the years 1 to 9999 NULL. */
export const inCalendar = (us: Sql): Sql =>
  sql`(CASE WHEN ${us} BETWEEN -62135596800000000 AND 253402300799999999 THEN ${timestampOf(us)} END)`
