import type { EveryClause, MustClause } from '../clause/clause.ts'

/** One `must` clause, asked of one slice. */
export interface Instance {
  readonly clause: MustClause
  readonly slice: MustClause['slices'][number]
  /** Where it is what a clause on each row says of numbers: that clause, and what has to be measured for it to say something. */
  readonly given?: { readonly by: EveryClause; readonly needs: string; readonly movable: boolean }
  /** True of every table: asked of nobody. Numbers of one column, in their order, may be moved together. */
  readonly fact?: 'order' | 'other'
}

/** The clause of the spec that an instance asks. */
export const clauseOf = ({ clause, given }: Instance): MustClause | EveryClause => given?.by ?? clause
