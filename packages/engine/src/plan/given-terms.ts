import { type Expr, type Sql, sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { type Outcome, type QueryError, succeed } from '../duckdb/failure.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { type RowFilter, rowFilter, type Scope, where } from './scope.ts'

/** Measures `kl_values` and `kl_bins`: a column against a distribution that the spec itself gives. */
export async function measureGivenDivergence(request: GroupRequest): Promise<TermOutcome> {
  const { term } = request
  const [column, listed, weights, rest] = term.args
  if (column?.kind !== 'column' || listed?.kind !== 'list' || weights?.kind !== 'list')
    throw new Error(`${term.fn} takes a column and two lists.`)
  const given = weights.values.map(Number)
  return term.fn === 'kl_bins'
    ? ofBins(request, column.name, listed.values.map(Number), given)
    : ofValues(request, column.name, listed.values, given, rest?.kind === 'value' ? rest.value : 0)
}

/** Cells below the first edge, in each [edge, next edge), and from the last edge on. */
async function ofBins(
  request: GroupRequest,
  column: string,
  edges: readonly number[],
  weights: readonly number[],
): Promise<TermOutcome> {
  const { scope, slice, term, counts } = request
  const filter = rowFilter(...slice.conditions, term.where)
  const number = scope.spelling.asDouble(scope.value(columnExpr(scope, column)), scope.column(column).type)
  // Bins are counted as (edge, next edge]; mirrored at 0 they are those that are asked.
  const mirrored = edges.map((edge) => -edge).toReversed()
  const found = await counts.bins(scope, filter, sql`(-(${number}))`, { kind: 'double' }, mirrored)
  if (!found.ok) return engineFailed(term, found.error)
  const [missing = 0, ...bins] = Array.from(found.value).toReversed()
  return measured(term, stats.klFromWeights(bins, weights), missing)
}

async function ofValues(
  request: GroupRequest,
  column: string,
  values: readonly (number | string | boolean)[],
  weights: readonly number[],
  rest: number,
): Promise<TermOutcome> {
  const { scope, slice, term, counts } = request
  const filter = rowFilter(...slice.conditions, term.where)
  const isListed = listedCells(scope, column, values)
  const apart = scope.spelling.countsThere && isListed !== undefined
  const of = apart ? rowFilter(...filter.conditions, isListed) : filter
  const unlisted = apart ? await otherCells(request, column, filter, isListed) : succeed({ missing: 0, others: [] })
  if (!unlisted.ok) return engineFailed(term, unlisted.error)
  const found = await counts.categories(scope, of, scope.column(column).cell)
  if (!found.ok) return engineFailed(term, found.error)
  const place = new Map(values.map((value, i) => [String(value), i]))
  const listed = values.map(() => 0)
  const others: number[] = [...unlisted.value.others]
  let { missing } = unlisted.value
  for (const [cell, count] of found.value) {
    const at = cell === null ? undefined : place.get(String(cell))
    if (cell === null) missing += count
    else if (at === undefined) others.push(count)
    else listed[at] = count
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  // What is kept for values not listed is shared by those there are; the listed ones have it all where there are none.
  const kept = others.length === 0 ? weights : weights.map((weight) => (weight / total) * (1 - rest))
  const shares = others.map(() => rest / others.length)
  return measured(term, stats.klFromWeights([...listed, ...others], [...kept, ...shares]), missing)
}

/** `cell in [values]`; undefined where none of them can be a cell. */
function listedCells(scope: Scope, column: string, values: readonly (number | string | boolean)[]): Expr | undefined {
  const { type } = scope.column(column)
  const able = values.filter((value) => {
    if (type.kind === 'int') return Number.isSafeInteger(value)
    return typeof value === { double: 'number', string: 'string', bool: 'boolean' }[type.kind as string]
  })
  if (able.length === 0) return undefined
  return {
    node: 'in-list',
    type: { kind: 'bool' },
    operand: columnExpr(scope, column),
    elements: able.map((value) => ({ node: 'literal', type, value: type.kind === 'int' ? String(value) : value })),
  }
}

/** How often each value occurs that is not listed, however many there are: the values that occur equally often are counted there. */
async function otherCells(
  { session, scope }: GroupRequest,
  column: string,
  filter: RowFilter,
  isListed: Expr,
): Promise<Outcome<{ readonly missing: number; readonly others: readonly number[] }>> {
  const { cell } = scope.column(column)
  const database = scope.relation.database ?? session
  const count = (of: Sql): Sql => scope.spelling.asDouble(of, { kind: 'int' })
  const empty = await database.numbers(
    sql`SELECT ${count(sql`count(*)`)} FROM ${scope.relation.from}${where(scope, filter, sql`${cell} IS NULL`)}`,
  )
  if (!empty.ok) return empty
  const rows = where(scope, filter, sql`${cell} IS NOT NULL`, sql`NOT (${scope.value(isListed)})`)
  const found = await database.numbers(
    sql`SELECT "n", ${count(sql`count(*)`)} FROM (SELECT ${count(sql`count(*)`)} AS "n" FROM ${scope.relation.from}${rows} GROUP BY ${cell}) AS "values" GROUP BY "n" ORDER BY "n"`,
  )
  if (!found.ok) return found
  const [sizes = new Float64Array(), kinds = new Float64Array()] = found.value
  const others = Array.from(sizes).flatMap((size, i) => Array.from<number>({ length: kinds[i] ?? 0 }).fill(size))
  return succeed({ missing: empty.value[0]?.[0] ?? 0, others })
}

function engineFailed(term: Term, error: QueryError): TermOutcome {
  return failedTerm(failureReason(error), `${term.expression}: ${error.cause}`)
}

function measured(term: Term, value: number | undefined, missing: number): TermOutcome {
  return { ok: true, value: { term, value: value ?? null, missing } }
}
