import type { Column, Expr, Literal } from '../../expr/expr.ts'
import type { Value } from '../../expr/value.ts'
import { ask, type Demand } from '../../targets/smt/index.ts'
import type { Asked } from '../asked.ts'
import { byPredicates } from '../predicates/decide.ts'
import { type Asking, type Columns, satisfiable } from '../satisfiable.ts'
import { boundsOf, replaced } from './bounds.ts'
import { distanceOf, type Move, type Repair, repairOf, smaller, WORTH_MORE_MOVES } from './repair.ts'
import { closest, NEGLIGIBLE, shown } from './rounding.ts'

const NO_COLUMNS: Columns = new Map()
/** Columns that no relation has stand for the bounds that may move. */
const freeName = (i: number): string => `\0free${i}`
/** Totals of several moves that are tried until there are moves of so much. */
const FIRST_TOTAL = 0.25
const GROWTH = 4
const GREATEST_TOTAL = 2 ** 40
/** Halvings of the total way of several bounds. */
const HALVINGS = 24

/** A number in a demand of the conflict. */
interface Bound {
  readonly name: string
  readonly literal: Literal
}

/** What bounds are put at, by their place among those of the conflict. */
type Placed = ReadonlyMap<Bound, Literal>

/**
 * The change of bounds that is smallest in total and resolves a conflict, confirmed on a row: of one bound where no more are
 * needed, unless several move less. Undefined where no change of bounds does.
 */
export async function smallestRepair(conflict: readonly Asked[], asking: Asking): Promise<Repair | undefined> {
  const bounds = conflict.flatMap(({ demand: { name, expr } }) => boundsOf(expr).map((literal) => ({ name, literal })))
  let best: Repair | undefined
  for (const bound of bounds) {
    const [found] = (await nearest(conflict, [bound], asking)) ?? []
    const move = found === undefined ? undefined : await settled(conflict, bound, new Map(), found[1], asking)
    if (move !== undefined) best = smaller(best, repairOf([move]))
  }
  if (bounds.length < 2) return best
  return smaller(best, await together(conflict, bounds, best?.distance, asking))
}

/** Several bounds at once, where that moves less in total than `least`. */
async function together(
  conflict: readonly Asked[],
  bounds: readonly Bound[],
  least: number | undefined,
  asking: Asking,
): Promise<Repair | undefined> {
  // Bounded questions are answered quickly where asking for the least total is not.
  let [low, high] = [0, least === undefined ? FIRST_TOTAL : least * WORTH_MORE_MOVES]
  const greatest = least === undefined ? GREATEST_TOTAL : high
  let found = await nearest(conflict, bounds, asking, high)
  while (found === undefined && high < greatest) {
    low = high
    high *= GROWTH
    found = await nearest(conflict, bounds, asking, high)
  }
  if (found === undefined) return undefined
  high = totalOf(found)
  for (let i = 0; i < HALVINGS && high - low > NEGLIGIBLE * Math.max(1, high); i++) {
    // Mostly what was found first is the least there is.
    const middle = i === 0 ? Math.max(low, high - NEGLIGIBLE * Math.max(1, high)) : (low + high) / 2
    const better = await nearest(conflict, bounds, asking, middle)
    if (better === undefined) low = middle
    else {
      found = better
      high = Math.min(middle, totalOf(better))
    }
  }
  // Of moves that are as far together, the fewest.
  for (const [bound] of found) {
    const others = found.flatMap(([other]) => (other === bound ? [] : [other]))
    const better = await nearest(conflict, others, asking, high + 2 * NEGLIGIBLE * Math.max(1, high))
    if (better !== undefined) found = better
  }
  const reached = new Map(found)
  let placed: Placed = new Map(found.map(([bound, value]) => [bound, literalAt(bound.literal, value)]))
  const far = [...placed.keys()].toSorted((a, b) => movedBy(a, placed) - movedBy(b, placed))
  const moves: Move[] = []
  for (const bound of far) {
    const others: Placed = new Map([...placed].filter(([other]) => other !== bound))
    // One that need not move stays.
    if (await meets(conflict, others, asking)) {
      placed = others
      continue
    }
    const at = reached.get(bound)
    const move = at === undefined ? undefined : await settled(conflict, bound, others, at, asking)
    if (move === undefined) return undefined
    moves.push(move)
    placed = new Map([...others, [bound, move.to]])
  }
  return repairOf(bounds.flatMap(({ literal }) => moves.filter(({ from }) => from === literal)))
}

