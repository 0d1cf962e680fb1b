import { integerLiteral, join, roleHints, sql } from '@plumbline/core'
import type { Outcome } from '../duckdb/failure.ts'
import { binned } from './binned.ts'
import type { Overview } from './overview.ts'
import type { DraftColumn, DraftRows } from './rows.ts'

/** A column that says nearly all about what may be the label. */
export interface Leak {
  readonly column: DraftColumn
  readonly label: DraftColumn
  /** Share of rows that are told right by it alone, beyond the share of the commonest value; or |r|. */
  readonly strength: number
}

/** From here on a column is more likely a consequence of the label than a cause. */
const NEARLY_ALL = 0.9

/** What may be the label, by its name. */
export function labelOf({ columns }: DraftRows): DraftColumn | undefined {
  return columns.find(({ profile }) => roleHints(profile.name).label)
}

/**
 * Columns that alone nearly tell the label: of a category by Goodman and Kruskal's λ (JASA 49 (1954)) over deciles and
 * values, of an amount by its correlation.
 */
export async function leaksOf(rows: DraftRows, overview: Overview): Promise<Outcome<readonly Leak[]>> {
  const label = labelOf(rows)
  if (label === undefined) return { ok: true, value: [] }
  const amount = overview.amounts.get(label.index)
  const target = binned(label, overview)
  if (amount !== undefined) {
    const strong = overview.pairs.filter(
      ({ a, b, r }) => (a === amount || b === amount) && Math.abs(r ?? 0) >= NEARLY_ALL,
    )
    const value = strong.map(({ a, b, r = 0 }) => ({
      column: (a === amount ? b : a).column,
      label,
      strength: Math.abs(r),
    }))
    return { ok: true, value }
  }
  const others = rows.columns.filter((column) => column !== label).flatMap((column) => binned(column, overview) ?? [])
  if (target === undefined || others.length === 0) return { ok: true, value: [] }
  const parts = others.map(
    ({ bin }, i) => sql`(SELECT ${integerLiteral(BigInt(i))} AS i, ${bin} AS b, ${target.bin} AS t, count(*) AS n
      FROM ${rows.table} GROUP BY ALL)`,
  )
  const found = await rows.session.query(
    sql`SELECT i, sum(best) AS hit, max(total) AS total, max(common) AS common FROM (
      SELECT i, b, max(n) AS best, any_value(total) AS total, any_value(common) AS common FROM (
        SELECT i, b, t, n, sum(n) OVER (PARTITION BY i) AS total,
          max(m) OVER (PARTITION BY i) AS common
        FROM (SELECT *, sum(n) OVER (PARTITION BY i, t) AS m FROM (${join(parts, sql` UNION ALL `)}))
      ) GROUP BY i, b
    ) GROUP BY i ORDER BY i`,
  )
  if (!found.ok) return found
  const read = (name: string, row: number): number => Number(found.value.columns.get(name)?.[row] ?? 0)
  const leaks = Array.from({ length: found.value.rows }, (_, row): Leak[] => {
    const [hit, total, common] = [read('hit', row), read('total', row), read('common', row)]
    const other = others[read('i', row)]
    if (other === undefined || total <= common) return []
    const lambda = (hit - common) / (total - common)
    return lambda >= NEARLY_ALL ? [{ column: other.column, label, strength: lambda }] : []
  })
  return { ok: true, value: leaks.flat() }
}
