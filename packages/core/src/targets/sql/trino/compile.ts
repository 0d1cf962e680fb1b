import type { Expr } from '../../../expr/expr.ts'
import type { Support } from '../../unsupported.ts'
import { compilerOf, supportOf } from '../compile.ts'
import type { Dialect, RowOptions } from '../dialect.ts'
import { type Sql, sql } from '../sql.ts'
import { trinoAggregates } from './aggregates.ts'
import { type TrinoFunctions, trinoFunctions } from './functions.ts'
import { trinoLiterals } from './literals.ts'
import { trinoNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type TrinoOptions = RowOptions

/** Trino. A name is bound by a lambda over an array of one element. */
export const trino: Dialect = {
  functions: trinoFunctions,
  nodes: trinoNodes,
  literals: trinoLiterals,
  aggregates: trinoAggregates,
  bind: (value, name, write) => sql`element_at(transform(ARRAY[${value}], ${name} -> ${write(name)}), 1)`,
  repeatable: 12,
  refuses: () => undefined,
}

/** Whether Trino can express it; if not, the first node that it cannot, and why. */
export function trinoSupport(expr: Expr, functions: TrinoFunctions = trinoFunctions): Support {
  return supportOf(trino, expr, functions)
}

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export function compileRow(expr: Expr, options: TrinoOptions): { readonly value: Sql } {
  return { value: compilerOf(trino, expr, options).value(expr) }
}
