import type { MustClause } from '../../clause/clause.ts'
import type { Literal } from '../../expr/expr.ts'
import { aggregates } from '../../expr/functions/aggregates.ts'
import type { Comparison } from '../../expr/must.ts'
import type { Instance } from '../instance.ts'
import {
  conflictOf,
  decisionsOf,
  isLeastOfDecisions,
  type Measuring,
  type PossibleBounds,
  possibleBounds,
} from '../metric-question.ts'
import { type Asking, impatient } from '../satisfiable.ts'
import { grainOf } from './bounds.ts'
import { smallestDecisionRepair } from './decision-repair.ts'
import { type Repair, repairOf, sizeOf, smaller, WORTH_MORE_MOVES } from './repair.ts'

/** A number that a clause compares something with; it stands once in the spec, however many slices are asked. */
interface Bound {
  readonly clause: MustClause
  readonly comparison: Comparison
  readonly literal: Literal
}

type Placed = ReadonlyMap<Literal, Literal>

/** Steps beyond which the bound of a number without a range is not moved. */
const MOST_STEPS = 2 ** 30
/** Questions that may stay open before the search ends with what it has. */
const MOST_OPEN = 3
/** Halvings of the total way of several bounds. */
const HALVINGS = 12
/** What totals that are the same may differ by, relatively: more than the halvings leave. */
const SLACK = 1e-3

/**
 * The smallest change of bounds with which numbers are possible again, in thousandths: of one bound where that is enough,
 * unless several move less in total. `beside`: what is to be met, too, and stays. Undefined where none is found in the time there is.
 */
export async function smallestMetricRepair(
  measuring: Measuring,
  conflict: readonly Instance[],
  patient: Asking,
  beside: readonly Instance[] = [],
): Promise<Repair | undefined> {
  const asking = impatient(patient, MOST_OPEN)
  const possible = async (placed: Placed): Promise<boolean> =>
    (await conflictOf(measuring, [...withBounds(conflict, placed), ...beside], asking)) === 'possible'
  const bounds = boundsOf(conflict)
  // Of one decision, decisions are tried: no solver multiplies what is not known as fast.
  const world = decisionsOf(measuring, [...conflict, ...beside])
  if (world !== undefined) {
    const found = smallestDecisionRepair(world, new Set(bounds.map(({ literal }) => literal)))
    if (found !== undefined) {
      const isLeast = isLeastOfDecisions(measuring, [...conflict, ...beside], leastProved(found))
      return isLeast ? found : { ...found, searched: true }
    }
  }
  let best: Repair | undefined
  for (const bound of bounds) {
    const to = await nearest(bound, new Map(), possible)
    if (to !== undefined) best = smaller(best, repairOf([{ name: bound.clause.id, from: bound.literal, to }]))
  }
  if (bounds.length < 2) return best
  return smaller(best, await together(measuring, [...conflict, ...beside], bounds, best?.distance, asking, possible))
}

/** What a smaller repair would have to move less than: as much less as several moves are worth, and the steps that numbers are rounded by. */
function leastProved({ moves, distance }: Repair): number {
  const steps = moves.reduce((sum, { from }) => sum + grainOf(from) / sizeOf(Number(from.value)), 0)
  return distance * WORTH_MORE_MOVES - steps
}

/** Several bounds at once, where that moves less in total than `least`. */
async function together(
  measuring: Measuring,
  conflict: readonly Instance[],
  bounds: readonly Bound[],
  least: number | undefined,
  asking: Asking,
  possible: (placed: Placed) => Promise<boolean>,
): Promise<Repair | undefined> {
  let free = bounds.map(({ literal }) => literal)
  const most = least === undefined ? undefined : least * WORTH_MORE_MOVES
  const first = await possibleBounds(measuring, conflict, free, most, asking)
  if (first === undefined) return undefined
  let found: PossibleBounds = first
  for (let i = 0, low = 0; i < HALVINGS; i++) {
    const middle = (low + found.distance) / 2
    const better = await possibleBounds(measuring, conflict, free, middle, asking)
    if (better === undefined) low = middle
    else found = better
  }
  // Of moves that are as far together, the fewest.
  for (const literal of free) {
    const others = free.filter((other) => other !== literal)
    const better: PossibleBounds | undefined =
      others.length === 0
        ? undefined
        : await possibleBounds(measuring, conflict, others, found.distance * (1 + SLACK), asking)
    if (better !== undefined) [free, found] = [others, better]
  }
  const { values } = found
  // Each in turn is put where the others leave it, those that moved least first: they may not have to move at all.
  let placed: Placed = new Map(free.map((literal, i) => [literal, { ...literal, value: values[i] ?? 0 }]))
  const way = (literal: Literal): number => Math.abs(Number(placed.get(literal)?.value) - Number(literal.value))
  const moving = bounds.filter(({ literal }) => free.includes(literal))
  for (const bound of moving.toSorted((a, b) => way(a.literal) - way(b.literal))) {
    const others: Placed = new Map([...placed].filter(([literal]) => literal !== bound.literal))
    if (await possible(others)) placed = others
    else {
      const to = await nearest(bound, others, possible)
      if (to === undefined) return undefined
      placed = new Map([...others, [bound.literal, to]])
    }
  }
  return repairOf(
    bounds.flatMap(({ clause, literal }) => {
      const to = placed.get(literal)
      return to === undefined ? [] : [{ name: clause.id, from: literal, to }]
    }),
  )
}

