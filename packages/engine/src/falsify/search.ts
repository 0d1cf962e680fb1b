import type { CellValue, Point, Space } from './domain.ts'
import { crossover, mutate, specialValues, uniformPoint } from './draw.ts'
import type { Evaluator, Scored, Stop } from './evaluate.ts'
import type { Random } from './random.ts'

/** What the phases found: the stop, if one occurred, and how many i.i.d. draws were decided without violation. */
export interface SearchOutcome {
  readonly stop: Stop | undefined
  readonly phase: SearchPhase
  readonly iidTried: number
  readonly exhausted: boolean
}

/** The part of the search a result comes from. */
export type SearchPhase = 'exhaustive' | 'special' | 'random' | 'mutation' | 'guided'

/** Best points so far, from which the guided search makes its next ones. */
const ELITE = 24
/** Points made from one elite before it is chosen anew. */
const GENERATION = 128
/** Bases whose coordinates are set to special values one at a time. */
const SPECIAL_BASES = 24

/**
 * The whole search, in this order: every point of a small space; special values on starting points; i.i.d. draws (their
 * number alone supports a bound on the probability); mutated starting points; then a guided search that lowers the
 * margin of an elite. Deterministic given `random` and the evaluations.
 */
export async function search(space: Space, evaluator: Evaluator, random: Random): Promise<SearchOutcome> {
  if (space.size <= evaluator.left()) {
    const { stop } = await evaluator.run(everyPoint(space))
    return { stop, phase: 'exhaustive', iidTried: 0, exhausted: stop === undefined }
  }
  const budget = evaluator.left()
  const specials = space.coordinates.map(specialValues)
  let elite: readonly Scored[] = []
  const keep = (decided: readonly Scored[]): void => {
    elite = [...elite, ...decided.filter((scored) => scored.margin !== undefined && !Number.isNaN(scored.margin))]
      .sort((a, b) => (a.margin ?? 0) - (b.margin ?? 0))
      .slice(0, ELITE)
  }

  const first = await evaluator.run(limited(Math.floor(budget * 0.15), specialPoints(space, specials, random)))
  keep(first.decided)
  if (first.stop !== undefined) return { stop: first.stop, phase: 'special', iidTried: 0, exhausted: false }

  const independent = await evaluator.run(
    limited(
      Math.floor(budget * 0.35),
      repeated(() => uniformPoint(space, random)),
    ),
  )
  keep(independent.decided)
  const iidTried = independent.decided.length
  if (independent.stop !== undefined) return { stop: independent.stop, phase: 'random', iidTried, exhausted: false }

  const bases = space.starts.length > 0 ? space.starts : independent.decided.map((scored) => scored.point)
  const base = (): Point => bases[random.int(Math.max(1, bases.length))] ?? space.simplest
  const mutated = await evaluator.run(
    limited(
      Math.floor(budget * 0.2),
      repeated(() => mutate(base(), space, specials, random)),
    ),
  )
  keep(mutated.decided)
  if (mutated.stop !== undefined) return { stop: mutated.stop, phase: 'mutation', iidTried, exhausted: false }

  while (evaluator.left() > 0) {
    const parents = elite
    const child = (): Point => {
      // Squaring prefers the better ones; a tenth starts anew, so that one basin does not hold the search.
      const parent = parents[Math.floor(random.float() ** 2 * parents.length)]?.point
      if (parent === undefined || random.float() < 0.1) return mutate(base(), space, specials, random)
      const other = parents[random.int(parents.length)]?.point
      const crossed = other !== undefined && random.float() < 0.2 ? crossover(parent, other, random) : parent
      return mutate(crossed, space, specials, random)
    }
    const before = evaluator.left()
    const guided = await evaluator.run(limited(Math.min(before, GENERATION), repeated(child)))
    keep(guided.decided)
    if (guided.stop !== undefined) return { stop: guided.stop, phase: 'guided', iidTried, exhausted: false }
    if (evaluator.left() === before) break
  }
  return { stop: undefined, phase: 'guided', iidTried, exhausted: false }
}

function* everyPoint(space: Space): Generator<Point> {
  const lists = space.coordinates.map((coordinate): readonly CellValue[] => {
    if (coordinate.values !== undefined) return coordinate.values
    const numbers = Array.from({ length: coordinate.high - coordinate.low + 1 }, (_, i) => coordinate.low + i)
    return coordinate.domain.optional === true ? [...numbers, null] : numbers
  })
  const counters = lists.map(() => 0)
  for (;;) {
    yield lists.map((list, i) => list[counters[i] ?? 0] ?? null)
    let axis = lists.length - 1
    while (axis >= 0) {
      counters[axis] = (counters[axis] ?? 0) + 1
      if ((counters[axis] ?? 0) < (lists[axis]?.length ?? 0)) break
      counters[axis] = 0
      axis--
    }
    if (axis < 0) return
  }
}

/** The simplest point and some starting points, with one coordinate at a time at each of its special values. */
function* specialPoints(space: Space, specials: readonly (readonly CellValue[])[], random: Random): Generator<Point> {
  const bases: Point[] = [space.simplest, space.coordinates.map((c, i) => specials[i]?.[0] ?? c.low)]
  while (bases.length < SPECIAL_BASES) {
    bases.push(space.starts[random.int(Math.max(1, space.starts.length))] ?? uniformPoint(space, random))
  }
  for (const base of bases) {
    yield base
    for (const [i, values] of specials.entries()) {
      for (const value of values) if (value !== base[i]) yield base.with(i, value)
    }
  }
}

function* repeated(make: () => Point): Generator<Point> {
  for (;;) yield make()
}

function* limited(count: number, points: Iterable<Point>): Generator<Point> {
  let left = count
  if (left <= 0) return
  for (const point of points) {
    yield point
    if (--left <= 0) return
  }
}
