import { createRandom } from '../stats/prng.ts'
import type { Feasibility } from './feasible.ts'
import type { CoveringMethod } from './model.ts'
import { type SearchBudget, shrink } from './search.ts'
import { findStarter, rowsOfStarter } from './starter.ts'
import { classesOf, imagesOf } from './symmetric.ts'
import type { TupleSpace } from './tuples.ts'

/** Takes a suite where it is smaller than what there is. */
export type Offer = (rows: readonly Int16Array[] | undefined, method: CoveringMethod) => void

/** What searches for structured suites share. */
export interface Structured {
  readonly values: number
  /** No suite is smaller. */
  readonly least: number
  readonly seed: string
  readonly budget: SearchBudget
  readonly best: () => readonly Int16Array[]
  readonly offer: Offer
}

/** Steps of annealing that cost what one move in a suite does, which looks at every row. */
const STARTER_STEPS = 64

/**
 * Pairwise suites of equal factors from cover starters: k (v − f) rows and a suite for the f fixed values. Each further fixed
 * value makes the suite smaller and the starter rarer.
 *
 * @param smaller a pairwise suite for k factors of so many values
 */
export function byStarter(
  factors: number,
  { values, least, seed, budget, best, offer }: Structured,
  smaller: (values: number, moves: number) => readonly Int16Array[] | undefined,
): void {
  for (let fixed = 0; fixed < values && best().length > least; fixed++) {
    const own = factors * (values - fixed)
    if (own + fixed * fixed >= best().length) continue
    if (budget.moves <= 0 || budget.stop()) return
    const share = { moves: Math.floor(budget.moves / 4), stop: budget.stop }
    budget.moves -= share.moves
    const steps = { moves: share.moves * STARTER_STEPS, stop: budget.stop }
    const starter = findStarter(factors, values, fixed, createRandom(seed, `covering:starter:${fixed}`), steps)
    budget.moves += Math.max(0, Math.floor(steps.moves / STARTER_STEPS))
    if (starter === undefined) continue
    const rest = fixed === 0 ? [] : smaller(fixed, Math.floor(budget.moves / 4))
    const shifted = rest?.map((row) => row.map((value) => value + values - fixed))
    offer(shifted && [...rowsOfStarter(starter, values), ...shifted], 'cover starter')
  }
}

/** Suites of equal factors that the cyclic group on the values leaves as they are: fewer combinations to cover, and rows to choose. */
export function bySymmetry(
  space: TupleSpace,
  feasible: Feasibility,
  { values, least, seed, budget, best, offer }: Structured,
): void {
  for (const fixed of [0, 1]) {
    const group = values - fixed
    if (group < 2) continue
    const share = { moves: Math.floor(budget.moves / (2 - fixed)), stop: budget.stop }
    budget.moves -= share.moves
    const { rows } = shrink(
      {
        space,
        feasible,
        wanted: new Uint8Array(0),
        classes: classesOf(values, space.strength, fixed),
        least: Math.ceil((least - fixed) / group),
        random: createRandom(seed, `covering:symmetric:${fixed}`),
      },
      best(),
      share,
    )
    budget.moves += Math.max(0, share.moves)
    offer(imagesOf(rows, values, fixed), 'symmetric search')
  }
}
