import type { ReadSum, SumIndex } from './sums.ts'

/** A clause that may be drafted, before the rows have answered. */
export type Candidate = RowCandidate | NumberCandidate

interface CandidateBase {
  /** Beginning of the id; the columns' names follow. */
  readonly id: string
  /** Places of the columns it reads, in the profile. */
  readonly columns: readonly number[]
}

/** A condition on each row. */
export interface RowCandidate extends CandidateBase {
  readonly kind: 'rows'
  readonly says: string
  readonly every: string
  /** A row with a missing cell passes: another contract speaks of it. */
  readonly missing?: 'pass'
  /** Rows that fail it. */
  readonly failing: SumIndex
  /** Share of rows that may fail: what a relation that holds by chance needs. Default none. */
  readonly tolerance?: number
}

/** A number of the rows that stays between bounds, which follow from its value and how it varies. */
export interface NumberCandidate extends CandidateBase {
  readonly kind: 'number'
  readonly says: string
  /** The number in CEL. */
  readonly term: string
  value(sum: ReadSum): number | undefined
  /** Half the width that bounds have at least: a difference that matters to nobody. */
  least(value: number): number
  /** Which bounds are asked. */
  readonly sides: 'both' | 'above' | 'below'
  /** Values it cannot leave. */
  readonly domain?: readonly [low: number, high: number]
}
