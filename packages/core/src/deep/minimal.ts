import { type Asking, type Columns, satisfiable } from './satisfiable.ts'
import type { Asked } from './asked.ts'
import { findRow } from './search.ts'

const NO_COLUMNS: Columns = new Map()

/** Demands that no row meets together, of which none can be left out. */
export async function minimalConflict(
  asked: readonly Asked[],
  asking: Asking,
): Promise<readonly Asked[] | 'satisfiable' | 'unknown'> {
  const first = await satisfiable(
    asked.map(({ demand }) => demand),
    NO_COLUMNS,
    { ...asking, cores: true },
  )
  if (first.kind !== 'unsatisfiable') return first.kind
  let left: readonly Asked[] = asked.filter(({ demand }) => first.core.includes(demand.name))
  // Deletion: what is still a conflict without a demand does not need it (Chinneck and Dravnieks 1991, the deletion filter).
  for (const each of left) {
    const without = left.filter((other) => other !== each)
    if (without.length === left.length || findRow(without) !== undefined) continue
    const answer = await satisfiable(
      without.map(({ demand }) => demand),
      NO_COLUMNS,
      { ...asking, cores: true },
    )
    if (answer.kind === 'unsatisfiable') left = without.filter(({ demand }) => answer.core.includes(demand.name))
  }
  return left
}
