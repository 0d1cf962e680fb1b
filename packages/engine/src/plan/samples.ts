import { sql, join, stats, type Sql, type Term } from '@plumbline/core'
import type { MeasuredTerm, TermOutcome } from '../decide/measured.ts'
import { succeed } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import { estimateThere, quantileOf } from './estimates-there.ts'
import { LARGE, largeSample } from './large-samples.ts'
import { argumentExpr, failedTerm } from './row-terms.ts'
import { type RowFilter, rowFilter, type Scope, where } from './scope.ts'
import { expanded, type NumberCounts } from './number-counts.ts'
import { valueCounts } from './value-counts.ts'
import { weightedStatistic } from './weighted.ts'

/** What a term's own interval is made with. */
export interface SampleRequest {
  readonly session: Database
  readonly scope: Scope
  readonly slice: RowFilter
  readonly replicates: number
  readonly random: (purpose: string) => stats.Random
  /** Numbers of terms that are counted already. */
  readonly counted?: CountedTerms
}

/** What was counted of the numbers of some terms. */
export type CountedTerms = ReadonlyMap<Term, NumberCounts>

/** Up to so many rows are resampled together; above it the intervals of all terms bound their margin, which is enough there. */
export const MOST_ROWS = 500_000

/** Terms of one pass over the rows whose interval needs the values themselves. */
export function needsValues(term: Term): boolean {
  return ['sum', 'variance', 'stddev', 'median', 'quantile'].includes(term.fn)
}

/** Terms that can be measured again on resampled rows. */
export function isRowTerm(term: Term): boolean {
  return needsValues(term) || ['mean', 'share', 'correlation'].includes(term.fn)
}

/** Adds the interval: order statistics for quantiles, else a bootstrap over the distinct values. `bounds` = what the clause compares it with. */
export async function withEstimate(
  request: SampleRequest,
  measured: MeasuredTerm,
  bounds: readonly number[] = [],
): Promise<TermOutcome> {
  const { scope, slice, session } = request
  const { term } = measured
  if (measured.estimate !== undefined || measured.value === null || !needsValues(term))
    return { ok: true, value: measured }
  const expr = argumentExpr(scope, term.args[0])
  const known = request.counted?.get(term)
  const filter = rowFilter(...slice.conditions, term.where)
  const value = scope.value(expr)
  if (known === undefined) {
    const rows = sql`FROM ${scope.relation.from}${where(scope, filter)}`
    const estimate = await estimateThere(session, term, rows, value, expr.type, bounds)
    if (estimate !== undefined) return { ok: true, value: { ...measured, estimate } }
  }
  const counts =
    known === undefined ? await valueCounts(session).numbers(scope, filter, value, expr.type) : succeed(known)
  if (!counts.ok) return failedTerm(failureReason(counts.error), `${term.expression}: ${counts.error.cause}`)
  if (term.fn === 'median' || term.fn === 'quantile') {
    const estimate = stats.quantileEstimate(expanded(counts.value), quantileOf(term))
    return { ok: true, value: { ...measured, estimate } }
  }
  if (counts.value.values.length > LARGE)
    return { ok: true, value: { ...measured, estimate: largeSample(term, counts.value) } }
  const statistic = weightedStatistic(term, counts.value.values)
  if (statistic === undefined) return { ok: true, value: measured }
  const estimate = stats.bootstrap(
    {
      populations: [stats.cellPopulation(counts.value.counts)],
      random: request.random(`term:${term.expression}`),
      replicates: request.replicates,
    },
    statistic,
  )
  return { ok: true, value: { ...measured, estimate } }
}

/** TRUE is 1 and anything else 0 for a share, which divides by all rows; else the value, NULL where there is none. */
function cellOf(scope: Scope, term: Term, index: number): Sql {
  const expr = argumentExpr(scope, term.args[index])
  const value = scope.value(expr)
  const number =
    term.fn === 'share' ? sql`CASE WHEN ${value} THEN 1 ELSE 0 END` : scope.spelling.asDouble(value, expr.type)
  if (term.where === undefined) return number
  return sql`CASE WHEN ${scope.value(term.where)} THEN ${number} END`
}

/**
 * Makes the terms resampleable together: their values on the same rows, as one population. Terms that are not of this
 * kind are left as they are.
 */
export async function withRows(
  request: SampleRequest,
  terms: readonly MeasuredTerm[],
  wanted: ReadonlySet<number>,
): Promise<{ readonly ok: true; readonly value: readonly MeasuredTerm[] } | Exclude<TermOutcome, { ok: true }>> {
  const { scope, slice, session } = request
  const columns: Sql[] = []
  const places = new Map<number, readonly number[]>()
  terms.forEach(({ term }, index) => {
    if (!wanted.has(index) || !isRowTerm(term)) return
    const arity = term.fn === 'correlation' ? 2 : 1
    places.set(
      index,
      Array.from({ length: arity }, (_, i) => columns.push(cellOf(scope, term, i)) - 1),
    )
  })
  if (columns.length === 0) return { ok: true, value: terms }
  const result = await session.numbers(
    sql`SELECT ${join(columns, sql`, `)} FROM ${scope.relation.from}${where(scope, slice)}`,
  )
  if (!result.ok) {
    return { ok: false, failure: { reason: failureReason(result.error), cause: result.error.cause } }
  }
  const rows = result.value[0]?.length ?? 0
  const population = stats.rowPopulation(rows)
  return {
    ok: true,
    value: terms.map((measured, index) => {
      const [x, y] = (places.get(index) ?? []).map((at) => result.value[at])
      const statistic = x === undefined ? undefined : weightedStatistic(measured.term, x, y)
      return statistic === undefined ? measured : { ...measured, sample: { populations: [population], statistic } }
    }),
  }
}
