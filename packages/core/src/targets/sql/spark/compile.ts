import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { sparkAggregates } from './aggregates.ts'
import { sparkFunctions } from './functions.ts'
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

const rows = rowCompiler(spark)

/** Whether Spark can express it; if not, the first node that it cannot, and why. */
export const sparkSupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
