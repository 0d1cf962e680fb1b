import type { ColumnType, ScalarKind } from '../../../expr/type.ts'
import { type Sql, sql } from '../sql.ts'

/** The type of Trino that holds a cell of each kind. A timestamp has no zone and is in UTC; a duration is its microseconds. */
export const trinoTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`BOOLEAN`,
  int: sql`BIGINT`,
  double: sql`DOUBLE`,
  string: sql`VARCHAR`,
  timestamp: sql`TIMESTAMP(6)`,
  duration: sql`BIGINT`,
}

/** The type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export function trinoColumnType(columnType: ColumnType, kind: ScalarKind): Sql {
  switch (columnType) {
    case 'integer':
      return trinoTypes.int
    case 'number':
      return trinoTypes.double
    case 'boolean':
      return trinoTypes.bool
    case 'text':
    case 'image':
      return trinoTypes.string
    case 'timestamp':
      return trinoTypes.timestamp
    case 'category':
      return trinoTypes[kind]
    case 'list':
      return sql`ARRAY(${trinoTypes[kind]})`
  }
}

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function trinoCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN NOT is_nan(${stored}) THEN ${stored} END)` : stored
}
