import type { Column, Expr } from '../../expr/expr.ts'
import type { ScalarKind, Type } from '../../expr/type.ts'
import type { Rounding } from './doubles.ts'
import type { Script, Sort } from './script.ts'
import type { Term } from './term.ts'

/** An expression in a script: its value, meaningful where it is no error; whether it is one; whether that is `missing`. */
export interface Encoded {
  readonly value: Term
  readonly error: Term
  readonly missing: Term
  /** A double that cannot be infinite. */
  readonly finite?: boolean
}

/** A function that the solver may choose, at one place: what `refine` can tell it more about. */
export interface Application {
  readonly expr: Expr
  readonly args: readonly { readonly expr: Expr; readonly value: Term }[]
  readonly value: Term
  readonly error: Term
  /** Given where it depends on cells, and has no arguments. */
  readonly cells?: readonly Column[]
}

/** What the encoding of one script shares. */
export interface Encoding {
  readonly script: Script
  readonly applications: Application[]
  readonly roundings: Rounding[]
  /** Terms that are float64 and no rounding's result: columns and constants. */
  readonly doubles: Set<Term>
  /** What would make it exact: true of some rows only, so it serves to find one, never to rule one out. */
  readonly guides: Term[]
  /** Why it allows more than there is; empty where it is exact. */
  readonly loose: Set<string>
}

/** The sort of a cell. */
export function sortOf(kind: ScalarKind): Sort {
  switch (kind) {
    case 'bool':
      return 'Bool'
    case 'double':
      return 'Real'
    case 'string':
      return 'String'
    default:
      return 'Int'
  }
}

/** The kind of a cell; undefined for lists and what else no column holds. */
export function scalarKind({ kind }: Type): ScalarKind | undefined {
  switch (kind) {
    case 'bool':
    case 'int':
    case 'double':
    case 'string':
    case 'timestamp':
    case 'duration':
      return kind
    default:
      return undefined
  }
}
