import { type Term, sql } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import type { MetricRequest } from '../plan/must.ts'
import { failedTerm } from '../plan/row-terms.ts'
import { rowFilter, scopeOf, where } from '../plan/scope.ts'
import type { MetricCells } from './metric-cells.ts'

/** Measures a number about the model itself: `model_bytes`, `order_dependent`. */
export async function measureModel(
  { relation, slice, session }: MetricRequest,
  term: Term,
  { models }: MetricCells,
  model: string,
): Promise<TermOutcome> {
  const { bytes, reordered } = models?.get(model) ?? {}
  if (term.fn === 'model_bytes') {
    if (bytes !== undefined) return { ok: true, value: { term, value: bytes, missing: 0 } }
    return failedTerm(
      'model-missing',
      `${term.expression} needs the file of ${model}, and it has none that is read here.`,
    )
  }
  if (reordered === undefined)
    return failedTerm(
      'model-missing',
      `${term.expression} needs ${model} to be asked again, and it has not answered these rows.`,
    )
  const scope = scopeOf(relation)
  const filter = rowFilter(...slice.conditions, term.where)
  const counted = await session.query(
    sql`SELECT count(*) AS "n" FROM ${relation.from}${where(scope, filter, reordered)}`,
  )
  if (!counted.ok) return failedTerm('engine-failed', `${term.expression}: ${counted.error.cause}`)
  return { ok: true, value: { term, value: Number(counted.value.columns.get('n')?.[0] ?? 0), missing: 0 } }
}
