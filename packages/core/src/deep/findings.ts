import type { Clause, EveryClause } from '../clause/clause.ts'
import type { Repair } from './repair/repair.ts'

/** What the solver proved of a spec. */
export type Finding =
  /** No row of the relation (of the slice or split, where `given`) can meet these clauses together; each is needed for it. */
  | {
      readonly kind: 'contradiction'
      readonly relation: string
      readonly clauses: readonly EveryClause[]
      readonly given: readonly string[]
      readonly repair?: Repair
    }
  /** No values of the numbers they bound meet these clauses together. */
  | {
      readonly kind: 'impossible-metrics'
      readonly relation: string
      readonly clauses: readonly Clause[]
      /** What bounds them: the counts of one decision, or that they are aggregates of the same rows. */
      readonly measured: 'decision' | 'rows'
      readonly repair?: Repair
      /** What of the data at hand it rests on; absent where it is so of any data. */
      readonly given?: readonly LabelFact[]
    }
  /** Every row that meets the others meets it. */
  | {
      readonly kind: 'redundant'
      readonly relation: string
      readonly clause: Clause
      readonly by: readonly Clause[]
      /** It is never violated, but has no value where there is nothing to measure. */
      readonly unlessEmpty?: boolean
    }
  /** No row that meets these clauses is in the slice. */
  | {
      readonly kind: 'empty-slice'
      readonly relation: string
      readonly slice: string
      readonly askedBy: readonly Clause[]
      readonly by: readonly EveryClause[]
    }
  /** Its condition speaks of rows that no row meeting the contracts is: `!(a) || b` where `a` is never true. */
  | {
      readonly kind: 'vacuous'
      readonly relation: string
      readonly clause: EveryClause
      readonly by: readonly EveryClause[]
    }

/** How many rows of the data at hand there are, and how many of them have a positive label. */
export interface LabelFact {
  readonly relation: string
  /** What makes a row one of them; empty: all are. */
  readonly condition: string
  readonly rows: number
  readonly positives: number
}

/** Findings, and the questions that were left open. */
export interface Findings {
  readonly findings: readonly Finding[]
  readonly undecided: number
}
