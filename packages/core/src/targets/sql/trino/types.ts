import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
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
export const trinoColumnType = columnTypeOf(trinoTypes, (element) => sql`ARRAY(${element})`)

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function trinoCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN NOT is_nan(${stored}) THEN ${stored} END)` : stored
}
