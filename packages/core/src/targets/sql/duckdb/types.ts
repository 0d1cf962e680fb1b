import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
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
export const duckdbColumnType = columnTypeOf(duckdbTypes, (element) => sql`${element}[]`)
