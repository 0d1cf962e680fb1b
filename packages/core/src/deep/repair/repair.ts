import type { Literal } from '../../expr/expr.ts'

/** One number of a conflict, and what to put in its place. */
export interface Move {
  /** The demand or clause whose number it is. */
  readonly name: string
  readonly from: Literal
  readonly to: Literal
}

/** Numbers of a conflict that, moved together, leave none. Each of them has to be moved. */
export interface Repair {
  readonly moves: readonly Move[]
  /** The sum of the distances of the moves. */
  readonly distance: number
  /** That none is smaller was searched, not proved. */
  readonly searched?: true
}

/** How far a number moves: relative to its size, or as it is where that is below 1. */
export const distanceOf = (from: number, to: number): number => Math.abs(to - from) / sizeOf(from)

/** What a change of a number is measured by. */
export const sizeOf = (value: number): number => Math.max(1, Math.abs(value))

/** A repair of these moves. */
export function repairOf(moves: readonly Move[]): Repair {
  const distance = moves.reduce((sum, { from, to }) => sum + distanceOf(Number(from.value), Number(to.value)), 0)
  return { moves, distance }
}

/** The one that moves less in total; of equals the first. */
export function smaller(a: Repair | undefined, b: Repair | undefined): Repair | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.distance < a.distance ? b : a
}

/**
 * How much less than one bound alone several have to move in total to be proposed instead: more than the rounding of numbers
 * to few decimals costs.
 */
export const WORTH_MORE_MOVES = 0.98
