import {
  type Digests,
  type EveryClause,
  type InconclusiveReason,
  type Instance,
  type MustClause,
  type Statement,
  stats,
  type Witness,
} from '@plumbline/core'
import type { MeasuredInstance } from '../decide/measured.ts'
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
  family: SampledFamily = { slices: 1, drawn: false },
): Statement {
  const n = counts.rows - counts.excluded
  if (family.drawn && n > 0) return sampledStatement(instance, digests, counts, unassigned, witnesses, family.slices)
  const holds = everyHolds(instance.clause, counts)
  const measured = measuredOf(counts, unassigned, witnesses)
  const base = baseOf(instance, digests, 'scan')
  if (holds === undefined) return { ...base, ...measured, verdict: 'inconclusive', reason: 'empty-relation' }
  return { ...base, ...measured, verdict: holds ? 'satisfied' : 'violated' }
}

/** Whether an `every` instance was counted on drawn rows, and how many slices its clause has. */
export interface SampledFamily {
  readonly slices: number
  readonly drawn: boolean
}

function measuredOf(counts: EveryCounts, unassigned: number, witnesses: readonly Witness[]) {
  const n = counts.rows - counts.excluded
  return {
    n,
    measured: n === 0 ? null : (n - counts.failing) / n,
    missing: counts.missing,
    excluded: counts.excluded,
    unassigned_rows: unassigned,
    failing: counts.failing,
    witnesses,
  }
}

/**
 * The statement of an `every` instance on drawn rows: what failed bounds the failing share of all rows, by the exact interval of Clopper and
 * Pearson, which is wider than needed for rows drawn without replacement. The slices of a clause share α (Bonferroni). A row that was
 * found failing where none may is proof, whatever the interval; that none was found is none.
 */
function sampledStatement(
  instance: Instance & { readonly clause: EveryClause },
  digests: Digests,
  counts: EveryCounts,
  unassigned: number,
  witnesses: readonly Witness[],
  slices: number,
): Statement {
  const { mostly, confidence = 0.95 } = instance.clause
  const n = counts.rows - counts.excluded
  const level = 1 - (1 - confidence) / slices
  const { low, high } = stats.clopperPearson(counts.failing, n, level)
  const failing_share = { low, high, level, method: 'clopper-pearson' }
  const found = { ...measuredOf(counts, unassigned, witnesses), failing_share }
  const base = baseOf(instance, digests, 'interval')
  const allowed = 1 - Number(mostly)
  const isExact = Number(mostly) === 1
  if (isExact ? counts.failing > 0 : low > allowed) return { ...base, ...found, verdict: 'violated' }
  if (!isExact && high <= allowed) return { ...base, ...found, verdict: 'satisfied' }
  return { ...base, ...found, verdict: 'inconclusive', reason: 'interval-straddles-bound' }
}

/** The statement of a `must` instance. */
export function mustStatement(
  instance: Instance & { readonly clause: MustClause },
  digests: Digests,
  { n, curves }: Pick<MeasuredInstance, 'n' | 'curves'>,
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
    ...(curves === undefined ? {} : { curves }),
  }
  const base = baseOf(instance, digests, outcome.estimated ? 'interval' : 'exact')
  const empty = n === 0 && !instance.clause.allowEmpty
  const reason: InconclusiveReason | undefined = empty ? 'empty-relation' : outcome.reason
  if (empty || outcome.verdict === 'inconclusive') {
    const cause = empty || outcome.cause === undefined ? {} : { cause: outcome.cause }
    return { ...base, ...measured, verdict: 'inconclusive', reason: reason ?? 'interval-straddles-bound', ...cause }
  }
  return { ...base, ...measured, verdict: outcome.verdict }
}
