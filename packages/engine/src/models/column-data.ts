/** The values of one column of a batch. Int32Array and BigInt64Array are integers, Float64Array numbers. */
export type ColumnValues = Float64Array | BigInt64Array | Int32Array | readonly boolean[] | readonly string[]

/**
 * A column of N rows. A cell is missing if its bit in `validity` is 0 (bit i of byte i >> 3, least significant first, as
 * in Arrow) or its row is in `missing`; NaN in a Float64Array is missing too. What `values` holds there is ignored.
 */
export interface ColumnData {
  readonly values: ColumnValues
  readonly validity?: Uint8Array | undefined
  readonly missing?: readonly number[] | undefined
}

/** Says of each row whether its cell is missing. */
export function missingCells(column: ColumnData): (row: number) => boolean {
  const { values, validity } = column
  const listed = column.missing === undefined || column.missing.length === 0 ? undefined : new Set(column.missing)
  const numbers = values instanceof Float64Array ? values : undefined
  return (row) =>
    (validity !== undefined && ((validity[row >> 3] ?? 0) & (1 << (row & 7))) === 0) ||
    listed?.has(row) === true ||
    (numbers !== undefined && Number.isNaN(numbers[row]))
}

/** The kind of values in words, for messages. */
export function kindOf(values: ColumnValues): 'number' | 'integer' | 'boolean' | 'text' | 'empty' {
  if (values instanceof Float64Array) return 'number'
  if (values instanceof BigInt64Array || values instanceof Int32Array) return 'integer'
  const first: unknown = values[0]
  return first === undefined ? 'empty' : typeof first === 'boolean' ? 'boolean' : 'text'
}
