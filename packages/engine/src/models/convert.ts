import { type ColumnData, kindOf, missingCells } from './column-data.ts'
import { type Outcome, failure, success } from './outcome.ts'
import type { ElementType } from './signature.ts'

/** The storage of a tensor as onnxruntime takes it. */
export type TensorStorage = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[]

/** Rows `from` to `to` (excluded) of a column, written at `offset`, `offset + stride`, … of the storage. */
export interface Placement {
  readonly from: number
  readonly to: number
  readonly offset: number
  readonly stride: number
}

const ABSENT = 'is absent: the column is shorter than the batch'
const BEYOND_FLOAT32 = 'exceeds the range of float32'
const LARGEST_FLOAT32 = 3.4028234663852886e38
// Halfway to the next power of two, from where rounding gives infinity.
const FLOAT32_OVERFLOW = LARGEST_FLOAT32 + 2 ** 103

/** A zeroed storage of `length` elements of a type (`bool` is one byte each). */
export function createStorage(type: ElementType, length: number): TensorStorage {
  if (type === 'float') return new Float32Array(length)
  if (type === 'double') return new Float64Array(length)
  if (type === 'int64') return new BigInt64Array(length)
  if (type === 'int32') return new Int32Array(length)
  if (type === 'bool') return new Uint8Array(length)
  return Array.from({ length }, () => '')
}

/**
 * Writes a column into a tensor. Missing cells become NaN in floating tensors and are an error elsewhere; a value that
 * the element type cannot hold (a fraction or an overflow for integers, beyond the float32 range, text for numbers …) is
 * an error naming the column and the row. Rounding to the nearest float is no error: it is the model's own precision.
 */
export function writeColumn(
  storage: TensorStorage,
  type: ElementType,
  name: string,
  column: ColumnData,
  place: Placement,
): Outcome<true> {
  const { values } = column
  const kind = kindOf(values)
  const suits =
    type === 'string' ? kind === 'text' : type === 'bool' ? kind === 'boolean' || kind === 'integer' : kind !== 'text'
  if (!suits && kind !== 'empty') {
    return failure(
      'engine/model-column-type',
      `The column "${name}" holds ${kind} values; the model wants tensor(${type}). Cast the column, or export the model with an input of its type.`,
      { column: name },
    )
  }
  const missing = missingCells(column)
  const floating = storage instanceof Float32Array || storage instanceof Float64Array
  if (floating && (values instanceof Float64Array || values instanceof BigInt64Array || values instanceof Int32Array)) {
    const row = writeNumbers(storage, column, values, missing, place)
    return row === undefined
      ? success(true)
      : outOfRange(name, row, row < values.length ? `(${values[row]}) ${BEYOND_FLOAT32}` : ABSENT)
  }
  for (let row = place.from; row < place.to; row++) {
    const at = place.offset + (row - place.from) * place.stride
    if (missing(row)) {
      if (!floating) {
        return failure(
          'engine/model-missing-cell',
          `The cell of "${name}" in row ${row + 1} is missing, and a tensor(${type}) cannot say so. Leave such rows out, fill them, or export the model with a float input.`,
          { column: name, row },
        )
      }
      storage[at] = Number.NaN
      continue
    }
    const problem = writeCell(storage, type, at, values[row])
    if (problem !== undefined) return outOfRange(name, row, problem)
  }
  return success(true)
}

const outOfRange = (name: string, row: number, problem: string): Outcome<true> =>
  failure('engine/model-value-range', `The value of "${name}" in row ${row + 1} ${problem}.`, { column: name, row })

/**
 * Numbers into floats, which is what most models are asked with: one loop without a call for each cell. Gives the first row
 * whose value cannot be written.
 */
function writeNumbers(
  storage: Float32Array | Float64Array,
  { validity, missing: listed }: ColumnData,
  values: Float64Array | BigInt64Array | Int32Array,
  missing: (row: number) => boolean,
  place: Placement,
): number | undefined {
  const { from, to, offset, stride } = place
  if (values instanceof Float64Array && storage instanceof Float32Array) {
    const refused = writeDoubles(storage, values, place, missing)
    if (refused !== undefined) return refused
  } else {
    const most = storage instanceof Float32Array ? FLOAT32_OVERFLOW : Infinity
    for (let row = from, at = offset; row < to; row++, at += stride) {
      const number = Number(values[row])
      if (row >= values.length || (Math.abs(number) >= most && Number.isFinite(number))) {
        if (!missing(row)) return row
      }
      storage[at] = number
    }
  }
  if (validity === undefined && (listed?.length ?? 0) === 0) return undefined
  for (let row = from, at = offset; row < to; row++, at += stride) if (missing(row)) storage[at] = Number.NaN
  return undefined
}

/** The same for doubles into float32 alone: of one kind of array the loop takes half the time. */
function writeDoubles(
  storage: Float32Array,
  values: Float64Array,
  { from, to, offset, stride }: Placement,
  missing: (row: number) => boolean,
): number | undefined {
  const there = Math.min(to, values.length)
  for (let row = from, at = offset; row < there; row++, at += stride) {
    const number = values[row] as number
    if ((number >= FLOAT32_OVERFLOW || number <= -FLOAT32_OVERFLOW) && Number.isFinite(number) && !missing(row))
      return row
    storage[at] = number
  }
  for (let row = there; row < to; row++) {
    if (!missing(row)) return row
    storage[offset + (row - from) * stride] = Number.NaN
  }
  return undefined
}

function writeCell(
  storage: TensorStorage,
  type: ElementType,
  at: number,
  value: number | bigint | boolean | string | undefined,
): string | undefined {
  if (value === undefined) return ABSENT
  if (typeof value === 'string') {
    storage[at] = value
    return undefined
  }
  if (type === 'int64') {
    const whole = typeof value === 'bigint' ? value : toBigInt(value)
    if (whole === undefined || BigInt.asIntN(64, whole) !== whole) return `(${value}) is no 64-bit integer`
    storage[at] = whole
    return undefined
  }
  const number = Number(value)
  if (type === 'int32' && (!Number.isInteger(number) || number !== (number | 0)))
    return `(${value}) is no 32-bit integer`
  if (type === 'bool' && number !== 0 && number !== 1) return `(${value}) is neither 0 nor 1`
  if (type === 'float' && Number.isFinite(number) && Math.abs(number) >= FLOAT32_OVERFLOW) {
    return `(${value}) ${BEYOND_FLOAT32}`
  }
  storage[at] = number
  return undefined
}

function toBigInt(value: number | boolean): bigint | undefined {
  const number = Number(value)
  return Number.isInteger(number) ? BigInt(number) : undefined
}
