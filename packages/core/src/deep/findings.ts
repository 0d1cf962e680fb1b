import type { Clause, EveryClause } from '../clause/clause.ts'
import type { Repair } from './repair.ts'

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
      readonly repair?: Repair
    }
  /** Every row that meets the others meets it. */
  | {
      readonly kind: 'redundant'
      readonly relation: string
      readonly clause: EveryClause
      readonly by: readonly EveryClause[]
    }
  /** No row that meets these clauses is in the slice. */
  | {
      readonly kind: 'empty-slice'
      readonly relation: string
      readonly slice: string
      readonly askedBy: readonly EveryClause[]
      readonly by: readonly EveryClause[]
    }
  /** Its condition speaks of rows that no row meeting the contracts is: `!(a) || b` where `a` is never true. */
  | {
      readonly kind: 'vacuous'
      readonly relation: string
      readonly clause: EveryClause
      readonly by: readonly EveryClause[]
    }

/** Findings, and the questions that were left open. */
export interface Findings {
  readonly findings: readonly Finding[]
  readonly undecided: number
}
