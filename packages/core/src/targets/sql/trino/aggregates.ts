import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

const noNaN = (number: Sql): Sql => sql`(CASE WHEN NOT is_nan(${number}) THEN ${number} END)`

/** The exact sum of integers, as a decimal: a sum of BIGINT raises where it leaves int64. */
export const exactSum = (value: Sql): Sql => sql`sum(CAST(${value} AS DECIMAL(38, 0)))`

/** The values in their order, as an array: Trino itself knows approximate percentiles only. */
export const sorted = (value: Sql): Sql => sql`array_sort(array_agg(${value}) FILTER (WHERE ${value} IS NOT NULL))`

/** Type 7 of sorted values: between the two neighbours of the place, by its distance from the lower one. */
function ofSorted(values: Sql, q: Sql): Sql {
  const place = sql`((cardinality(${values}) - 1) * ${q})`
  const at = (place: Sql): Sql => sql`element_at(${values}, CAST(${place} AS BIGINT) + 1)`
  const [low, high] = [at(sql`floor(${place})`), at(sql`ceil(${place})`)]
  const share = sql`(${place} - floor(${place}))`
  return sql`CASE WHEN ${low} = ${high} THEN ${low} ELSE ${low} * (1e0 - ${share}) + ${high} * ${share} END`
}

/** How Trino says aggregates. */
export const trinoAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS DOUBLE)`,
  ordered: (value) => value,
  sumOfInts: (value) =>
    sql`(CASE WHEN ${exactSum(value)} BETWEEN -9223372036854775808 AND 9223372036854775807 THEN try_cast(${exactSum(value)} AS BIGINT) END)`,
  meanOfInts: (value) => sql`avg(CAST(${value} AS DOUBLE))`,
  sumOfDoubles: (value) => noNaN(sql`sum(${value})`),
  meanOfDoubles: (value) => noNaN(sql`avg(${value})`),
  quantile: (value, q) =>
    sql`element_at(transform(ARRAY[${sorted(value)}], "values" -> ${ofSorted(sql`"values"`, q)}), 1)`,
  squares: (x, y) => ({
    xx: sql`(var_pop(${x}) * count(${x}))`,
    yy: sql`(var_pop(${y}) * count(${y}))`,
    xy: sql`(covar_pop(${y}, ${x}) * count(${x}))`,
  }),
}
