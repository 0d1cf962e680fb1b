import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { duckdbAggregates } from './aggregates.ts'
import { duckdbFunctions } from './functions.ts'
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

const rows = rowCompiler(duckdb)

/** Whether DuckDB can express it; all of row scope it can. */
export const duckdbSupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
