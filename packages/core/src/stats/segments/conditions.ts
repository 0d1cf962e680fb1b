/** A column by which rows may differ. One element a row; NaN = missing. Values of a category are numbered. */
export interface SegmentColumn {
  readonly name: string
  readonly kind: 'amount' | 'value'
  readonly cells: Float64Array
  /** Numbers of values from here on are not declared, and no condition can name them. */
  readonly values?: number
}

/** A condition on one column. */
export type SegmentCondition =
  | { readonly column: string; readonly op: '<' | '>=' | '=='; readonly value: number }
  | { readonly column: string; readonly op: 'missing' }

/** A condition, and for each row that is searched whether it holds. */
export interface Candidate {
  readonly condition: SegmentCondition
  readonly holds: Uint8Array
}

/** Places where an amount is cut. */
const CUTS = 8
/** Values of a category that are looked at, the most frequent ones. */
const VALUES = 30

/** Conditions on single columns that hold for at least `fewest` of the rows, and not for all but so many. */
export function candidatesOf(
  columns: readonly SegmentColumn[],
  rows: Uint32Array,
  fewest: number,
): readonly Candidate[] {
  return columns.flatMap(({ name: column, kind, cells, values = Infinity }) => {
    const own = Float64Array.from(rows, (row) => cells[row] as number)
    const conditions: readonly SegmentCondition[] = [
      ...(kind === 'amount' ? cutsOf(own) : valuesOf(own, values)).flatMap((value): readonly SegmentCondition[] =>
        kind === 'value'
          ? [{ column, op: '==', value }]
          : [
              { column, op: '<', value },
              { column, op: '>=', value },
            ],
      ),
      { column, op: 'missing' },
    ]
    return conditions.flatMap((condition) => {
      const holds = Uint8Array.from(own, (cell) => (satisfies(condition, cell) ? 1 : 0))
      const count = holds.reduce((sum, each) => sum + each, 0)
      return count >= fewest && count <= own.length - fewest ? [{ condition, holds }] : []
    })
  })
}

/** Whether a cell satisfies a condition on its column. */
export function satisfies(condition: SegmentCondition, cell: number): boolean {
  switch (condition.op) {
    case 'missing':
      return Number.isNaN(cell)
    case '<':
      return cell < condition.value
    case '>=':
      return cell >= condition.value
    case '==':
      return cell === condition.value
  }
}

function cutsOf(cells: Float64Array): readonly number[] {
  const sorted = cells.filter((cell) => Number.isFinite(cell)).sort()
  const cuts = Array.from({ length: CUTS }, (_, i) => sorted[Math.floor((sorted.length * (i + 1)) / (CUTS + 1))])
  return [...new Set(cuts.filter((cut) => cut !== undefined))].filter((cut) => cut > (sorted[0] as number))
}

function valuesOf(cells: Float64Array, known: number): readonly number[] {
  const counts = new Map<number, number>()
  for (const cell of cells) if (cell < known) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, VALUES)
    .map(([value]) => value)
}
