import type { Value } from '../../expr/value.ts'

/** Something that takes one of several values: a cell, or what a condition makes of cells. */
export interface Variable {
  /** The column, where it is the cell of one. */
  readonly column: string | undefined
  /** Values that differ in what some predicate comes to on them. `undefined`: any that is no such thing as the others. */
  readonly values: readonly (Value | null | undefined)[]
  /** The place of the value that is tried first; else that of the first one. */
  readonly first?: number
}

/** What a predicate may come to, given the values that its variables have or may have. */
export interface Meaning {
  readonly variables: readonly number[]
  outcomes(values: readonly number[]): number
}

/** What predicates are about. */
export interface World {
  readonly variables: readonly Variable[]
  readonly meanings: readonly Meaning[]
}
