import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

const noNaN = (number: Sql): Sql => sql`(CASE WHEN NOT IS_NAN(${number}) THEN ${number} END)`

/** The exact sum of integers, as a decimal: one of INT64 raises where it leaves them. */
export const exactSum = (value: Sql): Sql => sql`SUM(CAST(${value} AS BIGNUMERIC))`

/** How BigQuery says aggregates. */
export const bigqueryAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS FLOAT64)`,
  ordered: (value) => value,
  sumOfInts: (value) =>
    sql`(CASE WHEN ${exactSum(value)} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN SAFE_CAST(${exactSum(value)} AS INT64) END)`,
  meanOfInts: (value) => sql`AVG(CAST(${value} AS FLOAT64))`,
  sumOfDoubles: (value) => noNaN(sql`SUM(${value})`),
  meanOfDoubles: (value) => noNaN(sql`AVG(${value})`),
  // There is no aggregate of exact percentiles: the neighbours of the place are read off the values in their order.
  quantile: (value, q) => {
    const place = sql`((COUNT(${value}) - 1) * ${q})`
    const at = (rank: Sql): Sql =>
      sql`ARRAY_AGG(${value} IGNORE NULLS ORDER BY ${value})[SAFE_OFFSET(CAST(${rank} AS INT64))]`
    const [low, high] = [at(sql`FLOOR(${place})`), at(sql`CEIL(${place})`)]
    const share = sql`(${place} - FLOOR(${place}))`
    return sql`(CASE WHEN ${low} = ${high} THEN ${low} ELSE ${low} * (1e0 - ${share}) + ${high} * ${share} END)`
  },
  squares: (x, y) => ({
    xx: sql`(VAR_POP(${x}) * COUNT(${x}))`,
    yy: sql`(VAR_POP(${y}) * COUNT(${y}))`,
    xy: sql`(COVAR_POP(${y}, ${x}) * COUNT(${x}))`,
  }),
}
