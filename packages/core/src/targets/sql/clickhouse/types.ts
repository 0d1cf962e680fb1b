import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
import { type Sql, sql } from '../sql.ts'

/** The type of ClickHouse that holds a cell of each kind. A cell may be missing; a timestamp is in UTC, a duration is its microseconds. */
export const clickhouseTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`Nullable(Bool)`,
  int: sql`Nullable(Int64)`,
  double: sql`Nullable(Float64)`,
  string: sql`Nullable(String)`,
  timestamp: sql`Nullable(DateTime64(6, 'UTC'))`,
  duration: sql`Nullable(Int64)`,
}

/** The type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export const clickhouseColumnType = columnTypeOf(clickhouseTypes, (element) => sql`Array(${element})`)

/** A stored value of the type above as the cell that expressions read: NaN is missing. */
export function clickhouseCell(stored: Sql, kind: ScalarKind): Sql {
  return kind === 'double' ? sql`(CASE WHEN NOT isNaN(${stored}) THEN ${stored} END)` : stored
}
