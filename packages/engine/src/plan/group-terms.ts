import { type Measured, join, type Sql, sql, type stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { QueryError } from '../duckdb/failure.ts'
import type { Database } from '../engines/database.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { RelationCatalog } from '../relations/relation.ts'
import { isDistance, measureDistance } from './distance-terms.ts'
import { measureCorrelationChange } from './correlation-change-term.ts'
import { measureClassifier } from './domain-term.ts'
import { measureGivenDivergence } from './given-terms.ts'
import { failedTerm } from './row-terms.ts'
import { measureColumns } from './schema-terms.ts'
import { measureMutualInformation } from './mutual-information-term.ts'
import { measureSketch } from './sketch-terms.ts'
import { other } from './other-relation.ts'
import { measureVariants } from './variant-terms.ts'
import { measureModes, measureNearest, measureOrder, measureOutliers } from './value-terms.ts'
import { narrowed, type RowFilter, rowFilter, type Scope, scopeOf, where } from './scope.ts'
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
  /** A comparison may resample it together with others, for which its own interval is not enough. */
  readonly resampled: boolean
}

/** Measures `duplicates`, `overlap` and the distances; undefined for other functions. */
export function measureGroupTerm(request: GroupRequest): Promise<TermOutcome> | undefined {
  const { fn } = request.term
  if (isDistance(fn)) return measureDistance(request, fn)
  switch (fn) {
    case 'classifier_auc':
      return measureClassifier(request)
    case 'duplicates':
      return duplicates(request)
    case 'overlap':
      return overlap(request)
    case 'orphans':
      return orphans(request)
    case 'not_after':
      return notAfter(request)
    case 'correlation_change':
      return measureCorrelationChange(request)
    case 'mutual_information':
      return measureMutualInformation(request)
    case 'count_of':
      return countOf(request)
    case 'mode_count':
    case 'modes':
      return measureModes(request)
    case 'variants':
    case 'new_variants':
      return measureVariants(request)
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
    case 'approx_quantile_by_rank':
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

/** Rows whose cell is no cell of the other relation's column; whole numbers and fractions compare as numbers. */
async function orphans(request: GroupRequest): Promise<TermOutcome> {
  const { session, scope, term, slice } = request
  const [column, relation, foreign] = term.args
  if (column?.kind !== 'column' || relation?.kind !== 'relation' || foreign?.kind !== 'foreign') {
    throw new Error('orphans takes a column, a relation and its column.')
  }
  const found = await request.catalog.resolve(relation.relation)
  if (!found.ok) return failedTerm(found.failure.reason, found.failure.cause)
  const target = narrowed(scopeOf(found.value), [foreign.column])
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

/** Cells that do not come after all of those of another relation: what was learned from did not all happen before. */
async function notAfter(request: GroupRequest): Promise<TermOutcome> {
  const { session, scope, term, slice } = request
  const [column, relation] = term.args
  if (column?.kind !== 'column' || relation?.kind !== 'relation')
    throw new Error('not_after takes a column and a relation.')
  const found = await other(request, relation.relation, [column.name])
  if ('failed' in found) return found.failed
  const filter = rowFilter(...slice.conditions, term.where)
  const present = (of: Scope): Sql => {
    const { cell } = of.column(column.name)
    return sql`(SELECT ${cell} AS "v" FROM ${of.relation.from}${where(of, filter, sql`${cell} IS NOT NULL`)})`
  }
  const result = await session.query(
    sql`SELECT count(*) AS "n" FROM ${present(scope)} AS "later" WHERE "v" <= (SELECT max("v") FROM ${present(found.scope)} AS "earlier")`,
  )
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
