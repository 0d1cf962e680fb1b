import type { MustClause } from '../clause/clause.ts'

/** One `must` clause, asked of one slice. */
export interface Instance {
  readonly clause: MustClause
  readonly slice: MustClause['slices'][number]
}
