import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

const noNaN = (number: Sql): Sql => sql`(CASE WHEN NOT isnan(${number}) THEN ${number} END)`

/** How DuckDB says aggregates. */
export const duckdbAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS DOUBLE)`,
  ordered: (value) => value,
  // A sum of BIGINT is a HUGEINT, which no table can overflow.
  sumOfInts: (value) =>
    sql`(CASE WHEN sum(${value}) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN CAST(sum(${value}) AS BIGINT) END)`,
  meanOfInts: (value) => sql`avg(${value})`,
  sumOfDoubles: (value) => noNaN(sql`sum(${value})`),
  meanOfDoubles: (value) => noNaN(sql`avg(${value})`),
  quantile: (value, q) => sql`quantile_cont(${value}, ${q})`,
}
