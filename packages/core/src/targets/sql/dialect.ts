import type { Expr } from '../../expr/expr.ts'
import type { AggregateSpellings } from './aggregates.ts'
import type { Literals } from './literals.ts'
import type { Nodes } from './nodes.ts'
import type { Spellings } from './spelling.ts'
import type { Sql } from './sql.ts'

/** All that the compilers of row expressions and of aggregates have to know of a database. */
export interface Dialect {
  readonly functions: Spellings
  readonly nodes: Nodes
  readonly literals: Literals
  readonly aggregates: AggregateSpellings
  /** Gives `value` a name for the length of `write`, so that it is computed once and its SQL written once. */
  readonly bind: (value: Sql, name: Sql, write: (name: Sql) => Sql) => Sql
  /** Up to this many nodes a subexpression that is mentioned several times is repeated; above it is bound to a name. */
  readonly repeatable: number
  /** Why the database cannot hold a value that this node writes out (a sentence); undefined where it can. */
  readonly refuses: (node: Expr) => string | undefined
}

/** What a compilation needs from outside: how a column is reached. The rest has defaults. */
export interface RowOptions {
  /** The SQL of a column's cell, with NaN already NULL; usually a (qualified) identifier. */
  readonly column: (name: string) => Sql
  /** Whether a number that arithmetic makes is known to be finite on every row; default: it has to be looked at. */
  readonly isFinite?: (expr: Expr) => boolean
  readonly functions?: Spellings
  readonly nodes?: Nodes
}
