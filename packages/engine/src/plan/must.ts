import type { MustClause, stats, Term } from '@plumbline/core'
import { asNumber, termsOf } from '../decide/arithmetic.ts'
import { planMargin } from '../decide/margin.ts'
import type { MeasuredInstance, MeasuredTerm, PairedEstimate, TermFailure, TermOutcome } from '../decide/measured.ts'
import { isEstimate } from '../decide/must.ts'
import type { Session } from '../duckdb/session.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { OpenRelation, RelationCatalog } from '../relations/relation.ts'
import { expectCounts } from './distance-terms.ts'
import { measureGroupTerm } from './group-terms.ts'
import { askRowTerm, columnsOfTerm, failedTerm } from './row-terms.ts'
import { type CountedTerms, isRowTerm, MOST_ROWS, withEstimate, withRows } from './samples.ts'
import type { Answer, Scan } from './scan.ts'
import { countIf, narrowed, type RowFilter, type Scope } from './scope.ts'
import { FEW_ROWS, valueCounts, type ValueCounts } from './value-counts.ts'

/** What a measurer of model metrics gets: terms that need a label, a decision, a score or times. */
export interface MetricRequest {
  readonly relation: OpenRelation
  /** Relations that terms name. */
  readonly catalog: RelationCatalog
  readonly clause: MustClause
  /** Indexes into `clause.must.terms` it is asked for. */
  readonly terms: readonly number[]
  readonly slice: RowFilter
  readonly session: Session
  readonly random: (purpose: string) => stats.Random
  readonly replicates: number
}

/** Metrics by term index, and paired estimates of their differences where there are any. */
export interface MeasuredMetrics {
  readonly outcomes: ReadonlyMap<number, TermOutcome>
  readonly paired?: PairedEstimate
  readonly curves?: stats.ScoreCurves
}

/** Measures the metrics of models; data relations have none. */
export type MetricMeasurer = (request: MetricRequest) => Promise<MeasuredMetrics>

/** What measuring one instance of a `must` clause needs beside the scan. */
export interface MustContext {
  /** The session of the run, in which models answer. */
  readonly session: Session
  readonly catalog: RelationCatalog
  /** Counts of the relations that terms name. */
  readonly otherCounts: ValueCounts
  /** Counts of the relation itself; counted where its rows are by default. */
  readonly counts?: ValueCounts
  readonly metrics?: MetricMeasurer
  /** Numbers of terms that are counted already. */
  readonly counted?: CountedTerms
  readonly random: (purpose: string) => stats.Random
  readonly replicates: number
}

/** A question put into the scan; `measure` completes it once the scan has run. */
export interface MustAsk {
  measure(
    session: Database,
    context: MustContext,
  ): Promise<
    { readonly ok: true; readonly value: MeasuredInstance } | { readonly ok: false; readonly failure: TermFailure }
  >
}

/** Asks the scan for what one pass gives of the terms of one instance. */
export function askMust(scan: Scan, clause: MustClause, slice: RowFilter): MustAsk {
  const { terms } = clause.must
  const rows = scan.ask(countIf(scan.scope, slice), slice.columns)
  const readers = terms.map((term): TermReader | undefined =>
    term.model === undefined ? askRowTerm(scan, term, slice)?.read : undefined,
  )
  return mustOf(scan.scope, clause, slice, () => scan.answer(rows), readers)
}

/** Makes the value of a term that one pass gave. */
export type TermReader = (resampling: {
  /** The stream for resampling this term. */
  readonly random: () => stats.Random
  readonly replicates: number
}) => TermOutcome

/** A question of which one pass over the rows is done: how many there are, and the terms that it gave. */
export function mustOf(
  scope: Scope,
  clause: MustClause,
  slice: RowFilter,
  rows: () => Answer,
  readers: readonly (TermReader | undefined)[],
): MustAsk {
  return {
    async measure(session, context) {
      const all = rows()
      if (!all.ok) return { ok: false, failure: { reason: failureReason(all.error), cause: all.error.cause } }
      const { outcomes, paired, curves } = await measureTerms(
        session,
        context,
        scope,
        clause,
        slice,
        readers,
        Number(all.value),
      )
      const measured: MeasuredTerm[] = []
      for (const outcome of outcomes) {
        if (!outcome.ok) return outcome
        measured.push(outcome.value)
      }
      const completed = await complete(session, context, scope, clause, slice, measured, paired, Number(all.value))
      if (!completed.ok) return completed
      const drawn = curves === undefined ? {} : { curves }
      const instance = { n: Number(all.value), terms: completed.value, ...drawn }
      return { ok: true, value: paired === undefined ? instance : { ...instance, paired } }
    },
  }
}

