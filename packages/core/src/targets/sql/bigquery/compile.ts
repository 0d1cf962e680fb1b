import type { Expr } from '../../../expr/expr.ts'
import type { Support } from '../../unsupported.ts'
import { compilerOf, supportOf } from '../compile.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { type Sql, sql } from '../sql.ts'
import { bigqueryAggregates } from './aggregates.ts'
import { type BigqueryFunctions, bigqueryFunctions } from './functions.ts'
import { bigqueryLiterals } from './literals.ts'
import { bigqueryNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type BigqueryOptions = RowOptions

/** Bigquery. A name is bound by a subquery over an array of one element. */
export const bigquery: Dialect = {
  functions: bigqueryFunctions,
  nodes: bigqueryNodes,
  literals: bigqueryLiterals,
  aggregates: bigqueryAggregates,
  bind: (value, name, write) => sql`(SELECT ${write(name)} FROM UNNEST([${value}]) AS ${name})`,
  repeatable: 12,
  refuses: (node) => (node.type.kind === 'list' ? 'a list that is missing is an empty one in BigQuery' : undefined),
}

/** Whether BigQuery can express it; if not, the first node that it cannot, and why. */
export function bigquerySupport(expr: Expr, functions: BigqueryFunctions = bigqueryFunctions): Support {
  return supportOf(bigquery, expr, functions)
}

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export function compileRow(expr: Expr, options: BigqueryOptions): { readonly value: Sql } {
  return { value: compilerOf(bigquery, expr, options).value(expr) }
}
