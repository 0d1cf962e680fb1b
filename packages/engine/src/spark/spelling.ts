import { aggregateSql, type Sql, spark, sql, type Type } from '@plumbline/core'
import type { PlanSpelling } from '../engines/plan-spelling.ts'
import { sqlAggregates, type SqlWords, warehouseSpelling } from '../engines/sql-spelling.ts'

const { double } = spark.sparkLiterals

const words: SqlWords = {
  dialect: spark.spark,
  value: (expr, options) => spark.compileRow(expr, options).value,
  missing: (expr, options) => spark.endsInMissing(expr, options),
  number: double,
  whole: (n) => spark.literal({ node: 'literal', type: { kind: 'int' }, value: String(n) }),
  nan: sql`double('NaN')`,
  asDouble: (value: Sql, type: Type) => (type.kind === 'double' ? value : sql`CAST(${value} AS DOUBLE)`),
  anyOf: (value) => sql`max(${value})`,
}
const { variance, stddev, correlation } = sqlAggregates(words)

/** How Spark says what a plan asks. */
export const sparkSpelling: PlanSpelling = {
  ...warehouseSpelling(words),
  variance,
  stddev,
  correlation,
  sum: (value, type) => ({ fast: type.kind === 'double' ? sql`sum(${value})` : spark.exactSum(value) }),
  quantile: (value, type, q) => {
    const x = words.asDouble(value, type)
    return {
      fast: sql`percentile(${x}, ${double(q)})`,
      careful: aggregateSql(spark.spark, { fn: 'quantile', args: [{ value: x, kind: 'double' }], q }),
    }
  },
  withoutMatch: (own, keys) => sql`${own} LEFT ANTI JOIN ${keys} ON "own" = "key"`,
}
