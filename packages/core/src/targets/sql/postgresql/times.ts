import { type Sql, sql } from '../sql.ts'
import { withinInt64 } from './integers.ts'

/** Microseconds since 1970 as an exact decimal (PostgreSQL 14 and later; before, `extract` gave a float). */
export const micros = (timestamp: Sql): Sql => sql`extract(epoch FROM ${timestamp}) * 1000000`

/** Microseconds since 1970 to a timestamp; outside the years 1 to 9999 NULL. Days and the rest are added as whole numbers. */
export const inCalendar = (us: Sql): Sql =>
  sql`(SELECT CASE WHEN us BETWEEN -62135596800000000 AND 253402300799999999 THEN date '0001-01-01' + CAST((CAST(us AS bigint) + 62135596800000000) / 86400000000 AS integer) + interval '1 microsecond' * CAST((CAST(us AS bigint) + 62135596800000000) % 86400000000 AS double precision) END FROM (SELECT ${us} AS us OFFSET 0) AS p)`

/** The microseconds between two timestamps, NULL outside of int64. */
export const between = (later: Sql, earlier: Sql): Sql =>
  sql`(SELECT CASE WHEN ${withinInt64(sql`us`)} THEN CAST(us AS bigint) END FROM (SELECT ${micros(later)} - ${micros(earlier)} AS us OFFSET 0) AS p)`

/** The year; PostgreSQL has no year 0, but the year −1 (1 BC) before the year 1. */
export const year = (timestamp: Sql): Sql =>
  sql`CAST(extract(year FROM ${timestamp}) + CASE WHEN extract(year FROM ${timestamp}) < 0 THEN 1 ELSE 0 END AS bigint)`
