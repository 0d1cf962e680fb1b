import type {
  Digests,
  EveryClause,
  InconclusiveReason,
  Instance,
  MustClause,
  Statement,
  Witness,
} from '@plumbline/core'
import type { MustVerdict } from '../decide/must.ts'
import { baseOf } from '../statement.ts'
import type { EveryCounts } from './every.ts'
import { atLeastShare } from './exact.ts'

/** Whether counted rows satisfy the clause; undefined for an empty relation that may not be empty. */
export function everyHolds(clause: EveryClause, counts: EveryCounts): boolean | undefined {
  const n = counts.rows - counts.excluded
  if (n === 0) return clause.allowEmpty ? true : undefined
  return atLeastShare(n - counts.failing, n, clause.mostly)
}

/** The statement of an `every` instance. */
export function everyStatement(
  instance: Instance & { readonly clause: EveryClause },
  digests: Digests,
  counts: EveryCounts,
  unassigned: number,
  witnesses: readonly Witness[],
): Statement {
  const n = counts.rows - counts.excluded
  const holds = everyHolds(instance.clause, counts)
  const measured = {
    n,
    measured: n === 0 ? null : (n - counts.failing) / n,
    missing: counts.missing,
    excluded: counts.excluded,
    unassigned_rows: unassigned,
    failing: counts.failing,
    witnesses,
  }
  const base = baseOf(instance, digests, 'scan')
  if (holds === undefined) return { ...base, ...measured, verdict: 'inconclusive', reason: 'empty-relation' }
  return { ...base, ...measured, verdict: holds ? 'satisfied' : 'violated' }
}

/** The statement of a `must` instance. */
export function mustStatement(
  instance: Instance & { readonly clause: MustClause },
  digests: Digests,
  n: number,
  unassigned: number,
  outcome: MustVerdict,
): Statement {
  const measured = {
    n,
    measured: outcome.measured,
    missing: Math.max(0, ...outcome.terms.map((term) => term.missing)),
    excluded: 0,
    unassigned_rows: unassigned,
    terms: outcome.terms,
    comparisons: outcome.comparisons,
  }
  const base = baseOf(instance, digests, outcome.estimated ? 'interval' : 'exact')
  const empty = n === 0 && !instance.clause.allowEmpty
  const reason: InconclusiveReason | undefined = empty ? 'empty-relation' : outcome.reason
  if (empty || outcome.verdict === 'inconclusive') {
    return { ...base, ...measured, verdict: 'inconclusive', reason: reason ?? 'interval-straddles-bound' }
  }
  return { ...base, ...measured, verdict: outcome.verdict }
}
