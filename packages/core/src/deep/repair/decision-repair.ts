import type { Literal } from '../../expr/expr.ts'
import { nearestDecision, THOROUGH } from '../decisions/nearest.ts'
import type { Demand, World } from '../decisions/world.ts'
import { grainOf } from './bounds.ts'
import { distanceOf, type Repair, repairOf, sizeOf, smaller, WORTH_MORE_MOVES } from './repair.ts'

/** What a demand that stays costs for each unit that it is not met by: more than any move. */
const STAYS = 1_000
/** Above which a demand that stays is not met. */
const MET = 1e-7
/** Sets of bounds of this size at most are tried before all of them are moved. */
const MOST_TOGETHER = 6

/**
 * The smallest change of bounds with which some decision meets all demands, as far as one was found: of one bound where that is enough,
 * unless several move less in total. The decision found shows that it repairs.
 */
export function smallestDecisionRepair(world: World, movable: ReadonlySet<Literal>): Repair | undefined {
  const bounds = [...new Set(world.demands.flatMap(({ bound }) => (bound && movable.has(bound) ? [bound] : [])))]
  const nearest = (free: readonly Literal[]): Repair | undefined => repairBy(world, free)
  let best = bounds.reduce<Repair | undefined>((least, bound) => smaller(least, nearest([bound])), undefined)
  if (bounds.length < 2) return best
  const together = nearest(bounds)
  if (together === undefined) return best
  let several: Repair | undefined = together
  if (bounds.length > 2 && bounds.length <= MOST_TOGETHER && together.moves.length > 2)
    for (const [i, one] of bounds.entries())
      for (const two of bounds.slice(i + 1)) {
        const pair = nearest([one, two])
        if (pair !== undefined && pair.distance <= several.distance / WORTH_MORE_MOVES) several = pair
      }
  if (best === undefined || several.distance < best.distance * WORTH_MORE_MOVES) best = several
  return best
}

/** Moves of some bounds, the others staying, with which a decision was found. */
function repairBy(world: World, free: readonly Literal[]): Repair | undefined {
  const moving = free.map((bound) => world.demands.filter((demand) => demand.bound === bound))
  const staying = world.demands.filter(({ bound }) => bound === undefined || !free.includes(bound))
  const lackOf = (demands: readonly Demand[]): number => {
    let most = 0
    for (const demand of demands) most = Math.max(most, demand.lack())
    return most
  }
  const { at } = nearestDecision(
    world,
    () => {
      let total = 0
      for (const demand of staying) total += STAYS * Math.max(0, demand.lack())
      for (const [i, demands] of moving.entries()) total += lackOf(demands) / sizeOf(Number(free[i]?.value))
      return total
    },
    THOROUGH,
  )
  world.place(at)
  if (lackOf(staying) > MET) return undefined
  const moves = free.flatMap((bound, i) => {
    const demands = moving[i] ?? []
    const [first] = demands
    const way = lackOf(demands)
    if (first === undefined || way <= MET) return []
    const up = first.comparison.op.startsWith('<') !== (first.comparison.left.node === 'literal')
    const old = Number(bound.value)
    const grain = grainOf(bound)
    // Outwards to the next step: what is searched is a little beyond what is possible.
    const reached = up ? old + way - MET : old - way + MET
    const steps = up ? Math.ceil(reached / grain) : Math.floor(reached / grain)
    const to: Literal = { ...bound, value: Number((steps * grain).toPrecision(12)) }
    return [{ name: first.instance.clause.id, from: bound, to }]
  })
  if (moves.length === 0 || moves.some(({ from, to }) => distanceOf(Number(from.value), Number(to.value)) === 0))
    return undefined
  return repairOf(moves)
}
