import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

const noNaN = (number: Sql): Sql => sql`(CASE WHEN NOT isnan(${number}) THEN ${number} END)`

/** The exact sum of integers, as a decimal: a sum of BIGINT leaves int64 without a word. */
export const exactSum = (value: Sql): Sql => sql`sum(CAST(${value} AS DECIMAL(20, 0)))`

/** How Spark says aggregates. */
export const sparkAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS DOUBLE)`,
  ordered: (value) => value,
  sumOfInts: (value) =>
    sql`(CASE WHEN ${exactSum(value)} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(${exactSum(value)} AS BIGINT) END)`,
  meanOfInts: (value) => sql`avg(CAST(${value} AS DOUBLE))`,
  sumOfDoubles: (value) => noNaN(sql`sum(${value})`),
  meanOfDoubles: (value) => noNaN(sql`avg(${value})`),
  quantile: (value, q) => sql`percentile(${value}, ${q})`,
}
