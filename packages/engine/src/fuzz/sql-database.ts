import type { Expr, ScalarKind, Sql, Support, Value } from '@plumbline/core'

/** A cell of an answer: bigint → bigint, double → number, boolean, text; a timestamp as `shown` makes it; null. */
export type SqlCell = boolean | bigint | number | string | null

/** What compiling needs from outside: how a cell is reached. */
export interface CellOptions {
  readonly column: (name: string) => Sql
}

/** A database, and the dialect that speaks to it. */
export interface SqlDatabase {
  readonly name: string
  support(expr: Expr): Support
  cannotHold(cell: Value): string | undefined
  /** The value of an expression, and whether it ends in `missing`. */
  value(expr: Expr, options: CellOptions): Sql
  endsInMissing(expr: Expr, options: CellOptions): Sql
  literal(kind: ScalarKind, cell: Value | null): Sql
  /** A list of literals, which is then cast to its type. */
  list(elements: Sql): Sql
  readonly types: Readonly<Record<ScalarKind, Sql>>
  /** The type of a list; default `type[]`. */
  readonly listOf?: (type: Sql) => Sql
  /** Keeps the rows of a query as the table `stored`; default a temporary table. */
  readonly stored?: (rows: Sql) => Sql
  /** Keeps a query over it as the view `r`; default a temporary view. */
  readonly viewed?: (rows: Sql) => Sql
  readonly identifier: (name: string) => Sql
  /** A stored value as expressions read it. */
  cell(stored: Sql, kind: ScalarKind): Sql
  /** A value as the client reads it. */
  shown(value: Sql, kind: ScalarKind): Sql
  /** Runs one statement; its rows, cells in the order asked. Rejects with what the database raises. */
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
}
