import type { ScalarKind } from '../../../expr/type.ts'
import { columnTypeOf } from '../column-type.ts'
import { type Sql, sql } from '../sql.ts'

/** The PostgreSQL type that holds a cell of each kind. A timestamp is in UTC; a duration is its microseconds. */
export const postgresqlTypes: Readonly<Record<ScalarKind, Sql>> = {
  bool: sql`boolean`,
  int: sql`bigint`,
  double: sql`double precision`,
  string: sql`text`,
  timestamp: sql`timestamp`,
  duration: sql`bigint`,
}

/** The PostgreSQL type of a column; a category's depends on its codes, and a list's on its elements (`kind`). */
export const postgresqlColumnType = columnTypeOf(postgresqlTypes, (element) => sql`${element}[]`)

/**
 * A stored value of the type above as the cell that expressions read: NaN is missing, and ±infinity, which is no
 * instant, has no value (a reader counts it as a misfit before).
 */
export function postgresqlCell(stored: Sql, kind: ScalarKind): Sql {
  if (kind === 'double') return sql`NULLIF(${stored}, double precision 'NaN')`
  if (kind === 'timestamp') return sql`(CASE WHEN isfinite(${stored}) THEN ${stored} END)`
  return stored
}

/** A statement of one boolean: whether the server is one that expressions are exact on (UTF-8, version 14 or later). */
export const postgresqlFits: Sql = sql`SELECT current_setting('server_encoding') = 'UTF8' AND CAST(current_setting('server_version_num') AS integer) >= 140000`
