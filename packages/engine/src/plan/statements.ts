import type {
  Digests,
  ErrorReason,
  EveryClause,
  Failed,
  InconclusiveReason,
  Instance,
  MustClause,
  Skipped,
  SkippedReason,
  Statement,
  Witness,
} from '@plumbline/core'
import type { MustVerdict } from '../decide/must.ts'
import type { EveryCounts } from './every.ts'
import { atLeastShare } from './exact.ts'

/** What every statement of an instance says first. */
export function baseOf(instance: Instance, digests: Digests, method: string) {
  const { clause, relation, stage, slice } = instance
  return {
    clause: clause.id,
    form: clause.form,
    stage,
    severity: clause.severity,
    relation,
    slice: slice.name,
    method,
    digests,
  }
}

/** An instance that could not be decided because something failed. */
export function failed(instance: Instance, digests: Digests, reason: ErrorReason, cause: string): Failed {
  return { ...baseOf(instance, digests, 'none'), verdict: 'error', reason, cause }
}

/** An instance that was not looked at. */
export function skipped(instance: Instance, digests: Digests, reason: SkippedReason, cause?: string): Skipped {
  return { ...baseOf(instance, digests, 'none'), verdict: 'skipped', reason, ...(cause === undefined ? {} : { cause }) }
}

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
