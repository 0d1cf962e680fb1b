import {
  type Expr,
  type Implementation,
  type List,
  literalOf,
  postgresql,
  type ScalarKind,
  type Sql,
  sql,
  type Value,
} from '@plumbline/core'
import type { SqlCell } from './sql-database.ts'
import { type SqlEffort, sqlImplementation } from './sql-implementation.ts'

/** A connection to a PostgreSQL server; whoever opened it closes it. Cells come as `SqlCell` says. */
export interface PostgresqlConnection {
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
}

/** The target's own tables, in which a test plants a bug. */
export type PostgresqlTables = Pick<postgresql.PostgresqlOptions, 'functions' | 'nodes'>

/** Why PostgreSQL cannot hold a cell: the same that its literals are refused for. */
function cannotHold(cell: Value): string | undefined {
  if (typeof cell === 'object' && 'list' in cell)
    return (cell as List).list.map(cannotHold).find((reason) => reason !== undefined)
  if (typeof cell === 'string' && !cell.isWellFormed()) return 'a text with half a surrogate pair is no UTF-8'
  const kind =
    typeof cell === 'string' ? 'string' : typeof cell === 'object' && 'timestamp' in cell ? 'timestamp' : 'int'
  return kind === 'int' ? undefined : postgresql.refusedValue(literalOf({ kind }, cell))
}

function literal(kind: ScalarKind, cell: Value | null): Sql {
  if (kind === 'double' && Number.isNaN(cell)) return sql`double precision 'NaN'`
  return postgresql.literal(literalOf({ kind }, cell))
}

/** PostgreSQL over temporary tables of rows. */
export function postgresqlImplementation(
  connection: PostgresqlConnection,
  effort: SqlEffort = { folded: 6 },
  tables: PostgresqlTables = {},
): Implementation {
  return sqlImplementation(
    {
      name: 'postgresql',
      support: (expr: Expr) => postgresql.postgresqlSupport(expr, tables.functions),
      cannotHold,
      value: (expr, { column }) => postgresql.compileRow(expr, { ...tables, column }).value,
      endsInMissing: (expr, { column }) => postgresql.endsInMissing(expr, { ...tables, column }),
      literal,
      list: (elements) => sql`ARRAY[${elements}]`,
      types: postgresql.postgresqlTypes,
      identifier: postgresql.postgresqlIdentifier,
      cell: postgresql.postgresqlCell,
      shown: (value, kind) => (kind === 'timestamp' ? sql`CAST(${postgresql.microsOf(value)} AS bigint)` : value),
      query: (statement) => connection.query(statement),
    },
    effort,
  )
}
