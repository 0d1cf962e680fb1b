import type { MustClause } from '../clause/clause.ts'
import type { Expr } from '../expr/expr.ts'
import { decidabilityOf } from './decidability.ts'
import type { Resampled } from './numbers/decisions.ts'
import type { RowCount } from './rows-at-hand.ts'

/** What stands against a slice when all slices of a clause are to be satisfied. */
export interface HeldUp {
  /** Of Holm's procedure: the step at which the slice would have to be decided, so that α is divided by it. */
  readonly step: number
  /** The comparison that no outcome of its rows shows at that level. */
  readonly comparison: string
  readonly rows: number
  readonly rowsToHold?: number
}

/**
 * Slices of a clause that cannot be satisfied together with the others, though each could be alone: with the best outcome in all of them,
 * Holm's procedure takes the slices by their p and asks the first at α / slices, the next at α / (slices − 1) (S. Holm 1979). By position of
 * the slice; absent: nothing stands against it. Only for conditions all of whose comparisons have to hold.
 */
export function heldUpBySlices(
  clause: MustClause,
  counts: readonly (RowCount | undefined)[],
  resampled: Resampled = new Map(),
): ReadonlyMap<number, HeldUp> {
  const found = new Map<number, HeldUp>()
  if (!isConjunction(clause.must.condition)) return found
  const fails = (slice: number, step: number) => {
    const count = counts[slice]
    return count === undefined || count.rows === 0
      ? undefined
      : decidabilityOf(clause, { count, resampled, effects: false }, step).find(({ canHold }) => !canHold)
  }
  // The steps at which a slice is shown, from the most lenient; with fewer rows, fewer of them. That is the order of the best p.
  const reach = clause.slices.map((_, slice) => {
    let step = 0
    while (step < clause.slices.length && fails(slice, step + 1) === undefined) step++
    return { slice, step }
  })
  const order = reach.toSorted((a, b) => b.step - a.step)
  for (const [i, { slice, step }] of order.entries()) {
    const due = clause.slices.length - i
    // What cannot be shown at any level is another finding.
    const failing = step >= due || step === 0 ? undefined : fails(slice, due)
    if (failing === undefined) continue
    const { comparison, rows, rowsToHold } = failing
    found.set(slice, { step: due, comparison, rows, ...(rowsToHold === undefined ? {} : { rowsToHold }) })
  }
  return found
}

const isConjunction = (expr: Expr): boolean =>
  expr.node === 'comparison' || (expr.node === 'and' && expr.args.every(isConjunction))
