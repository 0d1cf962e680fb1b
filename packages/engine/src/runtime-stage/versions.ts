import { identifier, join, type Sql, sql, textLiteral } from '@plumbline/core'
import type { Session, Table } from '../duckdb/session.ts'
import type { Outcome } from '../duckdb/failure.ts'
import { succeed } from '../duckdb/failure.ts'
import { SERVED } from '../requests/columns.ts'

/** The rows of one window that belong to one version. */
export interface VersionRows {
  /** Full digest of the version; null where no version answered in the whole window. */
  readonly version: string | null
  readonly rows: number
  readonly served: number
  /** Of the served rows, those whose label has arrived. */
  readonly labelled: number
}

/** The column that names the version of a row, in the table that `assignVersions` makes. */
export const VERSION: Sql = identifier('version')

const texts = (values: readonly string[]): Sql =>
  join(
    values.map((value) => textLiteral(value)),
    sql`, `,
  )

/** TRUE for rows that were answered. */
export const SERVED_ROWS: Sql = sql`("_guard" IN (${texts(SERVED)}))`

/**
 * The version of each row of a window: the one that answered it, else that of the last row before it that a version
 * answered, else of the first one after it. Only answers that were given by the model itself say which version was there:
 * what the fallback answers carries the fallback's digest. `span` groups rows into windows where there are several.
 */
export function versionOf(span?: Sql): Sql {
  const answered = sql`CASE WHEN "_guard" IN ('accepted', 'flagged') THEN "_model" END`
  const window = span === undefined ? sql`` : sql`PARTITION BY ${span} `
  const order = sql`${window}ORDER BY "_at", "_request_id", "_row"`
  return sql`coalesce(
    last_value(${answered} IGNORE NULLS) OVER (${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
    first_value(${answered} IGNORE NULLS) OVER (${order} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING))`
}

/** Copies the rows of a window into a table with their version; the versions come in the order of their first rows. */
export async function assignVersions(
  session: Session,
  rows: Sql,
  table: Sql,
): Promise<Outcome<readonly VersionRows[]>> {
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT *, ${versionOf()} AS ${VERSION} FROM ${rows}`,
  )
  if (!made.ok) return made
  const counted = await session.query(
    sql`SELECT ${VERSION}, count(*) AS "rows", count_if(${SERVED_ROWS}) AS "served",
          count_if(${SERVED_ROWS} AND "label" IS NOT NULL) AS "labelled"
        FROM ${table} GROUP BY ${VERSION} ORDER BY min("_at"), ${VERSION}`,
  )
  return counted.ok ? succeed(readVersions(counted.value)) : counted
}

function readVersions(table: Table): readonly VersionRows[] {
  const at = (name: string, row: number): number => Number(table.columns.get(name)?.[row] ?? 0)
  return (table.columns.get('version') ?? []).map((version, row) => ({
    version: version === null ? null : String(version),
    rows: at('rows', row),
    served: at('served', row),
    labelled: at('labelled', row),
  }))
}

/** TRUE for the rows of a version. */
export function ofVersion(version: string | null): Sql {
  return version === null ? sql`(${VERSION} IS NULL)` : sql`(${VERSION} = ${textLiteral(version)})`
}
