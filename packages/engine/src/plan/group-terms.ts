import { type Measured, join, type Sql, sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome, TermSample } from '../decide/measured.ts'
import type { QueryError } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { RelationCatalog } from '../relations/relation.ts'
import { measureGivenDivergence } from './given-terms.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { measureColumns } from './schema-terms.ts'
import { measureSketch } from './sketch-terms.ts'
import {
  measureSamples,
  measureTables,
  SAMPLE_TERMS,
  type SampleTermName,
  TABLE_TESTS,
  type TableTestName,
} from './two-sample-terms.ts'
import { measureModes, measureNearest, measureOrder, measureOutliers } from './value-terms.ts'
import { type RowFilter, rowFilter, type Scope, scopeOf, where } from './scope.ts'
import type { ValueCounts } from './value-counts.ts'

/** What a term that groups rows, or reads a second relation, is measured with. */
export interface GroupRequest {
  readonly session: Database
  readonly catalog: RelationCatalog
  readonly scope: Scope
  readonly term: Term
  readonly slice: RowFilter
  /** Counts of the relation, and of those that terms name. */
  readonly counts: ValueCounts
  readonly otherCounts: ValueCounts
  /** The stream for resampling this term. */
  readonly random: () => stats.Random
  readonly replicates: number
}

/** Distances of histograms, whose bins are the values of a category; and those of the values themselves. */
const BINNED: ReadonlySet<string> = new Set([...Object.keys(stats.histogramDistances), ...TABLE_TESTS])

/** A distance or a test of the rows of a column and those of another relation. */
type DistanceTermName = stats.HistogramDistanceName | TableTestName | SampleTermName

const isDistance = (fn: string): fn is DistanceTermName => BINNED.has(fn) || SAMPLE_TERMS.has(fn)

const isSampleTerm = (fn: DistanceTermName): fn is SampleTermName => SAMPLE_TERMS.has(fn)
const isTableTest = (fn: DistanceTermName): fn is TableTestName => TABLE_TESTS.has(fn)

/** Measures `duplicates`, `overlap` and the distances; undefined for other functions. */
export function measureGroupTerm(request: GroupRequest): Promise<TermOutcome> | undefined {
  const { fn } = request.term
  if (isDistance(fn)) return distance(request, fn)
  switch (fn) {
    case 'duplicates':
      return duplicates(request)
    case 'overlap':
      return overlap(request)
    case 'orphans':
      return orphans(request)
    case 'count_of':
      return countOf(request)
    case 'mode_count':
    case 'modes':
      return measureModes(request)
    case 'ascents':
    case 'descents':
    case 'repeats':
      return measureOrder(request)
    case 'above_stddevs':
    case 'below_stddevs':
      return measureOutliers(request)
    case 'quantile_nearest':
      return measureNearest(request)
    case 'approx_distinct':
    case 'approx_quantile':
      return measureSketch(request)
    case 'kl_values':
    case 'kl_bins':
      return measureGivenDivergence(request)
    case 'column_count':
    case 'column_position':
      return Promise.resolve(measureColumns(request))
    default:
      return undefined
  }
}

function engineFailed(term: Term, error: QueryError): TermOutcome {
  return failedTerm(failureReason(error), `${term.expression}: ${error.cause}`)
}

function counted(term: Term, value: Measured, missing = 0): TermOutcome {
  return { ok: true, value: { term, value, missing } }
}

/** Rows in groups larger than one; a missing cell equals a missing cell, as GROUP BY has it. */
async function duplicates({ session, scope, term, slice }: GroupRequest): Promise<TermOutcome> {
  const cells = term.args.flatMap((arg) => (arg.kind === 'column' ? [scope.column(arg.name).cell] : []))
  const filter = rowFilter(...slice.conditions, term.where)
  const result = await session.query(
    sql`SELECT coalesce(sum("n"), 0) AS "n" FROM (SELECT count(*) AS "n" FROM ${scope.relation.from}${where(scope, filter)}
        GROUP BY ${join(cells, sql`, `)} HAVING count(*) > 1) AS "groups"`,
  )
  if (!result.ok) return engineFailed(term, result.error)
  return counted(term, Number(result.value.columns.get('n')?.[0] ?? 0))
}

