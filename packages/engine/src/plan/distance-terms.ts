import { type Sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome, TermSample } from '../decide/measured.ts'
import { type Outcome, succeed } from '../duckdb/failure.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { other } from './other-relation.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { type RowFilter, rowFilter, type Scope } from './scope.ts'
import {
  measureSamples,
  measureTables,
  SAMPLE_TERMS,
  type SampleTermName,
  TABLE_TESTS,
  type TableTestName,
} from './two-sample-terms.ts'
import type { ThereSide } from './pooled-samples.ts'
import { measureThere } from './samples-there.ts'
import type { ValueCounts } from './value-counts.ts'

/** Distances and tests of histograms, whose bins are the values of a category or lie between quantiles of the reference. */
type BinnedTermName = stats.HistogramDistanceName | TableTestName

/** A distance or a test of the rows of a column and those of another relation. */
type DistanceTermName = BinnedTermName | SampleTermName

const BINNED: ReadonlySet<string> = new Set([...Object.keys(stats.histogramDistances), ...TABLE_TESTS])

/** Whether a term compares histograms. */
export const isBinned = (fn: string): fn is BinnedTermName => BINNED.has(fn)
/** Whether a term compares the numbers of both sides themselves. */
export const isSampled = (fn: string): fn is SampleTermName => SAMPLE_TERMS.has(fn)
const isTableTest = (fn: BinnedTermName): fn is TableTestName => TABLE_TESTS.has(fn)

/** Whether a term is a distance or a test of two samples. */
export const isDistance = (fn: string): fn is DistanceTermName => isBinned(fn) || isSampled(fn)

/** A distance of histograms: counts of bins are all it needs of either side. */
export interface BinnedTerm {
  readonly fn: BinnedTermName
  readonly column: string
  /** The relation it compares with. */
  readonly reference: string
}

/** What a distance or test compares; undefined for any other term. */
export function comparedTerm({
  fn,
  args,
  model,
}: Term): (Omit<BinnedTerm, 'fn'> & { readonly fn: DistanceTermName }) | undefined {
  const [column, relation] = args
  if (!isDistance(fn) || model !== undefined || column?.kind !== 'column' || relation?.kind !== 'relation')
    return undefined
  return { fn, column: column.name, reference: relation.relation }
}

/** What a term compares, where counts of bins decide it; undefined for any other. */
export function binnedTerm(term: Term): BinnedTerm | undefined {
  const compared = comparedTerm(term)
  return compared !== undefined && isBinned(compared.fn) ? { ...compared, fn: compared.fn } : undefined
}

/** How the cells of a column are counted: between edges, or by the declared values of a category. */
export type DistanceBins =
  | { readonly kind: 'edges'; readonly edges: readonly number[] }
  | { readonly kind: 'values'; readonly values: readonly (string | number | boolean)[] }

/** Counts that a histogram over these bins has: those between edges and missing cells; those of values, missing cells and values nobody declared. */
export const binsOf = (bins: DistanceBins): number =>
  bins.kind === 'edges' ? bins.edges.length + 2 : bins.values.length + 2

/** The bins that a column of the relation has whatever the reference is: those of its values. Undefined for numbers. */
export function valueBins({ relation, column }: Scope, name: string): DistanceBins | undefined {
  const declared = relation.declared.get(name)
  if (declared?.columnType !== 'category' && column(name).type.kind !== 'bool') return undefined
  return { kind: 'values', values: declared?.values?.map(({ code }) => code) ?? [false, true] }
}

/** The bins of numbers: they hold about equally many rows of the reference each. */
export async function referenceBins(
  counts: ValueCounts,
  reference: Scope,
  column: string,
  filter: RowFilter,
): Promise<Outcome<DistanceBins>> {
  const { type } = reference.column(column)
  const edges = await counts.edges(reference, filter, comparedCell(reference, column), type)
  return edges.ok ? succeed({ kind: 'edges', edges: edges.value }) : edges
}

/** Rows of a filter in each bin (`binsOf`). Counts of rows that were split anyhow add up to those of all. */
export async function countBins(
  counts: ValueCounts,
  scope: Scope,
  column: string,
  filter: RowFilter,
  bins: DistanceBins,
): Promise<Outcome<Uint32Array>> {
  if (bins.kind === 'edges') {
    const { type } = scope.column(column)
    return counts.bins(scope, filter, comparedCell(scope, column), type, bins.edges)
  }
  const found = await counts.categories(scope, filter, scope.column(column).cell)
  if (!found.ok) return found
  const { values } = bins
  const place = new Map(values.map((code, i) => [String(code), i]))
  // One bin for missing cells, and one for values nobody declared, so that a new category cannot pass unseen.
  const rows = new Uint32Array(values.length + 2)
  for (const [cell, count] of found.value) {
    const at = cell === null ? values.length : (place.get(String(cell)) ?? values.length + 1)
    ;(rows[at] as number) += count
  }
  return succeed(rows)
}

