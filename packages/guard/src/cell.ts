import type { Cell, CellKind } from './plan.ts'
import { timestampMicros } from './timestamp.ts'

/** A value that does not have the type of its column. */
export const WRONG_TYPE: unique symbol = Symbol('wrong type')
/** An integer beyond ±(2^53 − 1): a JSON reader may have rounded it already, so no guess is made. */
export const UNSAFE: unique symbol = Symbol('unsafe integer')

/** A read cell, or why there is none. */
export type CellReading = Cell | typeof WRONG_TYPE | typeof UNSAFE

const integer = (value: unknown): CellReading => {
  // + 0 turns -0 into 0: an int has one zero.
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value + 0
    return Number.isInteger(value) ? UNSAFE : WRONG_TYPE
  }
  return typeof value === 'bigint' ? safe(value) : WRONG_TYPE
}

const safe = (value: bigint): CellReading => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : UNSAFE
}

const readers: Readonly<Record<CellKind, (value: unknown) => CellReading>> = {
  int: integer,
  double: (value) => (typeof value === 'number' ? value : typeof value === 'bigint' ? safe(value) : WRONG_TYPE),
  // Half a surrogate pair cannot be stored or sent on as UTF-8.
  string: (value) => (typeof value === 'string' && value.isWellFormed() ? value : WRONG_TYPE),
  bool: (value) => (typeof value === 'boolean' ? value : value === 0 || value === 1 ? value === 1 : WRONG_TYPE),
  // The years 1 and 9999 lie beyond the safe integers: as a number of microseconds no time outside them is accepted.
  timestamp: (value) => (typeof value === 'string' ? (timestampMicros(value) ?? WRONG_TYPE) : integer(value)),
}

/** Reads a value that is there: null, undefined and NaN are missing before a reader is asked. */
export type ReadPresent = (value: unknown) => CellReading

/** The reader of a kind. */
export function presentReader(kind: CellKind): ReadPresent {
  return readers[kind]
}

/** Whether a value stands for a missing cell. */
export function isMissing(value: unknown): boolean {
  // Only NaN differs from itself.
  return value === null || value === undefined || value !== value
}

/**
 * A value as a cell of the kind. null, undefined and NaN are missing (null). An int is a whole number; a bool may be 0 or
 * 1; a timestamp is RFC 3339 text, or whole microseconds since 1970. Nothing else is converted: `"7"` is no number.
 */
export function readCell(kind: CellKind, value: unknown): CellReading {
  return isMissing(value) ? null : readers[kind](value)
}
