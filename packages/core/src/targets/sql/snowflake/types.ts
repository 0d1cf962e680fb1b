import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
import { type Sql, sql } from '../sql.ts'

/** The type of Snowflake that holds a cell of each kind. A timestamp has no zone and is in UTC, a duration is its microseconds. */
export const snowflakeTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`BOOLEAN`,
  int: sql`BIGINT`,
  double: sql`DOUBLE`,
  string: sql`VARCHAR`,
  timestamp: sql`TIMESTAMP_NTZ(6)`,
  duration: sql`BIGINT`,
}

/** The type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export const snowflakeColumnType = columnTypeOf(snowflakeTypes, () => sql`ARRAY`)

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function snowflakeCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN ${stored} <> CAST('NaN' AS DOUBLE) THEN ${stored} END)` : stored
}
