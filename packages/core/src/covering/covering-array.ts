import { createRandom } from '../stats/prng.ts'
import { binaryPairs, DOUBLED_FROM, doubled } from './binary.ts'
import { lowerBound } from './bound.ts'
import { type Feasibility, feasibilityOf } from './feasible.ts'
import { ipog } from './ipog.ts'
import { type CoveringMethod, type CoveringModel, type CoveringSuite, faultOf, MOST_TUPLES } from './model.ts'
import { mostOrthogonalFactors, orthogonalArray } from './orthogonal.ts'
import { type SearchBudget, shrink } from './search.ts'
import { byStarter, bySymmetry } from './structured.ts'
import { countTuples, type TupleSpace, tupleSpace } from './tuples.ts'
import { wantedTuples } from './wanted.ts'

/** How a suite is looked for. */
export interface CoveringOptions {
  /** Equal seeds and moves give equal suites. */
  readonly seed: string
  /** Changes of a cell that the search may try; 0 = constructions and IPOG only. */
  readonly moves: number
  /** Asked now and then: true ends the search. What depends on a clock is not repeatable. */
  readonly stop?: () => boolean
  /** Told of every smaller suite as it is found. */
  readonly found?: (rows: number, method: CoveringMethod) => void
}

/** A suite so far. */
interface Best {
  readonly rows: readonly Int16Array[]
  readonly method: CoveringMethod
}

/** Moves of the first slice. */
const FIRST_SLICE = 16_384
/** Share of the moves for suites with a structure; the rest goes to the free search. */
const STRUCTURED_SHARE = 0.5

/**
 * A small suite in which every combination of values of every t factors stands that the conditions allow. Exact
 * constructions where one fits, IPOG, then search from the smallest while the budget lasts.
 */
export function coveringArray(
  model: CoveringModel,
  options: CoveringOptions,
): { readonly ok: true; readonly suite: CoveringSuite } | { readonly ok: false; readonly fault: string } {
  const fault = faultOf(model)
  if (fault !== undefined) return { ok: false, fault }
  const { levels, strength, conditions = [] } = model
  const total = countTuples(levels, strength)
  if (total > MOST_TUPLES)
    return { ok: false, fault: `it has ${total} combinations of ${strength} values, more than ${MOST_TUPLES}` }
  const space = tupleSpace(levels, strength)
  const feasible = feasibilityOf(model)
  const { wanted, ...tuples } = wantedTuples(space, feasible)
  const free = conditions.length === 0
  const least = free ? lowerBound(levels, strength) : leastWanted(space, wanted)
  let best: Best | undefined
  const offer = (rows: readonly Int16Array[] | undefined, method: CoveringMethod): void => {
    if (rows === undefined || (best !== undefined && rows.length >= best.rows.length)) return
    best = { rows, method }
    options.found?.(rows.length, method)
  }
  if (free) offerExact(levels, strength, offer)
  const order = levels.map((_, i) => i).toSorted((a, b) => (levels[b] ?? 0) - (levels[a] ?? 0) || a - b)
  // Nothing is smaller than the bound: what stands there already need not be looked for again.
  if (best === undefined || (best as Best).rows.length > least)
    offer(ipog(space, feasible, order, wanted), order.length === strength ? 'all combinations' : 'IPOG')

  const budget = { moves: options.moves, stop: options.stop ?? (() => false) }
  const ended = improve({ model, space, feasible, wanted, least }, options.seed, budget, () => best as Best, offer)
  const { rows, method } = best as unknown as Best
  return {
    ok: true,
    suite: {
      rows: rows.map((row) => Array.from(row)),
      method,
      lowerBound: least,
      gap: rows.length - least,
      tuples,
      ended,
    },
  }
}

interface Task {
  readonly model: CoveringModel
  readonly space: TupleSpace
  readonly feasible: Feasibility
  readonly wanted: Uint8Array
  readonly least: number
}

