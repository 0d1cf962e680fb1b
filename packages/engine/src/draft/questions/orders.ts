import { columnText, type Sql, sql } from '@plumbline/core'
import type { RowCandidate } from '../candidate.ts'
import type { Amount, Overview, Pair } from '../overview.ts'
import type { SumList } from '../sums.ts'

/** Rows at which a relation that holds by chance would have shown an exception, at least. */
const ENOUGH = 100

/** Amounts that are equal, in order, or add up, in every learned row; unless their ranges say so already. */
export function orderQuestions({ pairs, amounts }: Overview, sums: SumList): readonly RowCandidate[] {
  const close = pairs.filter(({ r, both }) => both >= ENOUGH && (r ?? 0) >= 0.2)
  return [...close.flatMap((pair) => inOrder(pair, sums)), ...sumsOfTwo([...amounts.values()], pairs, sums)]
}

function inOrder({ a, b, both, less, greater }: Pair, sums: SumList): readonly RowCandidate[] {
  const of = (
    id: string,
    says: string,
    low: Amount,
    high: Amount,
    sign: '==' | '<=',
    tolerance: number,
  ): RowCandidate => {
    const [x, y] = [columnText(low.column.profile.name), columnText(high.column.profile.name)]
    const [p, q] = [low.column.cell, high.column.cell]
    return {
      kind: 'rows',
      id,
      columns: [low.column.index, high.column.index],
      says: `${low.column.profile.name} ${says} ${high.column.profile.name}.`,
      every: `${x} ${sign} ${y}`,
      missing: 'pass',
      failing: sums.count(sign === '==' ? sql`${p} <> ${q}` : sql`${p} > ${q}`),
      tolerance,
    }
  }
  if (less === 0 && greater === 0) return [of('equal', 'equals', a, b, '==', 0)]
  const [low, high, unequal] = greater === 0 ? [a, b, less] : less === 0 ? [b, a, greater] : []
  if (low === undefined || high === undefined || unequal === undefined) return []
  if (low.learnedHigh <= high.learnedLow || low.column.profile.distinct < 5 || high.column.profile.distinct < 5)
    return []
  // Rows where both are equal show that the border is one; without them a rare row may lie beyond it.
  return [of('order', 'is never above', low, high, '<=', both - unequal >= 10 ? 0 : 10 / both)]
}

/**
 * a + b = c, of whole numbers without gaps. Means and covariances tell which could: then var(a + b − c) is 0, and only
 * those are asked of the rows.
 */
function sumsOfTwo(amounts: readonly Amount[], pairs: readonly Pair[], sums: SumList): readonly RowCandidate[] {
  const whole = amounts.filter(
    ({ column, deviation }) => column.profile.type === 'integer' && column.profile.missing === 0 && deviation > 0,
  )
  const known = new Map(pairs.map(({ a, b, r }) => [`${a.column.index} ${b.column.index}`, r]))
  const r = (x: Amount, y: Amount): number | undefined =>
    known.get(`${Math.min(x.column.index, y.column.index)} ${Math.max(x.column.index, y.column.index)}`)
  return whole.flatMap((a, i) =>
    whole.slice(i + 1).flatMap((b) =>
      whole.flatMap((c): RowCandidate[] => {
        if (c === a || c === b || Math.abs(a.mean + b.mean - c.mean) > 1e-6 * (Math.abs(c.mean) + c.deviation))
          return []
        const [ab, ac, bc] = [r(a, b), r(a, c), r(b, c)]
        if (ab === undefined || ac === undefined || bc === undefined) return []
        const [s, t, u] = [a.deviation, b.deviation, c.deviation]
        const variance = s * s + t * t + u * u + 2 * s * t * ab - 2 * s * u * ac - 2 * t * u * bc
        if (variance > 1e-6 * u * u) return []
        const [x, y, z] = [a, b, c].map(({ column }) => columnText(column.profile.name)) as [string, string, string]
        const [p, q, v] = [a, b, c].map(({ column }) => column.cell) as [Sql, Sql, Sql]
        const names = [a, b, c].map(({ column }) => column.profile.name)
        return [
          {
            kind: 'rows',
            id: 'sum',
            columns: [a.column.index, b.column.index, c.column.index],
            says: `${names[0]} and ${names[1]} add up to ${names[2]}.`,
            every: `${x} + ${y} == ${z}`,
            missing: 'pass',
            failing: sums.count(sql`CAST(${p} AS HUGEINT) + ${q} <> ${v}`),
          },
        ]
      }),
    ),
  )
}
