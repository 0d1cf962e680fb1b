import { aggregateSql, type Sql, sql, trino, type Type } from '@plumbline/core'
import type { PlanSpelling } from '../engines/plan-spelling.ts'
import { sqlAggregates, type SqlWords, warehouseSpelling } from '../engines/sql-spelling.ts'

const words: SqlWords = {
  dialect: trino.trino,
  value: (expr, options) => trino.compileRow(expr, options).value,
  missing: (expr, options) => trino.endsInMissing(expr, options),
  number: trino.trinoLiterals.double,
  whole: (n) => trino.literal({ node: 'literal', type: { kind: 'int' }, value: String(n) }),
  nan: sql`nan()`,
  asDouble: (value: Sql, type: Type) => (type.kind === 'double' ? value : sql`CAST(${value} AS DOUBLE)`),
  anyOf: (value) => sql`arbitrary(${value})`,
}
const { variance, stddev } = sqlAggregates(words)

/** How Trino says what a plan asks. */
export const trinoSpelling: PlanSpelling = {
  ...warehouseSpelling(words),
  variance,
  stddev,
  sum: (value, type) => ({ fast: type.kind === 'double' ? sql`sum(${value})` : trino.exactSum(value) }),
  quantile: (value, type, q) => {
    const args = [{ value: words.asDouble(value, type), kind: 'double' as const }]
    return { fast: aggregateSql(trino.trino, { fn: 'quantile', args, q }) }
  },
  correlation: (x, y, types) => {
    const args = [x, y].map((value, i) => ({
      value: words.asDouble(value, types[i] ?? types[0]),
      kind: 'double' as const,
    }))
    return { fast: aggregateSql(trino.trino, { fn: 'correlation', args }) }
  },
  withoutMatch: (own, keys) => sql`${own} LEFT JOIN ${keys} ON "own" = "key" WHERE "key" IS NULL`,
}
