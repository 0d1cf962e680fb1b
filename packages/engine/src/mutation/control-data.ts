import { type Control, identifier, join, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { cellOf, misfitOf, type RowTable } from './base-data.ts'
import { drawn, inSplit } from './row-sql.ts'

/** Rows in which nothing is wrong, under a name of their own: controls of several datasets are there at once. */
export async function controlRows(
  session: Session,
  base: RowTable,
  control: Control,
  seed: string,
): Promise<Read<RowTable>> {
  if (control.operator === 'reseed') return found(base)
  const table = identifier(`control_${base.dataset.name}`)
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS ${control.operator === 'reorder' ? reordered(base, seed) : resampled(base, seed)}`,
  )
  return made.ok ? found({ ...base, table }) : unreadable('source-unreadable', made.error.cause)
}

function reordered({ table }: RowTable, seed: string): Sql {
  return sql`SELECT * EXCLUDE ("row"), row_number() OVER (ORDER BY ${drawn(seed)}, "row") AS "row" FROM ${table}`
}

/**
 * Rows drawn with replacement among those of the same splits. Key and split stay those of the place, so that a control breaks
 * no contract that the data keeps.
 */
function resampled(base: RowTable, seed: string): Sql {
  const { dataset, table } = base
  const same = join([sql`TRUE`, ...dataset.splits.map(({ name }) => inSplit(base, name))], sql`, `)
  const numbered = sql`(SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY "row") AS "place",
    count(*) OVER (PARTITION BY ${same}) AS "size", dense_rank() OVER (ORDER BY ${same}) AS "part" FROM ${table})`
  const kept = new Set([
    ...dataset.key,
    ...dataset.columns.filter(({ role }) => role === 'split' || role === 'key').map(({ name }) => name),
  ])
  const parts = base.columns.flatMap((name) => {
    const from = kept.has(name) ? sql`a` : sql`b`
    const cell = sql`${from}.${cellOf(base, name)}`
    return base.misfits.has(name) ? [cell, sql`${from}.${misfitOf(base, name)}`] : [cell]
  })
  return sql`SELECT a."row", ${join(parts, sql`, `)} FROM (SELECT *, 1 + ${drawn(seed)} % "size" AS "other" FROM ${numbered}) a
    JOIN ${numbered} b ON a."part" = b."part" AND a."other" = b."place"`
}
