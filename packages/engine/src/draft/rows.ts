import { type ColumnProfile, type DataProfile, identifier, integerLiteral, type Sql, sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import type { Session } from '../duckdb/session.ts'
import type { OpenProfile } from '../profile/profile-file.ts'

/** Groups that rows are dealt to at random: a resample draws groups, so that sums by group are all it takes. */
export const GROUPS = 200
/** The last groups, three tenths of the rows, are held out: bounds are learned from the others and tried on these. */
export const FIRST_HELD_OUT = 140

/** The rows of a file, read once. */
export interface DraftRows {
  readonly session: Session
  readonly profile: DataProfile
  readonly columns: readonly DraftColumn[]
  /** The table: cells `c0`, `c1`, …; `g` the group from 0; `r` the place from 1. */
  readonly table: Sql
}

/** A column of the profile, and its cell in the table. */
export interface DraftColumn {
  readonly profile: ColumnProfile
  readonly cell: Sql
  /** Place in the profile. */
  readonly index: number
}

/**
 * Keeps the typed rows in a table, so that what is asked of them does not parse the file again; more than fits in memory
 * goes to the engine's temporary directory. Groups come from MD5 of the place, which no machine or version changes.
 */
export async function draftRows({ session, profile, from }: OpenProfile): Promise<Outcome<DraftRows>> {
  const table = identifier('draft_rows')
  const group = sql`CAST(md5_number_lower(CAST(r AS VARCHAR)) % ${integerLiteral(BigInt(GROUPS))} AS INTEGER)`
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS
      SELECT *, ${group} AS g FROM (SELECT *, row_number() OVER () AS r FROM ${from})`,
  )
  if (!made.ok) return made
  const columns = profile.columns.map((column, index) => ({
    profile: column,
    cell: identifier(`c${index}`),
    index,
  }))
  return { ok: true, value: { session, profile, columns, table } }
}

/** True in the part that bounds are learned from. */
export const learned: Sql = sql`g < ${integerLiteral(BigInt(FIRST_HELD_OUT))}`

/** Columns that are amounts: numbers that identify nothing and are no codes, none of them infinite or beyond reason. */
export function amounts({ profile, columns }: DraftRows): readonly DraftColumn[] {
  const keys = new Set(profile.keys)
  return columns.filter(({ profile: { name, type, range } }) => {
    if ((type !== 'integer' && type !== 'number') || keys.has(name) || range === undefined) return false
    return range.every((end) => end !== null && Math.abs(Number(end)) < 1e100)
  })
}
