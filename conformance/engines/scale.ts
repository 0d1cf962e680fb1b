import type { KeyedRow } from './tables.ts'

/** How large what is added up gets: sums that cancel lose the digits of their largest parts, in another order others. */
export function scaleOf(rows: readonly KeyedRow[]): (clause: string) => number {
  const sizes = rows.flatMap(({ row }) => ['x', 'y', 'i'].map((name) => Math.abs(Number(row.get(name) ?? 0))))
  const largest = Math.max(1, ...sizes.filter(Number.isFinite))
  const scales: Readonly<Record<string, number>> = {
    together: 1,
    change: 1,
    'estimated-change': 1,
    'split-mean': largest,
    'estimated-mean': largest,
    means: largest,
    'float-sum': largest * rows.length,
    spread: largest,
  }
  return (clause) => scales[clause] ?? 0
}