/** A distance of the relation's rows (window) from those of another relation (reference), by one column. */
export async function measureDistance(request: GroupRequest, fn: DistanceTermName): Promise<TermOutcome> {
  const { scope, term, slice, counts, otherCounts } = request
  const [column, relation] = term.args
  if (column?.kind !== 'column' || relation?.kind !== 'relation')
    throw new Error(`${fn} takes a column and a relation.`)
  const found = await other(request, relation.relation, [column.name])
  if ('failed' in found) return found.failed
  const reference = found.scope
  const filter = rowFilter(...slice.conditions, term.where)
  const engineFailed = (failed: Outcome<unknown> & { readonly ok: false }) =>
    failedTerm(failureReason(failed.error), `${term.expression}: ${failed.error.cause}`)
  if (isSampled(fn)) {
    const side = (of: Scope): ThereSide => ({
      scope: of,
      filter,
      value: comparedCell(of, column.name),
      type: of.column(column.name).type,
    })
    const measured = await measureThere(request, fn, side(reference), side(scope))
    if (measured !== undefined) return measured
    const number = (of: Scope) => [of, filter, comparedCell(of, column.name), of.column(column.name).type] as const
    const window = await counts.numbers(...number(scope))
    if (!window.ok) return engineFailed(window)
    const base = await otherCounts.numbers(...number(reference))
    return base.ok ? measureSamples(request, fn, base.value, window.value) : engineFailed(base)
  }
  const declared = valueBins(scope, column.name)
  const bins =
    declared === undefined ? await referenceBins(otherCounts, reference, column.name, filter) : succeed(declared)
  if (!bins.ok) return engineFailed(bins)
  const window = await countBins(counts, scope, column.name, filter, bins.value)
  if (!window.ok) return engineFailed(window)
  const base = await countBins(otherCounts, reference, column.name, filter, bins.value)
  if (!base.ok) return engineFailed(base)
  return distanceOfBins(request, fn, bins.value, base.value, window.value)
}

/** Tells the counts which numbers the distances among some terms will ask for. */
export function expectCounts(counts: ValueCounts, scope: Scope, slice: RowFilter, terms: readonly Term[]): void {
  for (const term of terms) {
    const [column] = term.args
    if (!isDistance(term.fn)) continue
    if (column?.kind !== 'column' || (isBinned(term.fn) && valueBins(scope, column.name) !== undefined)) continue
    counts.expect(scope, rowFilter(...slice.conditions, term.where), [comparedCell(scope, column.name)])
  }
}

/** The numbers of a column that distances compare. */
export function comparedCell(scope: Scope, column: string): Sql {
  return scope.value(columnExpr(scope, column))
}

/** What a distance of histograms is resampled with. */
export type DistanceRequest = Pick<GroupRequest, 'term' | 'random' | 'replicates'>

/** A distance or test of two histograms over the same bins (`countBins`); each side is resampled by itself. */
export function distanceOfBins(
  request: DistanceRequest,
  fn: BinnedTermName,
  bins: DistanceBins,
  reference: Uint32Array,
  window: Uint32Array,
): TermOutcome {
  if (bins.kind === 'edges') {
    const missing = (reference.at(-1) ?? 0) + (window.at(-1) ?? 0)
    return divergence(request, fn, reference, window, missing)
  }
  const { length } = bins.values
  const undeclared = (reference.at(-1) ?? 0) + (window.at(-1) ?? 0) > 0
  const used = length + (undeclared ? 2 : 1)
  const missing = (reference[length] ?? 0) + (window[length] ?? 0)
  return divergence(request, fn, reference.slice(0, used), window.slice(0, used), missing)
}

function divergence(
  request: DistanceRequest,
  fn: BinnedTermName,
  reference: Uint32Array,
  window: Uint32Array,
  missing: number,
): TermOutcome {
  if (isTableTest(fn)) return measureTables(request, fn, reference, window, missing)
  const { term, replicates } = request
  const { evaluate, range } = stats.histogramDistances[fn]
  const value = evaluate(reference, window)
  if (value === undefined)
    return { ok: true, value: { term, value: null, missing, estimate: stats.undefinedEstimate('empty') } }
  if (term.estimates === 'rows') return { ok: true, value: { term, value, missing } }
  const drawn: number[] = []
  const estimate = stats.divergenceEstimate(fn, reference, window, {
    random: request.random(),
    replicates,
    onResample: (each) => void drawn.push(each ?? Number.NaN),
  })
  const sample: TermSample = {
    populations: [stats.cellPopulation(reference), stats.cellPopulation(window)],
    statistic: {
      evaluate: (a, b) => (a === undefined || b === undefined ? undefined : evaluate(a, b)),
      range,
    },
    ...(drawn.length === 0 ? {} : { drawn: Float64Array.from(drawn) }),
  }
  return { ok: true, value: { term, value, missing, estimate, sample } }
}
