import { identifier, integerLiteral, join, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import type { LabelShelf } from './label-shelf.ts'
import type { DeclaredLabels } from './label-source.ts'

/** What the file of labels was found to hold. */
export interface LabelCounts {
  /** Rows that name a key, a label and a time, all readable; and the others. */
  readonly rows: number
  readonly incomplete: number
  /** Rows whose time is not yet come: nothing of them is used. */
  readonly later: number
  /** Rows that came for a key that a newer row names, too, and how many keys had their label changed that way. */
  readonly repeated: number
  readonly changed: number
}

/** The labels that have arrived, one for each key: the latest. */
export interface ArrivedLabels {
  readonly table: Sql
  /** Join columns with their cells, then the label and when it arrived. */
  readonly keys: readonly { readonly name: string; readonly cell: Sql }[]
  readonly label: Sql
  readonly at: Sql
  /** The file names labels that have yet to arrive. */
  readonly later: boolean
  /** Of the whole file; absent where only the labels of some rows were asked for. */
  readonly counts?: LabelCounts
}

/** What labels are read from, and until when. */
export interface LabelsRequest extends DeclaredLabels {
  readonly session: Session
  /** The project's directory; the file is inside it. */
  readonly root: string
  readonly shelf: LabelShelf
  /** Microseconds since 1970 UTC. */
  readonly now: number
  /** Names the temporary table; unique within the session. */
  readonly ordinal: number
  /** Only labels of these rows: a table, and where a row `r` and a label `l` speak of the same. */
  readonly among?: { readonly rows: Sql; readonly matching: (keys: ArrivedLabels['keys']) => Sql }
}

/**
 * Reads the labels, the latest of each key, into a table of their own; undefined where there is no file yet, which is how
 * every log of production begins.
 */
export function arrivedLabels(request: LabelsRequest): Promise<Read<ArrivedLabels | undefined>> {
  return request.shelf.read(request, (all) => latest(request, all))
}

async function latest(request: LabelsRequest, all: Sql): Promise<Read<ArrivedLabels>> {
  const { session, columns, now, ordinal, among } = request
  const keys = columns.map(({ name }, i) => ({ name, cell: identifier(`k${i}`) }))
  const keyList = join(
    keys.map(({ cell }) => cell),
    sql`, `,
  )
  const table = identifier(`labels_${ordinal}`)
  const until = sql`make_timestamp(${integerLiteral(BigInt(now))})`
  // Said as a join, so that the engine looks only into the blocks that can hold one of the keys.
  const asked = among === undefined ? sql`` : sql` SEMI JOIN ${among.rows} r ON ${among.matching(keys)}`
  // Of two labels that arrived at one instant the greater is taken, so that the order of the file decides nothing.
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${keyList}, "last"."label" AS "label", "last"."at" AS "at", "sent", "different" FROM (
          SELECT ${keyList}, max(struct_pack("at" := "at", "label" := "label")) AS "last", count(*) AS "sent",
            min("label") <> max("label") AS "different"
          FROM ${all} l${asked} WHERE "whole" AND "at" <= ${until} GROUP BY ${keyList})`,
  )
  if (!made.ok) return unreadable('engine-failed', `The labels could not be read: ${made.error.cause}`)
  const later = await session.query(
    sql`SELECT EXISTS (SELECT 1 FROM ${all} WHERE "whole" AND "at" > ${until}) AS "later"`,
  )
  if (!later.ok) return unreadable('engine-failed', `The labels could not be read: ${later.error.cause}`)
  const arrived = {
    table,
    keys,
    label: identifier('label'),
    at: identifier('at'),
    later: later.value.columns.get('later')?.[0] === true,
  }
  if (among !== undefined) return found(arrived)
  const counts = await countRows(session, all, table, until)
  return counts.ok ? found({ ...arrived, counts: counts.value }) : counts
}

async function countRows(session: Session, all: Sql, latestOnes: Sql, until: Sql): Promise<Read<LabelCounts>> {
  const counted = await session.query(
    sql`SELECT * FROM (SELECT count_if("whole") AS "rows", count_if(NOT "whole") AS "incomplete",
          count_if("whole" AND "at" > ${until}) AS "later" FROM ${all}),
        (SELECT coalesce(sum("sent" - 1), 0) AS "repeated", count_if("different") AS "changed" FROM ${latestOnes})`,
  )
  if (!counted.ok) return unreadable('engine-failed', `The labels could not be counted: ${counted.error.cause}`)
  const count = (name: string): number => Number(counted.value.columns.get(name)?.[0] ?? 0)
  return found({
    rows: count('rows'),
    incomplete: count('incomplete'),
    later: count('later'),
    repeated: count('repeated'),
    changed: count('changed'),
  })
}
