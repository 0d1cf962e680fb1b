import { sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { failureReason } from '../engines/failure-reason.ts'
import type { GroupRequest } from './group-terms.ts'
import { columnExpr, failedTerm } from './row-terms.ts'
import { rowFilter } from './scope.ts'

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
  if (!found.ok) return failedTerm(failureReason(found.error), `${term.expression}: ${found.error.cause}`)
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
  const found = await counts.categories(scope, filter, scope.column(column).cell)
  if (!found.ok) return failedTerm(failureReason(found.error), `${term.expression}: ${found.error.cause}`)
  const place = new Map(values.map((value, i) => [String(value), i]))
  const listed = values.map(() => 0)
  const others: number[] = []
  let missing = 0
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

function measured(term: Term, value: number | undefined, missing: number): TermOutcome {
  return { ok: true, value: { term, value: value ?? null, missing } }
}
