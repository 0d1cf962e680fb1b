import type { ColumnType, ScalarKind } from '../../../expr/type.ts'
import { type Sql, sql } from '../sql.ts'

/** The DuckDB type that holds a cell of each kind. A duration is its microseconds. */
export const duckdbTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`BOOLEAN`,
  int: sql`BIGINT`,
  double: sql`DOUBLE`,
  string: sql`VARCHAR`,
  timestamp: sql`TIMESTAMP`,
  duration: sql`BIGINT`,
}

/** The DuckDB type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export function duckdbColumnType(columnType: ColumnType, kind: ScalarKind): Sql {
  switch (columnType) {
    case 'integer':
      return duckdbTypes.int
    case 'number':
      return duckdbTypes.double
    case 'boolean':
      return duckdbTypes.bool
    case 'text':
    case 'image':
      return duckdbTypes.string
    case 'timestamp':
      return duckdbTypes.timestamp
    case 'category':
      return duckdbTypes[kind]
    case 'list':
      return sql`${duckdbTypes[kind]}[]`
  }
}
