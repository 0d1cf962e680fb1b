import type { ElementType } from '../models/signature.ts'

/**
 * How a value moves when the tracked column grows and everything else stays: `constant` (does not depend on it),
 * `up` (non-decreasing), `down` (non-increasing), `unknown` (no sound statement).
 */
export type Direction = 'constant' | 'up' | 'down' | 'unknown'

/** Where knowledge of a direction was lost: the node and the reason, for the refusal. */
export interface Loss {
  readonly node: string
  readonly reason: string
}

/**
 * What is known of one value of a row, for all rows of the domain.
 * - `magnitude`: upper bound of |v| (Infinity: no bound, ±Inf possible);
 * - `nan`: set where the value may be NaN, with the place that makes it so;
 * - `single`: every possible value is representable in float32 (also when held in a double);
 * - `source`: the input column this value copies (casts allowed), or undefined;
 * - `loss`: set when `direction` is `unknown`.
 */
export interface Cell {
  readonly direction: Direction
  readonly magnitude: number
  readonly nan: Loss | undefined
  readonly single: boolean
  readonly source: string | undefined
  readonly loss: Loss | undefined
}

/** A tensor [N, ...shape] of N rows; `cells` are the values of one row in row-major order. */
export interface RowsValue {
  readonly kind: 'rows'
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly cells: readonly Cell[]
}

/** A tensor that is the same for every row and every input. */
export interface ConstantValue {
  readonly kind: 'constant'
  readonly type: ElementType
  readonly dims: readonly number[]
  readonly values: readonly number[]
}

/** A value no proof reads, with the place and the reason. */
export interface OpaqueValue {
  readonly kind: 'opaque'
  readonly loss: Loss
}

/** What the interpreter knows of a tensor. */
export type AbstractValue = RowsValue | ConstantValue | OpaqueValue

/** Sums beyond this magnitude could overflow float32 (its greatest value is 3.4e38) once rounding is added. */
const SAFE_FLOAT32 = 1e38
/** The same for float64. */
const SAFE_FLOAT64 = 1e307

/** The greatest magnitude in which arithmetic of a floating type surely stays finite. */
export function safeMagnitude(type: ElementType): number {
  return type === 'float' ? SAFE_FLOAT32 : SAFE_FLOAT64
}

/** `up` becomes `down` and the reverse. */
export function flip(direction: Direction): Direction {
  return direction === 'up' ? 'down' : direction === 'down' ? 'up' : direction
}

/** The direction of a function that does not fall in either argument, from the directions of its arguments. */
export function join(a: Direction, b: Direction): Direction {
  if (a === 'constant') return b
  if (b === 'constant' || a === b) return a
  return 'unknown'
}

/** A value that does not depend on the tracked column; unbounded, but not NaN, unless `known` says otherwise. */
export function constantCell(known: Partial<Cell> = {}): Cell {
  const nothing = { nan: undefined, source: undefined, loss: undefined }
  return { direction: 'constant', magnitude: Infinity, single: false, ...nothing, ...known }
}

/** The cell a constant number stands for. */
export function cellOfNumber(value: number): Cell {
  const nan = Number.isNaN(value) ? { node: 'a constant', reason: 'it is NaN' } : undefined
  return constantCell({
    magnitude: nan === undefined ? Math.abs(value) : Infinity,
    nan,
    single: Math.fround(value) === value,
  })
}

/** `cell` with nothing known of its direction, if it depends on the tracked column at all. */
export function lose(cell: Cell, loss: Loss, known: Partial<Cell> = {}): Cell {
  const changed = { ...cell, source: undefined, ...known }
  if (cell.direction === 'constant') return changed
  return { ...changed, direction: 'unknown', loss: cell.loss ?? loss }
}

/** Two cells combined by a function that does not fall in either (sum, min, max), without magnitude knowledge. */
export function combine(a: Cell, b: Cell, node: string): Cell {
  const direction = join(a.direction, b.direction)
  const mixed: Loss = { node, reason: 'one of its arguments grows with the column while the other falls' }
  return {
    direction,
    magnitude: Infinity,
    nan: a.nan ?? b.nan,
    single: false,
    source: undefined,
    loss: direction === 'unknown' ? (a.loss ?? b.loss ?? mixed) : undefined,
  }
}

/** The cell as seen through a decreasing function. */
export function flipped(cell: Cell): Cell {
  return { ...cell, direction: flip(cell.direction), source: undefined }
}

/** An opaque value: the prover stops here. */
export function opaque(node: string, reason: string): OpaqueValue {
  return { kind: 'opaque', loss: { node, reason } }
}

/** A tensor of rows; the number of cells must be the product of the shape. */
export function rows(type: ElementType, shape: readonly number[], cells: readonly Cell[]): RowsValue {
  return { kind: 'rows', type, shape, cells }
}
