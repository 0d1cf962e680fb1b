import type { Random } from '../stats/prng.ts'
import { createCounts, type Classes } from './counts.ts'
import type { Feasibility } from './feasible.ts'
import { type TupleSpace, writeTuple } from './tuples.ts'

/** How long is searched. */
export interface SearchBudget {
  /** Moves left; counted down. */
  moves: number
  /** Asked every few hundred moves: true ends the search. */
  readonly stop: () => boolean
}

/** What is searched. */
export interface SearchTask {
  readonly space: TupleSpace
  readonly feasible: Feasibility
  readonly wanted: Uint8Array
  /** Combinations that count as one; absent = each counts by itself. */
  readonly classes?: Classes
  /** No suite is smaller. */
  readonly least: number
  readonly random: Random
}

/** Moves for which a cell's earlier value is not taken back. */
const TABU = 4
const ASK_EVERY = 256

/**
 * Makes a covering suite smaller while the budget lasts: takes the row away that is missed least, then covers what is open again
 * by changing single cells, each time the best change for a randomly chosen open combination, not taking back the last few.
 * Source: K. J. Nurmela, "Upper bounds for covering arrays by tabu search", Discrete Applied Mathematics 138 (2004).
 *
 * @returns the smallest suite found, and whether it is at the bound, or the search ended before
 */
export function shrink(
  task: SearchTask,
  start: readonly Int16Array[],
  budget: SearchBudget,
): { readonly rows: Int16Array[]; readonly ended: 'at the lower bound' | 'moves used up' | 'told to stop' } {
  let best = start.map((row) => row.slice())
  const counts = createCounts(task.space, task.wanted, task.classes, best)
  const rows = best.map((row) => row.slice())
  const tabu = new Map<number, number>()
  let move = 0
  for (;;) {
    if (counts.open() === 0) {
      best = rows.map((row) => row.slice())
      if (rows.length <= task.least) return { rows: best, ended: 'at the lower bound' }
      counts.remove(rows, leastMissed(counts, rows))
      tabu.clear()
      continue
    }
    if (budget.moves-- <= 0) return { rows: best, ended: 'moves used up' }
    if (++move % ASK_EVERY === 0 && budget.stop()) return { rows: best, ended: 'told to stop' }
    step(task, counts, rows, tabu, move)
  }
}

type Counts = ReturnType<typeof createCounts>

function leastMissed(counts: Counts, rows: readonly Int16Array[]): number {
  let found = 0
  let least = Number.POSITIVE_INFINITY
  for (const [i, row] of rows.entries()) {
    const missed = counts.missedWithout(row)
    if (missed < least) {
      least = missed
      found = i
    }
  }
  return found
}

/** One move: the best single-cell change that covers an open combination, ties broken by chance. */
function step(task: SearchTask, counts: Counts, rows: Int16Array[], tabu: Map<number, number>, move: number): void {
  const { space, feasible, random } = task
  const { strength, factors, levels } = space
  const { choice, values } = counts.pick(random)
  const first = choice * strength
  const width = levels.length
  let bestGain = Number.NEGATIVE_INFINITY
  let bestRow = -1
  let bestAt = -1
  let ties = 0
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as Int16Array
    let differs = -1
    for (let m = 0; m < strength; m++) {
      if (row[factors[first + m] as number] === values[m]) continue
      differs = differs === -1 ? m : -2
      if (differs === -2) break
    }
    if (differs < 0) continue
    const factor = factors[first + differs] as number
    const to = values[differs] as number
    const until = tabu.get((r * width + factor) * 32_768 + to)
    if (until !== undefined && until >= move) continue
    if (!stays(feasible, row, factor, to)) continue
    const gain = counts.gainOf(row, factor, to)
    if (gain > bestGain) {
      bestGain = gain
      ties = 1
    } else if (gain < bestGain || random.int(++ties) !== 0) continue
    bestRow = r
    bestAt = differs
  }
  if (bestRow < 0) return overwrite(task, counts, rows)
  const row = rows[bestRow] as Int16Array
  const factor = factors[first + bestAt] as number
  tabu.set((bestRow * width + factor) * 32_768 + (row[factor] as number), move + 1 + random.int(TABU))
  if (tabu.size > 64) for (const [cell, until] of tabu) if (until < move) tabu.delete(cell)
  counts.change(row, factor, values[bestAt] as number)
}

function stays(feasible: Feasibility, row: Int16Array, factor: number, to: number): boolean {
  if (feasible.bound[factor] !== true) return true
  const from = row[factor] as number
  row[factor] = to
  const fits = feasible.fits(row, factor)
  row[factor] = from
  return fits
}

/** No row is one cell away: a random one takes the whole combination, and is completed as the conditions need it. */
function overwrite({ space, feasible, random }: SearchTask, counts: Counts, rows: Int16Array[]): void {
  const { tuple, choice, values } = counts.pick(random)
  const row = rows[random.int(rows.length)] as Int16Array
  const wish = new Int16Array(space.levels.length).fill(-1)
  if (tuple >= 0) writeTuple(space, tuple, wish)
  else for (const [m, value] of values.entries()) wish[space.factors[choice * space.strength + m] as number] = value
  const bound = feasible.bound
  const done = feasible.complete(wish)
  if (typeof done !== 'object') return
  // What no condition speaks of may stay as it was.
  for (let factor = 0; factor < done.length; factor++)
    if (done[factor] !== -1 && (bound[factor] === true || wish[factor] !== -1))
      counts.change(row, factor, done[factor] as number)
}
