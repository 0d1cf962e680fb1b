import { aggregateSql, join, postgresql, type ScalarKind, type Sql, sql, type Type } from '@plumbline/core'
import type { AggregateSql, PlanSpelling } from '../engines/plan-spelling.ts'

const { double } = postgresql.postgresqlLiterals
const infinity = double(Infinity)
const FLOAT = sql`double precision`

function asDouble(value: Sql, type: Type): Sql {
  if (type.kind === 'double') return value
  return type.kind === 'bool' ? sql`CAST(CAST(${value} AS integer) AS ${FLOAT})` : sql`CAST(${value} AS ${FLOAT})`
}

/** The spelling that raises for no numbers; several aggregates in place of one. */
const careful = (fn: 'sum' | 'mean' | 'variance' | 'stddev', value: Sql, type: Type): Sql =>
  aggregateSql(postgresql.postgresql, { fn, args: [{ value, kind: type.kind as ScalarKind }] })

const nan = sql`double precision 'NaN'`
/** Relative to the square of their mean, a variance below is as well the rounding of running sums: it is asked carefully. */
const ROUNDING = double(1e-20)

const moment =
  (name: Sql, fn: 'variance' | 'stddev') =>
  (value: Sql, type: Type): AggregateSql => {
    const x = asDouble(value, type)
    const certain = sql`var_samp(${x}) > ${ROUNDING} * (avg(${x}) * avg(${x}))`
    return {
      // All of these share one running state in the server.
      fast: sql`(CASE WHEN var_samp(${x}) IS NULL OR ${certain} THEN ${name}(${x}) ELSE ${nan} END)`,
      careful: careful(fn, value, type),
    }
  }

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
  variance: moment(sql`var_samp`, 'variance'),
  stddev: moment(sql`stddev_samp`, 'stddev'),
  least: extreme(sql`min`),
  greatest: extreme(sql`max`),
  quantile: (value, type, q) => {
    const x = asDouble(value, type)
    return {
      fast: sql`percentile_cont(${double(q)}) WITHIN GROUP (ORDER BY ${x})`,
      careful: aggregateSql(postgresql.postgresql, { fn: 'quantile', args: [{ value: x, kind: 'double' }], q }),
    }
  },
  correlation: (x, y, [a, b]) => {
    const [left, right] = [asDouble(x, a), asDouble(y, b)]
    const pair = sql`(${right}, ${left})`
    const certain = (squares: Sql, mean: Sql) =>
      sql`${squares}${pair} > ${ROUNDING} * regr_count${pair} * (${mean}${pair} * ${mean}${pair})`
    const args = [left, right].map((value) => ({ value, kind: 'double' as const }))
    return {
      fast: sql`(CASE WHEN ${certain(sql`regr_sxx`, sql`regr_avgx`)} AND ${certain(sql`regr_syy`, sql`regr_avgy`)} THEN corr${pair} WHEN regr_count${pair} > 0 THEN ${nan} END)`,
      careful: aggregateSql(postgresql.postgresql, { fn: 'correlation', args }),
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