/** The scope of a relation that a term names, or why it cannot be read. The slice holds there, too. */
async function other(
  request: GroupRequest,
  name: string,
  columns: Iterable<string>,
): Promise<{ readonly scope: Scope } | { readonly failed: TermOutcome }> {
  const found = await request.catalog.resolve(name)
  if (!found.ok) return { failed: failedTerm(found.failure.reason, found.failure.cause) }
  const scope = scopeOf(found.value)
  const failure = scope.failureOf([...columns, ...request.slice.columns])
  if (failure !== undefined) return { failed: failedTerm(failure.reason, failure.cause) }
  return { scope }
}

/** Rows whose cell is no cell of the other relation's column; whole numbers and fractions compare as numbers. */
async function orphans(request: GroupRequest): Promise<TermOutcome> {
  const { session, scope, term, slice } = request
  const [column, relation, foreign] = term.args
  if (column?.kind !== 'column' || relation?.kind !== 'relation' || foreign?.kind !== 'foreign') {
    throw new Error('orphans takes a column, a relation and its column.')
  }
  const found = await request.catalog.resolve(relation.relation)
  if (!found.ok) return failedTerm(found.failure.reason, found.failure.cause)
  const target = scopeOf(found.value)
  const failure = target.failureOf([foreign.column])
  if (failure !== undefined) return failedTerm(failure.reason, failure.cause)
  const { cell } = scope.column(column.name)
  const key = target.column(foreign.column).cell
  const rows = where(scope, rowFilter(...slice.conditions, term.where), sql`${cell} IS NOT NULL`)
  const own = sql`(SELECT ${cell} AS "own" FROM ${scope.relation.from}${rows}) AS "own_rows"`
  const known = where(target, rowFilter(), sql`${key} IS NOT NULL`)
  const keys = sql`(SELECT DISTINCT ${key} AS "key" FROM ${target.relation.from}${known}) AS "keys"`
  const result = await session.query(sql`SELECT count(*) AS "n" FROM ${scope.spelling.withoutMatch(own, keys)}`)
  if (!result.ok) return engineFailed(term, result.error)
  return counted(term, Number(result.value.columns.get('n')?.[0] ?? 0))
}

async function countOf(request: GroupRequest): Promise<TermOutcome> {
  const { session, term, slice } = request
  const [relation] = term.args
  if (relation?.kind !== 'relation') throw new Error('count_of takes a relation.')
  const found = await other(request, relation.relation, [])
  if ('failed' in found) return found.failed
  const filter = rowFilter(...slice.conditions, term.where)
  const result = await session.query(
    sql`SELECT count(*) AS "n" FROM ${found.scope.relation.from}${where(found.scope, filter)}`,
  )
  if (!result.ok) return engineFailed(term, result.error)
  return counted(term, Number(result.value.columns.get('n')?.[0] ?? 0))
}

async function overlap(request: GroupRequest): Promise<TermOutcome> {
  const { session, term, slice } = request
  const [first, second, column] = term.args
  if (first?.kind !== 'relation' || second?.kind !== 'relation' || column?.kind !== 'column') {
    throw new Error('overlap takes two relations and a column.')
  }
  const left = await other(request, first.relation, [column.name])
  if ('failed' in left) return left.failed
  const right = await other(request, second.relation, [column.name])
  if ('failed' in right) return right.failed
  const distinct = (scope: Scope): Sql => {
    const { cell } = scope.column(column.name)
    const filter = rowFilter(...slice.conditions, term.where)
    return sql`SELECT ${cell} AS "v" FROM ${scope.relation.from}${where(scope, filter, sql`${cell} IS NOT NULL`)}`
  }
  const result = await session.query(
    sql`SELECT count(*) AS "n" FROM (${distinct(left.scope)} INTERSECT ${distinct(right.scope)}) AS "both"`,
  )
  if (!result.ok) return engineFailed(term, result.error)
  return counted(term, Number(result.value.columns.get('n')?.[0] ?? 0))
}

