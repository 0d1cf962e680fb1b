import { compileRow, duckdbLiterals, endsInMissing, integerLiteral, sql } from '@plumbline/core'
import { edgesBelow } from '../engines/edges-below.ts'
import type { PlanSpelling } from '../engines/plan-spelling.ts'

const unasked = (): never => {
  throw new Error('DuckDB runs in this process: its values are read, not counted there.')
}

/** How DuckDB says what a plan asks. */
export const duckdbSpelling: PlanSpelling = {
  countsThere: false,
  value: (expr, options) => compileRow(expr, options).value,
  missing: endsInMissing,
  number: duckdbLiterals.double,
  // Equal expressions of one statement are computed once by the engine itself.
  computedOnce: (from) => from,
  countIf: (condition) => sql`count_if(${condition})`,
  asDouble: (value) => sql`CAST(${value} AS DOUBLE)`,
  isFinite: (double) => sql`isfinite(${double})`,
  isInfinite: (double) => sql`isinf(${double})`,
  sum: (value) => ({ fast: sql`sum(${value})` }),
  mean: (value) => ({ fast: sql`avg(${value})` }),
  variance: (value) => ({ fast: sql`var_samp(${value})` }),
  stddev: (value) => ({ fast: sql`stddev_samp(${value})` }),
  least: (value) => sql`min(${value})`,
  greatest: (value) => sql`max(${value})`,
  quantile: (value, _, q) => ({ fast: sql`quantile_cont(${value}, ${duckdbLiterals.double(q)})` }),
  correlation: (x, y) => ({ fast: sql`corr(${x}, ${y})` }),
  anyOf: (value) => sql`any_value(${value})`,
  withoutMatch: (own, keys) => sql`${own} ANTI JOIN ${keys} ON "own" = "key"`,
  binOf: (number, edges) =>
    edgesBelow(number, edges, { double: duckdbLiterals.double, whole: (n) => integerLiteral(BigInt(n)) }),
  atRanks: unasked,
}