function improve(
  { model, space, feasible, wanted, least }: Task,
  seed: string,
  budget: SearchBudget,
  best: () => Best,
  offer: (rows: readonly Int16Array[] | undefined, method: CoveringMethod) => void,
): CoveringSuite['ended'] {
  if (best().rows.length <= least) return 'at the lower bound'
  const values = uniform(model)
  // Slices that double, each beginning from the best so far: no way of searching waits for another to end.
  for (let round = 0, size = FIRST_SLICE; budget.moves > 0; round++, size *= 2) {
    const slice = (share: number): SearchBudget => ({
      moves: Math.ceil(Math.min(size, budget.moves) * share),
      stop: budget.stop,
    })
    const own = `${seed}:${round}`
    let spent = 0
    if (values !== undefined) {
      const share = slice(STRUCTURED_SHARE)
      spent = share.moves
      const structured = { values, least, seed: own, budget: share, best: () => best().rows, offer }
      if (model.strength > 2) bySymmetry(space, feasible, structured)
      else byStarter(model.levels.length, structured, (fewer, moves) => equalPairs(model, fewer, own, moves))
      if (best().rows.length <= least) return 'at the lower bound'
      if (budget.stop()) return 'told to stop'
    }
    const share = slice(values === undefined ? 1 : 1 - STRUCTURED_SHARE)
    spent += share.moves
    const random = createRandom(own, 'covering:search')
    const { rows, ended } = shrink({ space, feasible, wanted, least, random }, best().rows, share)
    offer(rows, 'tabu search')
    if (ended !== 'moves used up') return ended
    budget.moves -= spent
  }
  return 'moves used up'
}

/** The number of values where all factors have the same, and no condition speaks. */
function uniform({ levels, conditions = [] }: CoveringModel): number | undefined {
  const [first] = levels
  return conditions.length === 0 && levels.every((each) => each === first) ? first : undefined
}

/** A pairwise suite for as many factors, of fewer values. */
function equalPairs(
  { levels }: CoveringModel,
  values: number,
  seed: string,
  moves: number,
): readonly Int16Array[] | undefined {
  const made = coveringArray({ levels: levels.map(() => values), strength: 2 }, { seed, moves })
  return made.ok ? made.suite.rows.map((row) => Int16Array.from(row)) : undefined
}

/** Constructions that need no search. */
function offerExact(
  levels: readonly number[],
  strength: number,
  offer: (rows: readonly Int16Array[] | undefined, method: CoveringMethod) => void,
): void {
  const most = levels.reduce((a, b) => Math.max(a, b), 1)
  if (most === 2 && levels.every((each) => each === 2)) {
    if (strength === 2) offer(binaryPairs(levels.length), 'binary')
    if (strength === 3 && levels.length > DOUBLED_FROM) offer(doubledFrom(levels.length), 'doubling')
  }
  // A little larger field serves too: what is no value of a factor becomes one.
  for (let values = most; values <= Math.min(most + 2, 64) && values ** strength <= 100_000; values++) {
    if (mostOrthogonalFactors(values, strength) < levels.length) continue
    const rows = orthogonalArray(levels.length, values, strength)
    offer(
      rows?.map((row) => row.map((value, factor) => value % (levels[factor] ?? 1))),
      'orthogonal array',
    )
    return
  }
}

/** Doubles from a suite small enough for the search. */
function doubledFrom(factors: number): readonly Int16Array[] | undefined {
  const half = Math.ceil(factors / 2)
  if (half > DOUBLED_FROM) {
    const smaller = doubledFrom(half)
    return smaller === undefined ? undefined : doubled(smaller, factors)
  }
  const levels = Array.from({ length: half }, () => 2)
  const made = coveringArray({ levels, strength: 3 }, { seed: 'doubling', moves: 20_000 })
  return made.ok
    ? doubled(
        made.suite.rows.map((row) => Int16Array.from(row)),
        factors,
      )
    : undefined
}

/** With conditions: the most combinations any one choice of factors has, for a row holds one of each. */
function leastWanted({ base, choices, total }: TupleSpace, wanted: Uint8Array): number {
  let most = 0
  for (let choice = 0; choice < choices; choice++) {
    const end = choice + 1 < choices ? (base[choice + 1] as number) : total
    let count = 0
    for (let tuple = base[choice] as number; tuple < end; tuple++) count += wanted[tuple] as number
    most = Math.max(most, count)
  }
  return most
}
