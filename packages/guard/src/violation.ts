import type { GuardAction } from './plan.ts'

/** What is wrong with a row. `clause` is there where the spec has one that says so. */
export type Violation =
  /** The row does not satisfy a clause; `error` when its condition has no value (`missing`, `overflow`, …). */
  | { readonly kind: 'clause'; readonly clause: string; readonly error?: string; readonly slices?: readonly string[] }
  /** A cell does not have the type of its column. */
  | { readonly kind: 'type'; readonly column: string; readonly clause?: string }
  /** An integer beyond ±(2^53 − 1), which JSON readers round. */
  | { readonly kind: 'unsafe-integer'; readonly column: string }
  /** A field that the spec does not know. */
  | { readonly kind: 'unknown-field'; readonly field: string }
  /** Not an object of fields. */
  | { readonly kind: 'not-a-row' }
  /** The model answered another number of rows than it was asked. */
  | { readonly kind: 'row-count'; readonly expected: number; readonly found: number }
  /** The guard took longer than its budget, which only warns. */
  | { readonly kind: 'slow' }
  /** The guard's own time was up before the clauses were asked. */
  | { readonly kind: 'unchecked'; readonly reason: 'over-budget' }

/** A violation of one row of a batch, and what was done about it. */
export interface Finding {
  /** Index in the batch, from 0. */
  readonly row: number
  /** `flag` also where the clause is only to be flagged. */
  readonly action: GuardAction
  readonly violation: Violation
}

/** Ids of the clauses that violations name, each once. */
export function clausesOf(violations: readonly Violation[]): readonly string[] {
  const named = violations.flatMap((each) => ('clause' in each && each.clause !== undefined ? [each.clause] : []))
  return [...new Set(named)]
}
