import {
  type AggregateCall,
  aggregateSql,
  join,
  type ScalarKind,
  type Sql,
  sql,
  trino,
  type Type,
} from '@plumbline/core'
import { edgesBelow } from '../engines/edges-below.ts'
import type { AggregateSql, PlanSpelling } from '../engines/plan-spelling.ts'

const { double } = trino.trinoLiterals
const infinity = double(Infinity)

function asDouble(value: Sql, type: Type): Sql {
  return type.kind === 'double' ? value : sql`CAST(${value} AS DOUBLE)`
}

const whole = (n: number): Sql => trino.literal({ node: 'literal', type: { kind: 'int' }, value: String(n) })

/** The spelling that is right for all numbers. */
const careful = (fn: AggregateCall['fn'], value: Sql, type: Type): Sql =>
  aggregateSql(trino.trino, { fn, args: [{ value, kind: type.kind as ScalarKind }] })

/** Relative to the square of their mean, a variance below is as well the rounding of running moments: it is asked carefully. */
const ROUNDING = double(1e-20)

const moment =
  (name: Sql, fn: 'variance' | 'stddev') =>
  (value: Sql, type: Type): AggregateSql => {
    const x = asDouble(value, type)
    const certain = sql`var_samp(${x}) > ${ROUNDING} * (avg(${x}) * avg(${x}))`
    return {
      fast: sql`(CASE WHEN var_samp(${x}) IS NULL OR ${certain} THEN ${name}(${x}) ELSE nan() END)`,
      careful: careful(fn, value, type),
    }
  }

/** How Trino says what a plan asks. */
export const trinoSpelling: PlanSpelling = {
  countsThere: true,
  value: (expr, options) => trino.compileRow(expr, options).value,
  missing: (expr, options) => trino.endsInMissing(expr, options),
  number: double,
  computedOnce: (from) => from,
  countIf: (condition) => sql`count_if(${condition})`,
  asDouble,
  isFinite: (number) => sql`(abs(${number}) < ${infinity})`,
  isInfinite: (number) => sql`(abs(${number}) = ${infinity})`,
  sum: (value, type) => ({ fast: type.kind === 'double' ? sql`sum(${value})` : trino.exactSum(value) }),
  mean: (value, type) => ({ fast: sql`avg(${asDouble(value, type)})` }),
  variance: moment(sql`var_samp`, 'variance'),
  stddev: moment(sql`stddev_samp`, 'stddev'),
  least: (value) => sql`min(${value})`,
  greatest: (value) => sql`max(${value})`,
  quantile: (value, type, q) => ({
    fast: aggregateSql(trino.trino, { fn: 'quantile', args: [{ value: asDouble(value, type), kind: 'double' }], q }),
  }),
  correlation: (x, y, types) => {
    const args = [x, y].map((value, i) => ({ value: asDouble(value, types[i] ?? types[0]), kind: 'double' as const }))
    return { fast: aggregateSql(trino.trino, { fn: 'correlation', args }) }
  },
  anyOf: (value) => sql`arbitrary(${value})`,
  withoutMatch: (own, keys) => sql`${own} LEFT JOIN ${keys} ON "own" = "key" WHERE "key" IS NULL`,
  binOf: (number, edges) => edgesBelow(number, edges, { double, whole }),
  atRanks: (number, _, ranks, rows) => {
    const places = ranks.map((rank) => whole(rank + 1))
    return sql`SELECT "v" FROM (SELECT ${number} AS "v", row_number() OVER (ORDER BY ${number}) AS "place" FROM ${rows}) AS "ranked" WHERE "place" IN (${join(places, sql`, `)}) ORDER BY "place"`
  },
}