/** Whether a comparison of the clause needs more of a term than its own interval, as far as its form tells. */
function isResampled({ must }: MustClause, index: number): boolean {
  const estimated = (at: number): boolean => {
    const term = must.terms[at]
    return term !== undefined && isEstimate(term)
  }
  return must.comparisons
    .filter(({ left, right }) => [...termsOf(left), ...termsOf(right)].includes(index))
    .some((comparison) => planMargin(comparison, estimated, []).kind !== 'affine')
}

const readBy =
  (slice: RowFilter) =>
  (term: Term): readonly string[] => [...columnsOfTerm(term), ...slice.columns]

async function measureTerms(
  session: Database,
  context: MustContext,
  scope: Scope,
  clause: MustClause,
  slice: RowFilter,
  readers: readonly (TermReader | undefined)[],
  rows: number,
): Promise<Omit<MeasuredMetrics, 'outcomes'> & { readonly outcomes: readonly TermOutcome[] }> {
  const { terms } = clause.must
  const { replicates, catalog, otherCounts } = context
  const counts = context.counts ?? valueCounts(session)
  // Of few rows the cells of all terms are read together; else each term is asked of no more than it reads.
  const together = rows <= FEW_ROWS ? narrowed(scope, terms.flatMap(readBy(slice))) : undefined
  if (together !== undefined) expectCounts(counts, together, slice, terms)
  const outcomes: (TermOutcome | undefined)[] = []
  for (const [index, term] of terms.entries()) {
    const random = () => context.random(`term:${term.expression}`)
    const resampled = isResampled(clause, index)
    const known = readers[index]?.({ random, replicates })
    if (known !== undefined || term.model !== undefined) {
      outcomes.push(known)
      continue
    }
    const own = together ?? narrowed(scope, readBy(slice)(term))
    const request = { session, catalog, scope: own, term, slice, counts, otherCounts, random, replicates, resampled }
    outcomes.push(await measureGroupTerm(request))
  }
  const open = outcomes.flatMap((outcome, index) => (outcome === undefined ? [index] : []))
  const metrics =
    open.length === 0
      ? undefined
      : await context.metrics?.({
          relation: scope.relation,
          catalog,
          clause,
          terms: open,
          slice,
          session: context.session,
          random: context.random,
          replicates,
        })
  const complete = outcomes.map(
    (outcome, index) =>
      outcome ??
      metrics?.outcomes.get(index) ??
      failedTerm(
        'evaluation-failed',
        `${terms[index]?.expression} needs the answers of a model, and ${scope.relation.name} has none.`,
      ),
  )
  return { ...metrics, outcomes: complete }
}

/** Makes the intervals and samples that the comparisons call for, and no others. */
async function complete(
  session: Database,
  context: MustContext,
  scope: Scope,
  clause: MustClause,
  slice: RowFilter,
  terms: readonly MeasuredTerm[],
  paired: PairedEstimate | undefined,
  n: number,
) {
  const { replicates, random, counted } = context
  const request = { session, scope, slice, replicates, random, ...(counted === undefined ? {} : { counted }) }
  const values = terms.map((term) => asNumber(term.value))
  const estimated = (index: number) => {
    const found = terms[index]
    return found !== undefined && isEstimate(found.term)
  }
  const rows = new Set<number>()
  const bounds = new Map<number, readonly number[]>()
  for (const comparison of clause.must.comparisons) {
    const plan = planMargin(comparison, estimated, values)
    if (plan.kind === 'affine') {
      // Where its margin is 0.
      const bound = (0 - plan.constant) / plan.scale
      bounds.set(plan.index, [...(bounds.get(plan.index) ?? []), bound])
      continue
    }
    if (plan.kind === 'difference' && paired?.(plan.left, plan.right) !== undefined) continue
    for (const index of [...termsOf(comparison.left), ...termsOf(comparison.right)]) {
      if (estimated(index) && terms[index]?.sample === undefined) rows.add(index)
    }
  }
  const completed: MeasuredTerm[] = []
  for (const [index, term] of terms.entries()) {
    const outcome: TermOutcome =
      estimated(index) && isRowTerm(term.term)
        ? await withEstimate({ ...request, scope: narrowed(scope, readBy(slice)(term.term)) }, term, bounds.get(index))
        : { ok: true, value: term }
    if (!outcome.ok) return outcome
    completed.push(outcome.value)
  }
  const together = { ...request, scope: narrowed(scope, clause.must.terms.flatMap(readBy(slice))) }
  return n > MOST_ROWS ? { ok: true as const, value: completed } : withRows(together, completed, rows)
}
