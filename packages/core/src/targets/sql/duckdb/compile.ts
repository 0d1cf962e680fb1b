import type { Expr } from '../../../expr/expr.ts'
import type { Support } from '../../unsupported.ts'
import { compilerOf, supportOf } from '../compile.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { type Sql, sql } from '../sql.ts'
import { duckdbAggregates } from './aggregates.ts'
import { type DuckdbFunctions, duckdbFunctions } from './functions.ts'
import { duckdbLiterals } from './literals.ts'
import { duckdbNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type DuckdbOptions = RowOptions

/** DuckDB. Names are bound by a lambda, which costs about 8 ns a row. */
export const duckdb: Dialect = {
  functions: duckdbFunctions,
  nodes: duckdbNodes,
  literals: duckdbLiterals,
  aggregates: duckdbAggregates,
  bind: (value, name, write) => sql`list_transform([${value}], lambda ${name}: ${write(name)})[1]`,
  repeatable: 12,
  refuses: () => undefined,
}

/** Whether DuckDB can express it; all of row scope it can. */
export function duckdbSupport(expr: Expr, functions: DuckdbFunctions = duckdbFunctions): Support {
  return supportOf(duckdb, expr, functions)
}

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it throws. */
export function compileRow(expr: Expr, options: DuckdbOptions): { readonly value: Sql } {
  return { value: compilerOf(duckdb, expr, options).value(expr) }
}
