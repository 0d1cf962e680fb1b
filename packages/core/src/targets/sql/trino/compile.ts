import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { trinoAggregates } from './aggregates.ts'
import { trinoFunctions } from './functions.ts'
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

const rows = rowCompiler(trino)

/** Whether Trino can express it; if not, the first node that it cannot, and why. */
export const trinoSupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
