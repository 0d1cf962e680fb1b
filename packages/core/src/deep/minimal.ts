import { type Asking, type Columns, satisfiable } from './satisfiable.ts'
import type { Asked } from './asked.ts'
import { byCases } from './cases.ts'
import { findRow } from './search.ts'

const NO_COLUMNS: Columns = new Map()

/** Demands that no row meets together, of which none can be left out. */
export async function minimalConflict(
  asked: readonly Asked[],
  asking: Asking,
): Promise<readonly Asked[] | 'satisfiable' | 'unknown'> {
  const first = await coreOf(asked, asking)
  if (typeof first === 'string') return first
  let left: readonly Asked[] = first
  // Deletion: what is still a conflict without a demand does not need it (Chinneck and Dravnieks 1991, the deletion filter).
  for (const each of left) {
    const without = left.filter((other) => other !== each)
    if (without.length === left.length) continue
    const core = await coreOf(without, asking)
    if (typeof core !== 'string') left = core
  }
  return left
}

/** Demands that are enough for a conflict: looked for case by case, then a row, and asked of the solver where neither decides. */
async function coreOf(asked: readonly Asked[], asking: Asking): Promise<readonly Asked[] | 'satisfiable' | 'unknown'> {
  const cases = byCases(asked)
  if (cases !== undefined) return cases.kind === 'satisfiable' ? 'satisfiable' : asked
  if (findRow(asked) !== undefined) return 'satisfiable'
  const answer = await satisfiable(
    asked.map(({ demand }) => demand),
    NO_COLUMNS,
    { ...asking, cores: true },
  )
  return answer.kind === 'unsatisfiable' ? asked.filter(({ demand }) => answer.core.includes(demand.name)) : answer.kind
}
