import { aggregateSql, join, type ScalarKind, type Sql, spark, sql, type Type } from '@plumbline/core'
import { edgesBelow } from '../engines/edges-below.ts'
import type { AggregateSql, PlanSpelling } from '../engines/plan-spelling.ts'

const { double } = spark.sparkLiterals
const infinity = double(Infinity)
const nan = sql`double('NaN')`

function asDouble(value: Sql, type: Type): Sql {
  return type.kind === 'double' ? value : sql`CAST(${value} AS DOUBLE)`
}

/** The spelling that is right for all numbers; several aggregates in place of one. */
const careful = (fn: 'sum' | 'mean' | 'variance' | 'stddev', value: Sql, type: Type): Sql =>
  aggregateSql(spark.spark, { fn, args: [{ value, kind: type.kind as ScalarKind }] })

/** Relative to the square of their mean, a variance below is as well the rounding of running moments: it is asked carefully. */
const ROUNDING = double(1e-20)

const moment =
  (name: Sql, fn: 'variance' | 'stddev') =>
  (value: Sql, type: Type): AggregateSql => {
    const x = asDouble(value, type)
    const certain = sql`var_samp(${x}) > ${ROUNDING} * (avg(${x}) * avg(${x}))`
    return {
      fast: sql`(CASE WHEN var_samp(${x}) IS NULL OR ${certain} THEN ${name}(${x}) ELSE ${nan} END)`,
      careful: careful(fn, value, type),
    }
  }

/** How Spark says what a plan asks. */
export const sparkSpelling: PlanSpelling = {
  countsThere: true,
  value: (expr, options) => spark.compileRow(expr, options).value,
  missing: (expr, options) => spark.endsInMissing(expr, options),
  number: double,
  computedOnce: (from) => from,
  countIf: (condition) => sql`count_if(${condition})`,
  asDouble,
  isFinite: (number) => sql`(abs(${number}) < ${infinity})`,
  isInfinite: (number) => sql`(abs(${number}) = ${infinity})`,
  sum: (value, type) => ({ fast: type.kind === 'double' ? sql`sum(${value})` : spark.exactSum(value) }),
  mean: (value, type) => ({ fast: sql`avg(${asDouble(value, type)})` }),
  variance: moment(sql`var_samp`, 'variance'),
  stddev: moment(sql`stddev_samp`, 'stddev'),
  least: (value) => sql`min(${value})`,
  greatest: (value) => sql`max(${value})`,
  quantile: (value, type, q) => {
    const x = asDouble(value, type)
    return {
      fast: sql`percentile(${x}, ${double(q)})`,
      careful: aggregateSql(spark.spark, { fn: 'quantile', args: [{ value: x, kind: 'double' }], q }),
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
      careful: aggregateSql(spark.spark, { fn: 'correlation', args }),
    }
  },
  anyOf: (value) => sql`max(${value})`,
  withoutMatch: (own, keys) => sql`${own} LEFT ANTI JOIN ${keys} ON "own" = "key"`,
  binOf: (number, edges) => edgesBelow(number, edges, { double, whole }),
  // Ranks are told apart by sorting; `percentile` would interpolate where a rounded place falls beside one.
  atRanks: (number, _, ranks, rows) => {
    const places = ranks.map((rank) => whole(rank + 1))
    return sql`SELECT "v" FROM (SELECT ${number} AS "v", row_number() OVER (ORDER BY ${number}) AS "place" FROM ${rows}) AS "ranked" WHERE "place" IN (${join(places, sql`, `)}) ORDER BY "place"`
  },
}

const whole = (n: number): Sql => spark.literal({ node: 'literal', type: { kind: 'int' }, value: String(n) })
