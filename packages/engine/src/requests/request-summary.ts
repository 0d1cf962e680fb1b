import { join, type Sql, sql } from '@plumbline/core'
import { type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import type { Session, Table } from '../duckdb/session.ts'
import { found, type Read, type ReadFailure } from '../relations/failure.ts'
import { SERVED } from './columns.ts'
import type { ArrivedLabels, LabelCounts } from './labels.ts'
import { matching, type TableColumn } from './request-table.ts'

/** What was read. */
export interface RequestsSummary {
  readonly rows: number
  /** Rows that were answered: accepted, flagged or by the fallback. */
  readonly served: number
  /** Of the served rows, those whose label has arrived. */
  readonly labelled: number
  /** Rows by how the guard ended them. */
  readonly outcomes: Readonly<Record<string, number>>
  /** The versions that answered, by digest, with their rows; most rows first. */
  readonly versions: readonly { readonly digest: string; readonly rows: number }[]
  /** Segments that are not there, between the oldest and the newest. */
  readonly absentSegments: number
  /** Absent where the spec names no file of labels, or there is none yet. */
  readonly labels?: LabelCounts & { /** Keys that no row has. */ readonly unmatched: number }
}

/** Which columns have a cell that was no value of its type. */
export async function misfitColumns(
  session: Session,
  table: Sql,
  misfits: readonly Sql[],
): Promise<Outcome<readonly boolean[]>> {
  if (misfits.length === 0) return succeed([])
  const counts = join(
    misfits.map((misfit) => sql`count(${misfit})`),
    sql`, `,
  )
  const counted = await session.numbers(sql`SELECT ${counts} FROM ${table}`)
  return counted.ok ? succeed(counted.value.map(([n]) => (n ?? 0) > 0)) : counted
}

/** Counts what was read into a table. */
export async function summarize(
  session: Session,
  table: Sql,
  labels: ArrivedLabels | undefined,
  columns: readonly TableColumn[],
): Promise<Read<Omit<RequestsSummary, 'absentSegments'>>> {
  const outcomes = await session.query(
    sql`SELECT "_guard", count(*) AS "n", count("label") AS "labelled" FROM ${table} GROUP BY "_guard" ORDER BY "_guard"`,
  )
  if (!outcomes.ok) return notRead(outcomes.error)
  const versions = await session.query(
    sql`SELECT "_model", count(*) AS "n" FROM ${table} WHERE "_model" IS NOT NULL GROUP BY "_model" ORDER BY "n" DESC, "_model"`,
  )
  if (!versions.ok) return notRead(versions.error)
  const byOutcome = pairs(outcomes.value, '_guard', 'n')
  const served = (of: readonly (readonly [string, number])[]): number =>
    of.reduce((sum, [guard, n]) => sum + ((SERVED as readonly string[]).includes(guard) ? n : 0), 0)
  const counts = {
    rows: byOutcome.reduce((sum, [, n]) => sum + n, 0),
    served: served(byOutcome),
    labelled: served(pairs(outcomes.value, '_guard', 'labelled')),
    outcomes: Object.fromEntries(byOutcome),
    versions: pairs(versions.value, '_model', 'n').map(([digest, rows]) => ({ digest, rows })),
  }
  if (labels?.counts === undefined) return found(counts)
  const unmatched = await session.query(
    sql`SELECT count(*) AS "n" FROM ${labels.table} l WHERE NOT EXISTS (SELECT 1 FROM ${table} r WHERE ${matching(columns, labels)})`,
  )
  if (!unmatched.ok) return notRead(unmatched.error)
  const n = Number(unmatched.value.columns.get('n')?.[0] ?? 0)
  return found({ ...counts, labels: { ...labels.counts, unmatched: n } })
}

function pairs(table: Table, key: string, value: string): readonly (readonly [string, number])[] {
  return (table.columns.get(key) ?? []).map((each, i) => [String(each), Number(table.columns.get(value)?.[i] ?? 0)])
}

/** The failure of a statement over the log. */
export function notRead(error: QueryError): { readonly ok: false; readonly failure: ReadFailure } {
  return {
    ok: false,
    failure: { reason: 'engine-failed', cause: `The log of requests could not be read: ${error.cause}` },
  }
}
