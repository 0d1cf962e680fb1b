import { type Asking, type Columns, finishing, satisfiable } from './satisfiable.ts'
import type { RecordValue } from '../expr/value.ts'
import type { Asked } from './asked.ts'
import { createDecider, type Decided, type Decider } from './predicates/decide.ts'
import { findRow } from './search.ts'

/** Where a row is looked for first, and what decides questions there. */
export interface Near {
  readonly row: RecordValue
  readonly decider: Decider
}

export const nearNothing = (asked: readonly Asked[]): Near => ({ row: new Map(), decider: createDecider(asked) })

/** What is decided without a solver: by predicates, or by a row that is found. */
export function decidedNear(asked: readonly Asked[], { row, decider }: Near): Decided {
  const decided = decider.loosely(asked) ?? decider.onCells(asked)
  // A search that changes a cell or two tries no other values.
  if (decided === 'none') return undefined
  if (decided !== undefined) return decided
  const found = findRow(asked, row)
  return found && { kind: 'satisfiable', row: found }
}

const NO_COLUMNS: Columns = new Map()

/** Demands that no row meets together, of which none can be left out. */
export async function minimalConflict(
  asked: readonly Asked[],
  asking: Asking,
  near: Near = nearNothing(asked),
  /** Whether it was tried already without the solver, in vain. */
  isHard = false,
): Promise<readonly Asked[] | 'satisfiable' | 'unknown'> {
  const first = await coreOf(asked, asking, near, isHard)
  if (typeof first === 'string') return first
  const patient = first.every(({ demand }) => demand.holds) ? finishing(asking) : asking
  let left: readonly Asked[] = first
  // Deletion: what is still a conflict without a demand does not need it (Chinneck and Dravnieks 1991, the deletion filter).
  for (const each of left) {
    const without = left.filter((other) => other !== each)
    if (without.length === left.length) continue
    const core = await coreOf(without, patient, near)
    if (typeof core !== 'string') left = core
  }
  return left
}

/** Demands that are enough for a conflict: decided by predicates or a row, and asked of the solver where neither does. */
async function coreOf(
  asked: readonly Asked[],
  asking: Asking,
  near: Near,
  isHard = false,
): Promise<readonly Asked[] | 'satisfiable' | 'unknown'> {
  const decided = isHard ? undefined : decidedNear(asked, near)
  if (decided !== undefined) return decided.kind === 'satisfiable' ? 'satisfiable' : decided.core
  if (asking.isMute?.() === true) return 'unknown'
  const answer = await satisfiable(
    asked.map(({ demand }) => demand),
    NO_COLUMNS,
    { ...asking, cores: true },
  )
  return answer.kind === 'unsatisfiable' ? asked.filter(({ demand }) => answer.core.includes(demand.name)) : answer.kind
}
