import {
  type Expr,
  identifier,
  type Implementation,
  literalOf,
  type ScalarKind,
  type Sql,
  sql,
  trino,
  type Value,
} from '@plumbline/core'
import type { SqlCell } from './sql-database.ts'
import { type SqlEffort, sqlImplementation } from './sql-implementation.ts'
import { noUtf8 } from './utf8.ts'

/** A coordinator with tables that may be made; whoever opened it closes it. Cells come as `SqlCell` says. */
export interface TrinoConnection {
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
}

/** The target's own tables, in which a test plants a bug. */
export type TrinoTables = Pick<trino.TrinoOptions, 'functions' | 'nodes'>

function literal(kind: ScalarKind, cell: Value | null): Sql {
  if (kind === 'double' && Number.isNaN(cell)) return sql`nan()`
  return trino.literal(literalOf({ kind }, cell))
}

/** Trino over stored tables of rows. */
export function trinoImplementation(
  connection: TrinoConnection,
  effort: SqlEffort = { folded: 1 },
  tables: TrinoTables = {},
): Implementation {
  return sqlImplementation(
    {
      name: 'trino',
      support: (expr: Expr) => trino.trinoSupport(expr, tables.functions),
      cannotHold: noUtf8,
      value: (expr, { column }) => trino.compileRow(expr, { ...tables, column }).value,
      endsInMissing: (expr, { column }) => trino.endsInMissing(expr, { ...tables, column }),
      literal,
      list: (elements) => sql`ARRAY[${elements}]`,
      types: trino.trinoTypes,
      listOf: (type) => sql`ARRAY(${type})`,
      stored: (rows) => sql`CREATE TABLE stored AS ${rows}`,
      viewed: (rows) => sql`CREATE VIEW r AS ${rows}`,
      identifier,
      cell: trino.trinoCell,
      shown: (value, kind) => (kind === 'timestamp' ? trino.microsOf(value) : value),
      query: (statement) => connection.query(statement),
    },
    effort,
  )
}
