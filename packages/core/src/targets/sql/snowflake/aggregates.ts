import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

/** NaN equals itself there. */
const noNaN = (number: Sql): Sql => sql`(CASE WHEN ${number} <> CAST('NaN' AS DOUBLE) THEN ${number} END)`

/** How Snowflake says aggregates. */
export const snowflakeAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS DOUBLE)`,
  ordered: (value) => value,
  // A decimal of 38 digits.
  sumOfInts: (value) =>
    sql`(CASE WHEN SUM(${value}) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN SUM(${value}) END)`,
  meanOfInts: (value) => sql`AVG(CAST(${value} AS DOUBLE))`,
  sumOfDoubles: (value) => noNaN(sql`SUM(${value})`),
  meanOfDoubles: (value) => noNaN(sql`AVG(${value})`),
  quantile: (value, q) => sql`PERCENTILE_CONT(${q}) WITHIN GROUP (ORDER BY ${value})`,
}
