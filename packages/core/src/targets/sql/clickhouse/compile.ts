import type { Dialect, RowOptions } from '../dialect.ts'
import { rowCompiler } from '../row-compiler.ts'
import { sql } from '../sql.ts'
import { clickhouseAggregates } from './aggregates.ts'
import { clickhouseFunctions } from './functions.ts'
import { clickhouseLiterals } from './literals.ts'
import { clickhouseNodes } from './nodes.ts'

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export type ClickhouseOptions = RowOptions

/** Clickhouse. A name is bound by a lambda over an array of one element. */
export const clickhouse: Dialect = {
  functions: clickhouseFunctions,
  nodes: clickhouseNodes,
  literals: clickhouseLiterals,
  aggregates: clickhouseAggregates,
  bind: (value, name, write) => sql`arrayElement(arrayMap(${name} -> ${write(name)}, [${value}]), 1)`,
  repeatable: 12,
  refuses: () => undefined,
}

const rows = rowCompiler(clickhouse)

/** Whether ClickHouse can express it; if not, the first node that it cannot, and why. */
export const clickhouseSupport = rows.support

/** Compiles an expression of row scope; in `value`, SQL NULL stands for an error of any kind. Nothing in it raises. */
export const { compileRow } = rows

/** Whether an expression of row scope ends in the error `missing` and no other: a boolean that is never NULL. */
export const { endsInMissing } = rows
