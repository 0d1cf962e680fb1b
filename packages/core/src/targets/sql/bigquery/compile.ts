import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { bigqueryAggregates } from './aggregates.ts'
import { bigqueryFunctions } from './functions.ts'
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

const rows = rowCompiler(bigquery)

/** Whether BigQuery can express it; if not, the first node that it cannot, and why. */
export const bigquerySupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
