import type { AggregateSpellings } from '../aggregates.ts'
import { type Sql, sql } from '../sql.ts'
import { divideFloats } from './floats.ts'
import { withinInt64 } from './integers.ts'
import { double } from './literals.ts'

/*
 * PostgreSQL's sum and avg of floats raise where a partial sum overflows (avg even where a sum of squares does). So large
 * values are added scaled by 2^-100, and small ones by themselves; no table has the 2^100 rows that would overflow either.
 */
const LARGE = double(2 ** 900)
const SCALE = double(2 ** 100)
const DOWN = double(2 ** -100)
const zero = double(0)
const infinity = double(Infinity)

interface Parts {
  readonly small: Sql
  readonly large: Sql
  /** The whole sum, scaled; exact enough where there are large values. */
  readonly scaled: Sql
}

function parts(x: Sql): Parts {
  const small = sql`coalesce(sum(CASE WHEN abs(${x}) < ${LARGE} THEN ${x} END), ${zero})`
  // Clamped, so that nothing underflows where x is a constant.
  const large = sql`sum(CASE WHEN abs(${x}) >= ${LARGE} THEN sign(${x}) * (greatest(abs(${x}), ${LARGE}) * ${DOWN}) END)`
  const shrunk = sql`CASE WHEN abs(${small}) > ${double(1)} THEN ${small} * ${DOWN} ELSE ${zero} END`
  return { small, large, scaled: sql`(${large} + ${shrunk})` }
}

const noNaN = (number: Sql): Sql => sql`NULLIF(${number}, double precision 'NaN')`

/** The sum where there are no large values (or they cancel), where it is finite, and where it is not. */
function summed(x: Sql, ofSmall: (sum: Sql) => Sql, ofLarge: (sum: Sql) => Sql): Sql {
  const { small, large, scaled } = parts(x)
  return noNaN(
    sql`(CASE WHEN count(${x}) = 0 THEN NULL WHEN coalesce(${large}, ${zero}) = ${zero} THEN ${ofSmall(small)} WHEN abs(${scaled}) < ${double(2 ** 924)} THEN ${ofLarge(sql`(${scaled} * ${SCALE})`)} ELSE sign(${scaled}) * ${infinity} END)`,
  )
}

/** How PostgreSQL says aggregates. */
export const postgresqlAggregates: AggregateSpellings = {
  asDouble: (value) => sql`CAST(${value} AS double precision)`,
  ordered: (value, kind) => (kind === 'string' ? sql`(${value}) COLLATE "C"` : value),
  // A sum of bigint is a numeric.
  sumOfInts: (value) => sql`(CASE WHEN ${withinInt64(sql`sum(${value})`)} THEN CAST(sum(${value}) AS bigint) END)`,
  meanOfInts: (value) =>
    sql`(CAST(sum(${value}) AS double precision) / nullif(CAST(count(${value}) AS double precision), ${zero}))`,
  sumOfDoubles: (x) =>
    summed(
      x,
      (sum) => sum,
      (sum) => sum,
    ),
  meanOfDoubles: (x) => {
    const n = sql`CAST(count(${x}) AS double precision)`
    return summed(
      x,
      (sum) => divideFloats(sum, n),
      (sum) => sql`${sum} / ${n}`,
    )
  },
  quantile: (value, q) => sql`percentile_cont(${q}) WITHIN GROUP (ORDER BY ${value})`,
}
