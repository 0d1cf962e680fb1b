import { stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { isEstimate } from '../decide/must.ts'
import type { MetricRequest } from '../plan/must.ts'
import { failedTerm } from '../plan/row-terms.ts'
import { rowFilter, type Scope, scopeOf } from '../plan/scope.ts'
import { comparedInputs, labelFreeRows, type LabelFreeTask } from './label-free-rows.ts'
import type { MetricCells } from './metric-cells.ts'
import { rowsOutside, valueStrata } from './reference-comparison.ts'

/** Measures a metric without labels: the rows' scores and decisions beside those of the labelled rows that the term names. */
export async function measureLabelFree(
  request: MetricRequest,
  term: Term,
  cells: MetricCells,
  cellsOf: (relation: string) => MetricCells | undefined,
): Promise<TermOutcome> {
  const [argument] = term.args
  if (argument?.kind !== 'relation') throw new Error(`${term.fn} takes a relation.`)
  const opened = await request.catalog.resolve(argument.relation)
  if (!opened.ok) return failedTerm(opened.failure.reason, opened.failure.cause)
  const known = cellsOf(argument.relation)
  if (known === undefined)
    return failedTerm('model-missing', `${term.expression} needs the answers of a model in ${argument.relation}.`)
  const unanswered = cells.failures?.get(cells.model) ?? known.failures?.get(known.model)
  if (unanswered !== undefined) return failedTerm(unanswered.failure.reason, unanswered.failure.cause)
  const asked = askedOf(term, cells)
  const scopes = { here: scopeOf(request.relation), there: scopeOf(opened.value) }
  const inputs = comparedInputs(scopes.here, known.inputs ?? [])
  const names = [...inputs.map(({ name }) => name), ...request.slice.columns]
  const unread = scopes.here.failureOf(names) ?? scopes.there.failureOf(names)
  if (unread !== undefined) return failedTerm(unread.reason, unread.cause)
  const filter = rowFilter(...request.slice.conditions, term.where)
  const read = (scope: Scope, of: MetricCells) => labelFreeRows(request.session, scope, filter, of, inputs, asked.task)
  const rows = await read(scopes.here, cells)
  if (!rows.ok) return failedTerm('engine-failed', `${term.expression}: ${rows.cause}`)
  const reference = await read(scopes.there, known)
  if (!reference.ok) return failedTerm('engine-failed', `${term.expression}: ${reference.cause}`)
  const late =
    cells.labelFree === undefined
      ? undefined
      : await read(scopeOf({ ...request.relation, from: cells.labelFree.late }), cells)
  if (late?.ok === false) return failedTerm('engine-failed', `${term.expression}: ${late.cause}`)
  const decides = asked.task !== 'amount' && asked.metric !== 'roc_auc'
  const found = stats.labelFreeEstimate({
    ...asked,
    reference: reference.value,
    rows: rows.value,
    ...(late === undefined ? {} : { late: late.value }),
    outside: rowsOutside(inputs, reference.value, rows.value),
    columns: (strata, outcome) => valueStrata(strata, inputs, reference.value, rows.value, decides, outcome),
    random: request.random(`term:${term.expression}`),
    replicates: request.replicates,
  })
  const { estimate, assumptions, populations, statistic } = found
  const base = { term, missing: rows.value.missing, assumptions }
  if (estimate.value === undefined) return { ok: true, value: { ...base, value: null, estimate } }
  const sample = { populations, statistic }
  return {
    ok: true,
    value: { ...base, value: estimate.value, sample, ...(isEstimate(term) ? { estimate } : {}) },
  }
}

/** The metric, and the kind of model it is of. */
function askedOf({ fn }: Term, { classes }: MetricCells): stats.LabelFreeMetric & { readonly task: LabelFreeTask } {
  const metric = fn.replace('estimated_', '')
  if (metric === 'mae' || metric === 'rmse') return { task: 'amount', metric }
  if (classes === undefined) return { task: 'two-classes', metric: metric as stats.EstimatedMetric }
  return { task: 'classes', metric: metric as stats.EstimatedClassMetric, classes: classes.codes.map(String) }
}
