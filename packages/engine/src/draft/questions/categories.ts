import { columnText, quotedText, sql } from '@plumbline/core'
import { literal } from '../binned.ts'
import type { NumberCandidate } from '../candidate.ts'
import type { DraftColumn, DraftRows } from '../rows.ts'
import { ROWS, type SumIndex, type SumList } from '../sums.ts'

/** How often each value of a column occurs. */
export interface ValueCounts {
  readonly column: DraftColumn
  readonly values: readonly { readonly literal: string; readonly rows: SumIndex }[]
}

/** Counts the values of categories and booleans. */
export function valueCounts({ columns }: DraftRows, sums: SumList): readonly ValueCounts[] {
  return columns.flatMap((column): ValueCounts[] => {
    const { type, values } = column.profile
    const listed = type === 'boolean' ? [false, true] : type === 'category' ? values : undefined
    if (listed === undefined) return []
    return [
      {
        column,
        values: listed.map((value) => ({
          literal: typeof value === 'string' ? quotedText(value) : String(value),
          rows: sums.count(sql`${column.cell} = ${literal(value)}`),
        })),
      },
    ]
  })
}

/** The share of each value that is no rarity: two of them at most, since the others follow. */
export function shareQuestions(counts: ValueCounts, rows: (index: SumIndex) => number): readonly NumberCandidate[] {
  const { column, values } = counts
  const name = columnText(column.profile.name)
  const total = rows(ROWS)
  if (values.length < 2) return []
  return values
    .filter(({ rows: index }) => rows(index) >= total * 0.05)
    .toSorted((one, other) => rows(other.rows) - rows(one.rows))
    .slice(0, values.length === 2 ? 1 : 2)
    .map(
      ({ literal: written, rows: index }, place): NumberCandidate => ({
        kind: 'number',
        id: place === 0 ? 'share' : 'share-next',
        columns: [column.index],
        says: `the share of ${written} in`,
        term:
          column.profile.type === 'boolean'
            ? `share(${written === 'true' ? name : `!${name}`})`
            : `share(${name} == ${written})`,
        value: (sum) => (sum(ROWS) > 0 ? sum(index) / sum(ROWS) : undefined),
        least: () => 0.03,
        sides: 'both',
        domain: [0, 1],
      }),
    )
}
