import type { Expr } from '../../../expr/expr.ts'
import type { Support } from '../../unsupported.ts'
import { compilerOf, supportOf } from '../compile.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { type Sql, sql } from '../sql.ts'
import { sparkAggregates } from './aggregates.ts'
import { type SparkFunctions, sparkFunctions } from './functions.ts'
import { sparkLiterals } from './literals.ts'
import { sparkNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type SparkOptions = RowOptions

/** Spark SQL. A name is bound by a lambda, which Spark interprets row by row: what is small is rather repeated. */
export const spark: Dialect = {
  functions: sparkFunctions,
  nodes: sparkNodes,
  literals: sparkLiterals,
  aggregates: sparkAggregates,
  bind: (value, name, write) => sql`transform(array(${value}), ${name} -> ${write(name)})[0]`,
  repeatable: 12,
  refuses: () => undefined,
}

/** Whether Spark can express it; if not, the first node that it cannot, and why. */
export function sparkSupport(expr: Expr, functions: SparkFunctions = sparkFunctions): Support {
  return supportOf(spark, expr, functions)
}

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export function compileRow(expr: Expr, options: SparkOptions): { readonly value: Sql } {
  return { value: compilerOf(spark, expr, options).value(expr) }
}
