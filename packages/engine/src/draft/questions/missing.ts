import { columnText, type Sql, sql } from '@plumbline/core'
import type { Candidate, NumberCandidate, RowCandidate } from '../candidate.ts'
import type { DraftColumn, DraftRows } from '../rows.ts'
import { ROWS, type SumList } from '../sums.ts'

/** Columns with gaps that are compared with each other. */
const COMPARED = 24

/** How much is missing, and what is missing together. */
export function missingQuestions({ columns, profile }: DraftRows, sums: SumList): readonly Candidate[] {
  const gaps = columns.filter(({ profile: { missing } }) => missing > 0 && missing < profile.rows)
  return [...gaps.map((column) => shareMissing(column, sums)), ...missingTogether(gaps.slice(0, COMPARED), sums)]
}

function shareMissing({ profile, cell, index }: DraftColumn, sums: SumList): NumberCandidate {
  const gaps = sums.count(sql`${cell} IS NULL`)
  return {
    kind: 'number',
    id: 'missing',
    columns: [index],
    says: 'the share of missing cells in',
    term: `null_share(${columnText(profile.name)})`,
    value: (sum) => (sum(ROWS) > 0 ? sum(gaps) / sum(ROWS) : undefined),
    least: (value) => Math.max(value / 5, 0.002),
    sides: 'below',
    domain: [0, 1],
  }
}

/** Gaps that always come together, or one of which never comes without the other. */
function missingTogether(gaps: readonly DraftColumn[], sums: SumList): readonly RowCandidate[] {
  return gaps.flatMap((a, i) =>
    gaps.slice(i + 1).flatMap((b): RowCandidate[] => {
      const few = Math.min(a.profile.missing, b.profile.missing)
      if (few < 10) return []
      const [x, y] = [columnText(a.profile.name), columnText(b.profile.name)]
      const of = (id: string, says: string, every: string, failing: Sql): RowCandidate => ({
        kind: 'rows',
        id,
        columns: [a.index, b.index],
        says,
        every,
        failing: sums.count(failing),
      })
      const [gap, other] = [sql`${a.cell} IS NULL`, sql`${b.cell} IS NULL`]
      const [shownA, shownB] = [a.profile.name, b.profile.name]
      if (a.profile.missing === b.profile.missing)
        return [
          of(
            'missing-together',
            `${shownA} and ${shownB} are missing together.`,
            `(${x} == null) == (${y} == null)`,
            sql`(${gap}) <> (${other})`,
          ),
        ]
      return a.profile.missing > b.profile.missing
        ? [
            of(
              'missing-with',
              `Where ${shownB} is missing, so is ${shownA}.`,
              `${y} != null || ${x} == null`,
              sql`${other} AND NOT ${gap}`,
            ),
          ]
        : [
            of(
              'missing-with',
              `Where ${shownA} is missing, so is ${shownB}.`,
              `${x} != null || ${y} == null`,
              sql`${gap} AND NOT ${other}`,
            ),
          ]
    }),
  )
}
