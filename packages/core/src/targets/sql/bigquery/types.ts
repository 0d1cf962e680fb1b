import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
import { type Sql, sql } from '../sql.ts'

/** The type of BigQuery that holds a cell of each kind. A timestamp is an instant, a duration its microseconds. */
export const bigqueryTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`BOOL`,
  int: sql`INT64`,
  double: sql`FLOAT64`,
  string: sql`STRING`,
  timestamp: sql`TIMESTAMP`,
  duration: sql`INT64`,
}

/** The type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export const bigqueryColumnType = columnTypeOf(bigqueryTypes, (element) => sql`ARRAY<${element}>`)

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function bigqueryCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN NOT is_nan(${stored}) THEN ${stored} END)` : stored
}