const totalOf = (values: readonly (readonly [Bound, Value])[]): number =>
  values.reduce((sum, [{ literal }, value]) => sum + distanceOf(Number(literal.value), Number(value)), 0)

function movedBy(bound: Bound, placed: Placed): number {
  return distanceOf(Number(bound.literal.value), Number(placed.get(bound)?.value))
}

function literalAt({ type }: Literal, value: Value): Literal {
  return { node: 'literal', type, value: typeof value === 'bigint' ? String(value) : Number(value) }
}

/** The demands with bounds put elsewhere. */
function demandsWith(conflict: readonly Asked[], placed: ReadonlyMap<Bound, Column | Literal>): readonly Demand[] {
  const by = new Map<Expr, Column | Literal>([...placed].map(([{ literal }, put]) => [literal, put]))
  return conflict.map(({ demand }) => ({ ...demand, expr: replaced(demand.expr, by) }))
}

async function meets(conflict: readonly Asked[], placed: Placed, asking: Asking): Promise<boolean> {
  const demands = demandsWith(conflict, placed)
  const decided = byPredicates(conflict.map((each, i) => ({ ...each, demand: demands[i] ?? each.demand })))
  return (decided ?? (await satisfiable(demands, NO_COLUMNS, asking))).kind === 'satisfiable'
}

/**
 * Asks where the bounds have to be so that there is a row, at the least total distance (or any that is at most `most`): those
 * that move, and where to. Undefined where there is none, or no answer.
 */
async function nearest(
  conflict: readonly Asked[],
  bounds: readonly Bound[],
  asking: Asking,
  most?: number,
): Promise<readonly (readonly [Bound, Value])[] | undefined> {
  if (bounds.length === 0) return undefined
  const columns = bounds.map(({ literal }, i): Column => ({ node: 'column', name: freeName(i), type: literal.type }))
  const placed = new Map(bounds.map((bound, i) => [bound, columns[i] as Column]))
  const given = columns.map((operand): Demand => {
    const expr: Expr = { node: 'is-missing', type: { kind: 'bool' }, operand, negated: true }
    return { name: `(${operand.name})`, expr, missing: 'fail', holds: true }
  })
  const question = ask([...demandsWith(conflict, placed), ...given], NO_COLUMNS, false)
  const goals = columns.map((column, i) => ({
    column: column.name,
    kind: column.type.kind === 'int' ? ('int' as const) : ('double' as const),
    value: bounds[i]?.literal.value as number | string,
  }))
  const query = question.nearest(goals, most)
  if (query === null) return undefined
  const answer = await asking.solver.check(query, asking.limits)
  const row = answer.kind === 'sat' ? question.row(answer.values) : undefined
  if (row === undefined) return undefined
  return bounds.flatMap((bound, i) => {
    const value = row.get(freeName(i)) ?? null
    return value === null || String(value) === String(bound.literal.value) ? [] : [[bound, value] as const]
  })
}

/** A bound at the nearest number that serves, the others being where they are; undefined where what the solver said is not so. */
async function settled(
  conflict: readonly Asked[],
  bound: Bound,
  others: Placed,
  value: Value,
  asking: Asking,
): Promise<Move | undefined> {
  const serves = (to: Literal): Promise<boolean> => meets(conflict, new Map([...others, [bound, to]]), asking)
  const { nearest: near, isAttained } = await closest(bound.literal, value, serves)
  for (const to of shown(bound.literal, near, isAttained)) {
    if (await serves(to)) return { name: bound.name, from: bound.literal, to }
  }
  return undefined
}
