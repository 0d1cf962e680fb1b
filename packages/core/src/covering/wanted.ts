import type { Feasibility } from './feasible.ts'
import { FREE } from './model.ts'
import { type TupleSpace, writeTuple } from './tuples.ts'

/** Which combinations some allowed row has: 1 in `wanted`; the counts of the others. */
export function wantedTuples(
  space: TupleSpace,
  feasible: Feasibility,
): { readonly wanted: Uint8Array; readonly feasible: number; readonly infeasible: number; readonly undecided: number } {
  const { strength, factors, choices, base, total, levels } = space
  const wanted = new Uint8Array(total).fill(1)
  let infeasible = 0
  let undecided = 0
  const row = new Int16Array(levels.length).fill(FREE)
  if (!feasible.bound.includes(true)) return { wanted, feasible: total, infeasible, undecided }
  for (let choice = 0; choice < choices; choice++) {
    const own = factors.subarray(choice * strength, (choice + 1) * strength)
    const end = choice + 1 < choices ? (base[choice + 1] as number) : total
    for (let tuple = base[choice] as number; tuple < end; tuple++) {
      writeTuple(space, tuple, row)
      const found = feasible.complete(row)
      if (typeof found === 'object') continue
      wanted[tuple] = 0
      if (found === undefined) infeasible++
      else undecided++
    }
    for (const factor of own) row[factor] = FREE
  }
  return { wanted, feasible: total - infeasible - undecided, infeasible, undecided }
}
