import type { CaseCell, CaseRow } from '@plumbline/core/cases'
import type { SpecColumn } from '../release/columns.ts'

/** A row next to the border of a condition, along one column. */
export interface EdgeOfCondition {
  readonly column: string
  readonly row: CaseRow
}

/** Halvings of an interval of doubles, after which its ends are neighbours. */
const MOST_HALVINGS = 1100

/**
 * The two rows on either side of a condition's border that are nearest to each other along one column: neighbours among the whole
 * numbers or the doubles. From a row that holds and one that does not, the cells of one are put into the other until the
 * answer changes; undefined where that happens at a cell that is no number.
 */
export function betweenRows(
  good: CaseRow,
  bad: CaseRow,
  columns: readonly SpecColumn[],
  holds: (row: CaseRow) => boolean,
): readonly [EdgeOfCondition, EdgeOfCondition] | undefined {
  let row = bad
  for (const { name: column, kind } of columns) {
    const [from, to] = [row[column] ?? null, good[column] ?? null]
    if (from === to) continue
    const next = { ...row, [column]: to }
    if (!holds(next)) {
      row = next
      continue
    }
    if (typeof from !== 'number' || typeof to !== 'number') return undefined
    const at = (cell: CaseCell): CaseRow => ({ ...row, [column]: cell })
    let [inside, beyond] = [to, from]
    for (let i = 0; i < MOST_HALVINGS; i++) {
      const exact = inside / 2 + beyond / 2
      const middle = kind === 'double' ? exact : Math.trunc(exact)
      if (middle === inside || middle === beyond) break
      if (holds(at(middle))) inside = middle
      else beyond = middle
    }
    return [
      { column, row: at(inside) },
      { column, row: at(beyond) },
    ]
  }
  return undefined
}
