import type { Feasibility } from './feasible.ts'
import { FREE } from './model.ts'
import { type TupleSpace, writeTuple } from './tuples.ts'

/**
 * Rows that cover every combination marked in `wanted`, by in-parameter-order growth: each further factor first extends the
 * rows there are by the value that covers most, then new rows take what is left. Cells that do not matter are filled.
 * Source: Y. Lei, R. Kacker, D. R. Kuhn, V. Okun, J. Lawrence, "IPOG: A general strategy for t-way software testing" (2007).
 *
 * @param order factors, those with most values first
 * @param wanted 1 for each combination that some allowed row has
 */
export function ipog(
  space: TupleSpace,
  feasible: Feasibility,
  order: readonly number[],
  wanted: Uint8Array,
): Int16Array[] {
  const { strength, levels } = space
  const open = wanted.slice()
  const rank = new Int32Array(levels.length)
  for (const [i, factor] of order.entries()) rank[factor] = i
  const completing = choicesByLast(space, rank)
  const rows: Int16Array[] = []
  for (let i = strength - 1; i < order.length; i++) {
    const factor = order[i] ?? 0
    const choices = completing[factor] ?? []
    if (i >= strength) for (const row of rows) extend(space, feasible, factor, choices, row, open)
    fillUp(space, feasible, choices, rows, open)
  }
  for (const row of rows) fillFree(space, feasible, row)
  return rows
}

/** For each factor the choices of which it is the last in order. */
function choicesByLast({ strength, levels, factors, choices }: TupleSpace, rank: Int32Array): readonly number[][] {
  const found: number[][] = levels.map(() => [])
  for (let choice = 0; choice < choices; choice++) {
    let last = factors[choice * strength] as number
    for (let m = 1; m < strength; m++) {
      const other = factors[choice * strength + m] as number
      if ((rank[other] as number) > (rank[last] as number)) last = other
    }
    found[last]?.push(choice)
  }
  return found
}

/** The combination of a choice in a row; −1 where a cell is free. */
function tupleIn({ strength, factors, stride, base }: TupleSpace, choice: number, row: Int16Array): number {
  let tuple = base[choice] as number
  for (let m = choice * strength; m < (choice + 1) * strength; m++) {
    const value = row[factors[m] as number] as number
    if (value === FREE) return FREE
    tuple += value * (stride[m] as number)
  }
  return tuple
}

/** Gives the factor the value by which the row covers most that is still open. */
function extend(
  space: TupleSpace,
  feasible: Feasibility,
  factor: number,
  choices: readonly number[],
  row: Int16Array,
  open: Uint8Array,
): void {
  const { strength, factors, stride, levels } = space
  const values = levels[factor] ?? 0
  const gains = new Int32Array(values)
  row[factor] = 0
  for (const choice of choices) {
    const first = tupleIn(space, choice, row)
    if (first === FREE) continue
    let step = 0
    for (let m = choice * strength; m < (choice + 1) * strength; m++)
      if (factors[m] === factor) step = stride[m] as number
    for (let value = 0; value < values; value++)
      gains[value] = (gains[value] as number) + (open[first + value * step] as number)
  }
  const best = Array.from(gains.keys()).toSorted((a, b) => (gains[b] as number) - (gains[a] as number))
  row[factor] = FREE
  for (const value of best) {
    if (gains[value] === 0) break
    row[factor] = value
    if (admits(feasible, row, factor)) break
    row[factor] = FREE
  }
  if (row[factor] !== FREE) cover(space, choices, row, open)
}

function cover(space: TupleSpace, choices: readonly number[], row: Int16Array, open: Uint8Array): void {
  for (const choice of choices) {
    const tuple = tupleIn(space, choice, row)
    if (tuple !== FREE) open[tuple] = 0
  }
}

/** Whether some allowed row has what is chosen so far. */
function admits(feasible: Feasibility, row: Int16Array, factor: number): boolean {
  if (feasible.bound[factor] !== true) return true
  return feasible.fits(row, factor) && typeof feasible.complete(row) === 'object'
}

/** Puts each open combination into a row that has room for it, or into a new one. */
function fillUp(
  space: TupleSpace,
  feasible: Feasibility,
  choices: readonly number[],
  rows: Int16Array[],
  open: Uint8Array,
): void {
  const { strength, factors, base, levels } = space
  const wish = new Int16Array(levels.length).fill(FREE)
  for (const choice of choices) {
    const own = Array.from(factors.subarray(choice * strength, (choice + 1) * strength))
    const size = own.reduce((product, factor) => product * (levels[factor] ?? 1), 1)
    const first = base[choice] as number
    for (let tuple = first; tuple < first + size; tuple++) {
      if (open[tuple] === 0) continue
      writeTuple(space, tuple, wish)
      const row = rows.find((each) => takes(feasible, each, wish, own))
      if (row === undefined) rows.push(wish.slice())
      cover(space, choices, row ?? wish, open)
    }
    for (const factor of own) wish[factor] = FREE
  }
}

/** Writes the wished cells into the row where they are free or equal, and the row stays possible. */
function takes(feasible: Feasibility, row: Int16Array, wish: Int16Array, own: readonly number[]): boolean {
  if (own.some((factor) => row[factor] !== FREE && row[factor] !== wish[factor])) return false
  const free = own.filter((factor) => row[factor] === FREE)
  for (const factor of free) row[factor] = wish[factor] as number
  if (free.every((factor) => admits(feasible, row, factor))) return true
  for (const factor of free) row[factor] = FREE
  return false
}

/** Chooses what is still free: as the conditions need it, else 0. */
function fillFree({ levels }: TupleSpace, feasible: Feasibility, row: Int16Array): void {
  const done = feasible.complete(row)
  if (typeof done === 'object') row.set(done)
  for (let factor = 0; factor < levels.length; factor++) if (row[factor] === FREE) row[factor] = 0
}
