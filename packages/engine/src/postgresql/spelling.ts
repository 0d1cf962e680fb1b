import { aggregateSql, join, postgresql, type Sql, sql, type Type } from '@plumbline/core'
import type { PlanSpelling } from '../engines/plan-spelling.ts'
import { sqlAggregates } from '../engines/sql-spelling.ts'

const { double } = postgresql.postgresqlLiterals
const infinity = double(Infinity)
const FLOAT = sql`double precision`

function asDouble(value: Sql, type: Type): Sql {
  if (type.kind === 'double') return value
  return type.kind === 'bool' ? sql`CAST(CAST(${value} AS integer) AS ${FLOAT})` : sql`CAST(${value} AS ${FLOAT})`
}

const { careful, variance, stddev, correlation } = sqlAggregates({
  dialect: postgresql.postgresql,
  number: double,
  nan: sql`double precision 'NaN'`,
  asDouble,
})

/** Texts are ordered and equal by code point; PostgreSQL has no least or greatest boolean. */
function ordered(value: Sql, { kind }: Type): Sql {
  if (kind === 'string') return sql`(${value}) COLLATE "C"`
  return kind === 'bool' ? sql`CAST(${value} AS integer)` : value
}
const extreme =
  (name: Sql) =>
  (value: Sql, type: Type): Sql => {
    const found = sql`${name}(${ordered(value, type)})`
    return type.kind === 'bool' ? sql`CAST(${found} AS boolean)` : found
  }

/** How PostgreSQL says what a plan asks. */
export const postgresqlSpelling: PlanSpelling = {
  countsThere: true,
  value: (expr, options) => postgresql.compileRow(expr, options).value,
  missing: (expr, options) => postgresql.endsInMissing(expr, options),
  number: double,
  // Without the OFFSET the server would write the expression of a cell in every place that names it.
  computedOnce: (from) => sql`(SELECT * FROM ${from} OFFSET 0) AS "table_rows"`,
  countIf: (condition) => sql`count(*) FILTER (WHERE ${condition})`,
  asDouble,
  isFinite: (number) => sql`(abs(${number}) < ${infinity})`,
  isInfinite: (number) => sql`(abs(${number}) = ${infinity})`,
  sum: (value, type) =>
    type.kind === 'double'
      ? { fast: sql`sum(${value})`, careful: careful('sum', value, type) }
      : { fast: sql`sum(${value})` },
  mean: (value, type) =>
    type.kind === 'double'
      ? { fast: sql`avg(${value})`, careful: careful('mean', value, type) }
      : { fast: postgresql.postgresql.aggregates.meanOfInts(value) },
  variance,
  stddev,
  correlation,
  least: extreme(sql`min`),
  greatest: extreme(sql`max`),
  quantile: (value, type, q) => {
    const x = asDouble(value, type)
    return {
      fast: sql`percentile_cont(${double(q)}) WITHIN GROUP (ORDER BY ${x})`,
      careful: aggregateSql(postgresql.postgresql, { fn: 'quantile', args: [{ value: x, kind: 'double' }], q }),
    }
  },
  anyOf: (value) => sql`max(${value})`,
  withoutMatch: (own, keys) => sql`${own} WHERE NOT EXISTS (SELECT FROM ${keys} WHERE "own" = "key")`,
  // Edges below x are those whose negative is above −x; width_bucket counts those that are not.
  binOf: (number, edges) => {
    const negated = edges.toReversed().map((edge) => double(-edge))
    return sql`${count(edges.length)} - width_bucket(-(${number}), ARRAY[${join(negated, sql`, `)}])`
  },
  // percentile_disc(f) is the value at rank ⌈f·n⌉ counted from 1: with f in the middle between two ranks no rounding moves it.
  atRanks: (number, n, ranks, rows) => {
    const places = ranks.map((rank) => double((rank + 0.5) / n))
    return sql`SELECT unnest(percentile_disc(ARRAY[${join(places, sql`, `)}]) WITHIN GROUP (ORDER BY ${number})) AS "v" FROM ${rows}`
  },
}

const count = (n: number): Sql => postgresql.literal({ node: 'literal', type: { kind: 'int' }, value: String(n) })
