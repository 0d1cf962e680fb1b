import { type Digests, type RequestRows, type Sql, sql } from '@plumbline/core'
import type { OpenRelation } from '../relations/relation.ts'
import { ofVersion, SERVED_ROWS, type VersionRows } from './versions.ts'

/** The rows of one window that belong to one version, as clauses are asked of them. */
export interface WindowRelationRequest {
  /** The relation over the whole window: its columns, valid against `table`. */
  readonly whole: OpenRelation
  /** The rows with their versions. */
  readonly table: Sql
  readonly version: string | null
  readonly asked: RequestRows
  readonly digests: Digests['data']
  /** The model whose version it is. */
  readonly model: string
}

/** The relation `requests` of one version: all of its rows, the answered ones, or the labelled ones. */
export function windowRelation(request: WindowRelationRequest): OpenRelation {
  const { whole, table, version, asked, digests, model } = request
  const label = asked === 'labelled' ? sql` AND "label" IS NOT NULL` : sql``
  const served = asked === 'all' ? sql`` : sql` AND ${SERVED_ROWS}`
  const kept = sql`${ofVersion(version)}${served}${label}`
  return {
    ...whole,
    from: sql`(SELECT * FROM ${table} WHERE ${kept})`,
    numbered: sql`(SELECT *, rowid + 1 AS "row" FROM ${table} WHERE ${kept})`,
    filter: null,
    digests,
    models: version === null ? {} : { [model]: version },
  }
}

/** How many rows a version has for a clause that asks for these. */
export function rowsFor(rows: VersionRows, asked: RequestRows): number {
  return asked === 'all' ? rows.rows : asked === 'served' ? rows.served : rows.labelled
}