/** A distance of the relation's rows (window) from those of another relation (reference), by one column. */
async function distance(request: GroupRequest, fn: DistanceTermName): Promise<TermOutcome> {
  const { scope, term, slice } = request
  const [column, relation] = term.args
  if (column?.kind !== 'column' || relation?.kind !== 'relation')
    throw new Error(`${fn} takes a column and a relation.`)
  const reference = await other(request, relation.relation, [column.name])
  if ('failed' in reference) return reference.failed
  const filter = rowFilter(...slice.conditions, term.where)
  const ofValues = isSampleTerm(fn)
  if (!ofValues && isCategorical(scope, column.name))
    return categoryDistance(request, reference.scope, column.name, filter, fn)
  const { counts, otherCounts } = request
  const number = (of: Scope) => [of, filter, numberOf(of, column.name), of.column(column.name).type] as const
  if (ofValues) {
    const window = await counts.numbers(...number(scope))
    if (!window.ok) return engineFailed(term, window.error)
    const base = await otherCounts.numbers(...number(reference.scope))
    return base.ok ? measureSamples(request, fn, base.value, window.value) : engineFailed(term, base.error)
  }
  const edges = await otherCounts.edges(...number(reference.scope))
  if (!edges.ok) return engineFailed(term, edges.error)
  const window = await counts.bins(...number(scope), edges.value)
  if (!window.ok) return engineFailed(term, window.error)
  const base = await otherCounts.bins(...number(reference.scope), edges.value)
  if (!base.ok) return engineFailed(term, base.error)
  const missing = (window.value.at(-1) ?? 0) + (base.value.at(-1) ?? 0)
  return divergence(request, fn, base.value, window.value, missing)
}

function isCategorical(scope: Scope, column: string): boolean {
  return scope.relation.declared.get(column)?.columnType === 'category' || scope.column(column).type.kind === 'bool'
}

function numberOf(scope: Scope, column: string): Sql {
  return scope.value(columnExpr(scope, column))
}

/** Tells the counts which numbers the distances among some terms will ask for. */
export function expectCounts(counts: ValueCounts, scope: Scope, slice: RowFilter, terms: readonly Term[]): void {
  for (const term of terms) {
    const [column] = term.args
    if (!isDistance(term.fn)) continue
    if (column?.kind !== 'column' || (BINNED.has(term.fn) && isCategorical(scope, column.name))) continue
    counts.expect(scope, rowFilter(...slice.conditions, term.where), [numberOf(scope, column.name)])
  }
}

async function categoryDistance(
  request: GroupRequest,
  referenceScope: Scope,
  column: string,
  filter: RowFilter,
  fn: stats.HistogramDistanceName | TableTestName,
): Promise<TermOutcome> {
  const { scope, term, counts: own, otherCounts } = request
  const window = await own.categories(scope, filter, scope.column(column).cell)
  if (!window.ok) return engineFailed(term, window.error)
  const reference = await otherCounts.categories(referenceScope, filter, referenceScope.column(column).cell)
  if (!reference.ok) return engineFailed(term, reference.error)
  const values = scope.relation.declared.get(column)?.values?.map((value) => value.code) ?? [false, true]
  const place = new Map(values.map((code, i) => [String(code), i]))
  // One bin for missing cells, and one for values nobody declared, so that a new category cannot pass unseen.
  const bins = (counts: ReadonlyMap<unknown, number>) => {
    const found = new Uint32Array(values.length + 2)
    for (const [cell, count] of counts) {
      const at = cell === null ? values.length : (place.get(String(cell)) ?? values.length + 1)
      ;(found[at] as number) += count
    }
    return found
  }
  const left = bins(reference.value)
  const right = bins(window.value)
  const undeclared = (left.at(-1) ?? 0) + (right.at(-1) ?? 0) > 0
  const length = values.length + (undeclared ? 2 : 1)
  const missing = (left[values.length] ?? 0) + (right[values.length] ?? 0)
  return divergence(request, fn, left.slice(0, length), right.slice(0, length), missing)
}

/** A divergence of two histograms; each side is resampled by itself. */
function divergence(
  request: GroupRequest,
  fn: stats.HistogramDistanceName | TableTestName,
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
