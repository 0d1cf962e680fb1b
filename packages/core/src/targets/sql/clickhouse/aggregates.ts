import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'

const noNaN = (number: Sql): Sql => sql`(CASE WHEN NOT isNaN(${number}) THEN ${number} END)`

/** The exact sum of integers, in 128 bits: one in 64 goes round. */
export const exactSum = (value: Sql): Sql => sql`sum(toInt128(${value}))`

/** How ClickHouse says aggregates. */
export const clickhouseAggregates: AggregateSpellings = {
  asDouble: (value) => sql`toFloat64(${value})`,
  // −0 and 0 are counted as two values else.
  ordered: (value, kind) => (kind === 'double' ? sql`(${value} + 0e0)` : value),
  sumOfInts: (value) => sql`accurateCastOrNull(${exactSum(value)}, 'Int64')`,
  meanOfInts: (value) => sql`avg(toFloat64(${value}))`,
  sumOfDoubles: (value) => noNaN(sql`sum(${value})`),
  meanOfDoubles: (value) => noNaN(sql`avg(${value})`),
  // ClickHouse's own is no number beside an infinite value: the neighbours of the place are read off the values in their order.
  quantile: (value, q) => {
    const place = sql`((toFloat64(count(${value})) - 1) * ${q})`
    const at = (rank: Sql): Sql => sql`arrayElement(arraySort(groupArray(${value})), toInt64(${rank}) + 1)`
    const [low, high] = [at(sql`floor(${place})`), at(sql`ceil(${place})`)]
    const share = sql`(${place} - floor(${place}))`
    return sql`(CASE WHEN ${low} = ${high} THEN ${low} ELSE ${low} * (1e0 - ${share}) + ${high} * ${share} END)`
  },
  // Those without the word add up squares, and lose half of the digits.
  variance: (value) => sql`varSampStable(${value})`,
  squares: (x, y) => ({
    xx: sql`(varPopStable(${x}) * count(${x}))`,
    yy: sql`(varPopStable(${y}) * count(${y}))`,
    xy: sql`(covarPopStable(${y}, ${x}) * count(${x}))`,
  }),
}
