/** A condition that every row of a suite must keep. It is asked only of complete values of its factors. */
export interface Condition {
  /** Positions in `CoveringModel.levels`, ascending, without repetition. */
  readonly factors: readonly number[]
  /** Whether these values, one for each of `factors`, may stand together. Must be pure. */
  allows(values: readonly number[]): boolean
}

/** What is to be covered: factors with their numbers of values, how many of them at a time, and what may not stand together. */
export interface CoveringModel {
  /** Values of factor i are 0 … levels[i] − 1. */
  readonly levels: readonly number[]
  /** t: of every t factors, each combination of values that some allowed row has stands in some row. */
  readonly strength: number
  readonly conditions?: readonly Condition[]
}

/** One row: a value for each factor. */
export type CoveringRow = readonly number[]

/** How the rows were made. */
export type CoveringMethod =
  | 'all combinations'
  | 'orthogonal array'
  | 'binary'
  | 'doubling'
  | 'cover starter'
  | 'symmetric search'
  | 'IPOG'
  | 'tabu search'

/** A suite, with what is known of its size. */
export interface CoveringSuite {
  readonly rows: readonly CoveringRow[]
  readonly method: CoveringMethod
  /** No suite of this model is smaller; see `bound.ts`. */
  readonly lowerBound: number
  /** rows.length − lowerBound; 0 = no smaller suite exists. */
  readonly gap: number
  /** Combinations of values of t factors. `undecided`: no row with them was found within the limit, nor shown impossible. */
  readonly tuples: { readonly feasible: number; readonly infeasible: number; readonly undecided: number }
  /** Why the search for a smaller one ended. */
  readonly ended: 'at the lower bound' | 'moves used up' | 'told to stop'
}

/** The value of a cell that is not chosen yet. */
export const FREE = -1

/** Most combinations of values a suite is made for. */
export const MOST_TUPLES = 20_000_000

/** A model that no suite can be made of: why, in words. */
export function faultOf({ levels, strength, conditions = [] }: CoveringModel): string | undefined {
  if (!Number.isInteger(strength) || strength < 1 || strength > 6) return 'the strength is a whole number from 1 to 6'
  if (levels.length < strength) return `there are ${levels.length} factors, fewer than the strength ${strength}`
  if (levels.some((each) => !Number.isInteger(each) || each < 1 || each > 30_000))
    return 'a factor has from 1 to 30000 values'
  if (conditions.some(({ factors }) => factors.some((at, i) => !(at < levels.length) || at <= (factors[i - 1] ?? -1))))
    return 'a condition names a factor that is not there, or names them out of order'
  return undefined
}
