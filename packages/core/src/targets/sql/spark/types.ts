import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
import { type Sql, sql } from '../sql.ts'

/** The type of Spark that holds a cell of each kind. A timestamp is an instant, read in UTC; a duration is its microseconds. */
export const sparkTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`BOOLEAN`,
  int: sql`BIGINT`,
  double: sql`DOUBLE`,
  string: sql`STRING`,
  timestamp: sql`TIMESTAMP`,
  duration: sql`BIGINT`,
}

/** The type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export const sparkColumnType = columnTypeOf(sparkTypes, (element) => sql`ARRAY<${element}>`)

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function sparkCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN NOT isnan(${stored}) THEN ${stored} END)` : stored
}
