import { stats, join, type Sql, sql, identifier, integerLiteral } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { type Binned, binned } from './binned.ts'
import type { Overview } from './overview.ts'
import type { DraftColumn, DraftRows } from './rows.ts'

/** How columns changed from the first half of the rows to the second. */
export interface Drift {
  /** The column that says when; without one the order of the file. */
  readonly by?: DraftColumn
  /** PSI of the second half against the first, by place of the column. */
  readonly psi: ReadonlyMap<number, number>
}

/** From this on the population is usually said to have changed (N. Siddiqi, Credit Risk Scorecards, 2006: 0.1 to 0.25 slightly). */
export const DRIFTED = 0.2
/** Below so many rows a half tells nothing of bins. */
const ENOUGH = 400
const COLUMNS = 40

/** Compares the halves of the rows by time, or else by their order in the file. */
export async function driftOf(rows: DraftRows, overview: Overview): Promise<Outcome<Drift>> {
  const { columns, profile, session, table } = rows
  const by = columns.find((each) => each.profile.type === 'timestamp' && each.profile.missing < profile.rows / 100)
  const psi = new Map<number, number>()
  const order = by?.cell ?? identifier('r')
  const done = { ok: true, value: { ...(by === undefined ? {} : { by }), psi } } as const
  if (profile.rows < ENOUGH) return done
  const all = columns.flatMap((column) => binned(column, overview) ?? [])
  for (let at = 0; at < all.length; at += COLUMNS) {
    const part = all.slice(at, at + COLUMNS)
    const counts = part.flatMap((each, i) =>
      Array.from({ length: each.bins }, (_, bin) => countOf(each, bin, identifier(`n${i}_${bin}`))),
    )
    const half = sql`CASE WHEN ${order} > (SELECT median(${order}) FROM ${table}) THEN 1 ELSE 0 END`
    const found = await session.query(
      sql`SELECT ${half} AS half, ${join(counts, sql`, `)} FROM ${table} WHERE ${order} IS NOT NULL GROUP BY 1 ORDER BY 1`,
    )
    if (!found.ok) return found
    if (found.value.rows < 2) return done
    part.forEach(({ column, bins }, i) => {
      const side = (row: number): number[] =>
        Array.from({ length: bins }, (_, bin) => Number(found.value.columns.get(`n${i}_${bin}`)?.[row] ?? 0))
      const value = stats.psi(side(0), side(1))
      if (value !== undefined) psi.set(column.index, value)
    })
  }
  return done
}

const countOf = ({ bin }: Binned, place: number, name: Sql): Sql =>
  sql`count(CASE WHEN ${bin} = ${integerLiteral(BigInt(place))} THEN 1 END) AS ${name}`