/** Each constant bound of the clauses once. */
function boundsOf(conflict: readonly Instance[]): readonly Bound[] {
  const moving = conflict.filter(({ given }) => given?.movable !== false)
  return [...new Set(moving.map(({ clause }) => clause))].flatMap((clause) =>
    clause.must.comparisons.flatMap((comparison): readonly Bound[] => {
      const sides = [comparison.left, comparison.right].filter((side) => side.node === 'literal')
      const [literal] = sides
      if (literal === undefined || sides.length > 1 || comparison.op === '!=') return []
      return literal.type.kind === 'int' || literal.type.kind === 'double' ? [{ clause, comparison, literal }] : []
    }),
  )
}

function withBounds(conflict: readonly Instance[], placed: Placed): readonly Instance[] {
  return conflict.map((instance) => {
    const { clause } = instance
    const comparisons = clause.must.comparisons.map((each) => ({
      ...each,
      left: placed.get(each.left as Literal) ?? each.left,
      right: placed.get(each.right as Literal) ?? each.right,
    }))
    return { ...instance, clause: { ...clause, must: { ...clause.must, comparisons } } }
  })
}

/** The nearest number, in whole steps, with which numbers are possible, the others being where they are. */
async function nearest(
  bound: Bound,
  others: Placed,
  possible: (placed: Placed) => Promise<boolean>,
): Promise<Literal | undefined> {
  for (const up of directionsOf(bound)) {
    const at = (step: number): Literal => stepped(bound, step, up)
    let [low, high] = [0, mostSteps(bound, up)]
    const serves = (step: number): Promise<boolean> => possible(new Map([...others, [bound.literal, at(step)]]))
    if (high === 0 || !(await serves(high))) continue
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (await serves(middle)) high = middle
      else low = middle
    }
    return at(high)
  }
  return undefined
}

/** First the way in which a comparison asks less; where it is denied, that is the other one. */
function directionsOf({ comparison: { op, left } }: Bound): readonly boolean[] {
  const up = op.startsWith('<') !== (left.node === 'literal')
  return [up, !up]
}

function stepped(bound: Bound, step: number, up: boolean): Literal {
  const { literal } = bound
  const [old, grain] = [Number(literal.value), grainOf(literal)]
  if (step === 0) return literal
  const moved = up ? Math.ceil(old / grain + step - 1 + 1e-9) : Math.floor(old / grain - step + 1 - 1e-9)
  if (literal.type.kind === 'int') return { ...literal, value: String(moved) }
  const [low, high] = rangeOf(bound)
  const exact = Number((moved * grain).toPrecision(12))
  return { ...literal, value: Math.min(Math.max(exact, low), high) }
}

function mostSteps(bound: Bound, up: boolean): number {
  const [low, high] = rangeOf(bound)
  const old = Number(bound.literal.value)
  const way = up ? high - old : old - low
  return Math.min(MOST_STEPS, Math.max(0, Math.ceil(way / grainOf(bound.literal) - 1e-9)))
}

/** Beyond which a bound asks nothing, or of what nothing is like: where one number is compared, its range. */
function rangeOf({ clause, comparison: { left, right } }: Bound): readonly [number, number] {
  const side = left.node === 'literal' ? right : left
  const term = side.node === 'term' ? clause.must.terms[side.index] : undefined
  const range = term === undefined ? undefined : (aggregates[term.fn] as { range?: readonly [number, number] }).range
  return range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
}
