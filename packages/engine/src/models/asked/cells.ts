import { type ColumnData, missingCells } from '../column-data.ts'

/** A cell as it is sent: `null` is missing. Integers beyond 2^53 are bigint. */
export type SentCell = number | bigint | string | boolean | null

/** Rows `from` to `to` (excluded) of a column, cell by cell. A NaN is a missing cell. */
export function cellsOf(column: ColumnData, from: number, to: number): readonly SentCell[] {
  const missing = missingCells(column)
  return Array.from({ length: to - from }, (_, i) => {
    const value = column.values[from + i]
    if (value === undefined || missing(from + i)) return null
    return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
  })
}

/** A cell as JSON says it: what JSON has no number for is a text (`"Infinity"`, `"9007199254740993"`). */
export function jsonCell(cell: SentCell): number | string | boolean | null {
  if (typeof cell === 'bigint') return String(cell)
  return typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell
}

/** The rows at some places of a column, as a column of their own. */
export function pickRows(column: ColumnData, places: readonly number[]): ColumnData {
  const missing = missingCells(column)
  const lost = places.flatMap((place, i) => (missing(place) ? [i] : []))
  const { values } = column
  const picked =
    values instanceof Float64Array
      ? Float64Array.from(places, (place) => values[place] ?? Number.NaN)
      : values instanceof BigInt64Array
        ? BigInt64Array.from(places, (place) => values[place] ?? 0n)
        : values instanceof Int32Array
          ? Int32Array.from(places, (place) => values[place] ?? 0)
          : (places.map((place) => values[place]) as readonly string[] | readonly boolean[])
  return { values: picked, missing: lost }
}
