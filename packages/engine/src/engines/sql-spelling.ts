import { aggregateSql, type AggregateCall, join, type ScalarKind, type Sql, sql, type Type } from '@plumbline/core'
import { edgesBelow } from './edges-below.ts'
import type { AggregateSql, PlanSpelling } from './plan-spelling.ts'

/** What a database says by a word of its own. */
export interface SqlWords extends Pick<PlanSpelling, 'value' | 'missing' | 'number' | 'asDouble' | 'anyOf'> {
  readonly dialect: Parameters<typeof aggregateSql>[0]
  readonly whole: (n: number) => Sql
  /** NaN as a float64. */
  readonly nan: Sql
}

/** Relative to the square of their mean, a variance below is as well the rounding of running moments: it is asked carefully. */
const ROUNDING = 1e-20

/** Aggregates that the dialects of a warehouse say alike: `fast` by the built-in, `careful` by the spelling that is right for all numbers. */
export function sqlAggregates({
  dialect,
  number,
  nan,
  asDouble,
}: Pick<SqlWords, 'dialect' | 'number' | 'nan' | 'asDouble'>) {
  const careful = (fn: AggregateCall['fn'], value: Sql, type: Type): Sql =>
    aggregateSql(dialect, { fn, args: [{ value, kind: type.kind as ScalarKind }] })
  const rounding = number(ROUNDING)
  const moment =
    (name: Sql, fn: 'variance' | 'stddev') =>
    (value: Sql, type: Type): AggregateSql => {
      const x = asDouble(value, type)
      const certain = sql`var_samp(${x}) > ${rounding} * (avg(${x}) * avg(${x}))`
      return {
        // All of these share one running state in the server.
        fast: sql`(CASE WHEN var_samp(${x}) IS NULL OR ${certain} THEN ${name}(${x}) ELSE ${nan} END)`,
        careful: careful(fn, value, type),
      }
    }
  return {
    careful,
    variance: moment(sql`var_samp`, 'variance'),
    stddev: moment(sql`stddev_samp`, 'stddev'),
    correlation(x: Sql, y: Sql, [a, b]: readonly [Type, Type]): AggregateSql {
      const [left, right] = [asDouble(x, a), asDouble(y, b)]
      const pair = sql`(${right}, ${left})`
      const certain = (squares: Sql, mean: Sql) =>
        sql`${squares}${pair} > ${rounding} * regr_count${pair} * (${mean}${pair} * ${mean}${pair})`
      const args = [left, right].map((value) => ({ value, kind: 'double' as const }))
      return {
        fast: sql`(CASE WHEN ${certain(sql`regr_sxx`, sql`regr_avgx`)} AND ${certain(sql`regr_syy`, sql`regr_avgy`)} THEN corr${pair} WHEN regr_count${pair} > 0 THEN ${nan} END)`,
        careful: aggregateSql(dialect, { fn: 'correlation', args }),
      }
    },
  }
}

/** What warehouses say alike of a plan; what is left of a `PlanSpelling` is a word of each. */
export function warehouseSpelling(words: SqlWords) {
  const { number, whole, asDouble } = words
  const infinity = number(Infinity)
  return {
    countsThere: true,
    value: words.value,
    missing: words.missing,
    number,
    asDouble,
    anyOf: words.anyOf,
    computedOnce: (from) => from,
    countIf: (condition) => sql`count_if(${condition})`,
    isFinite: (double) => sql`(abs(${double}) < ${infinity})`,
    isInfinite: (double) => sql`(abs(${double}) = ${infinity})`,
    mean: (value, type) => ({ fast: sql`avg(${asDouble(value, type)})` }),
    least: (value) => sql`min(${value})`,
    greatest: (value) => sql`max(${value})`,
    binOf: (double, edges) => edgesBelow(double, edges, { double: number, whole }),
    // Ranks are told apart by sorting; a percentile would interpolate where a rounded place falls beside one.
    atRanks: (double, _, ranks, rows) => {
      const places = ranks.map((rank) => whole(rank + 1))
      return sql`SELECT "v" FROM (SELECT ${double} AS "v", row_number() OVER (ORDER BY ${double}) AS "place" FROM ${rows}) AS "ranked" WHERE "place" IN (${join(places, sql`, `)}) ORDER BY "place"`
    },
  } as const satisfies Partial<PlanSpelling>
}
