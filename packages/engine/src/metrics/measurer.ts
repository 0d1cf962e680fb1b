import { aggregates, columnsOf, readsColumnsOnly, sql, stats, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { failedTerm } from '../plan/row-terms.ts'
import type { MetricMeasurer, MetricRequest } from '../plan/must.ts'
import { type RowFilter, type Scope, scopeOf, where } from '../plan/scope.ts'
import type { Unanswered } from '../relations/relation.ts'
import { type Asked, fetchRows } from './fetch-rows.ts'
import { measureLabelFree } from './label-free-term.ts'
import { cellsOfTerm, groupNumber, type MetricCells, NO_ANSWERS } from './metric-cells.ts'
import { kindsOf, type MetricRows } from './metric-rows.ts'
import { measureModel } from './model-term.ts'
import { measureMetrics, type MetricOfModel } from './metric-term.ts'
import { pairedAreas } from './paired-areas.ts'
import { badLabels } from './two-classes.ts'
import { badWeights } from './weighted.ts'

/**
 * A measurer of metrics on model relations; `cellsOf` says where a relation keeps labels, decisions and scores. `curves`: all that a score gives
 * is counted beside a metric of it.
 */
export function metricMeasurer(
  cellsOf: (relation: string) => MetricCells | undefined,
  options: { readonly curves?: boolean } = {},
): MetricMeasurer {
  return async (request) => {
    const scope = scopeOf(request.relation)
    const answered = cellsOf(request.relation.name)
    const cells = answered ?? NO_ANSWERS
    const outcomes = new Map<number, TermOutcome>()
    const asked: Asked[] = []
    // Equal cells are one object, so that each is fetched once.
    const column = once((name: string) => scope.column(name).cell)
    const group = once(groupNumber)
    for (const index of request.terms) {
      const term = request.clause.must.terms[index] as Term
      if (answered === undefined && !readsColumnsOnly(aggregates[term.fn])) continue
      if (aggregates[term.fn].needs === 'reference') {
        outcomes.set(index, await measureLabelFree(request, term, cells, cellsOf))
        continue
      }
      const model = term.model ?? cells.model
      if (aggregates[term.fn].needs === 'model') {
        outcomes.set(index, await measureModel(request, term, cells, model))
        continue
      }
      const named = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
      const whole = [term.cluster, term.weights].filter((column) => column !== undefined)
      const unanswered = cells.failures?.get(model)
      if (unanswered !== undefined && (await isNeeded(request, scope, unanswered))) {
        outcomes.set(index, failedTerm(unanswered.failure.reason, unanswered.failure.cause))
        continue
      }
      const unread = scope.failureOf([...named, ...whole])
      if (unread !== undefined) {
        outcomes.set(index, failedTerm(unread.reason, unread.cause))
        continue
      }
      const read = cellsOfTerm(term, model, cells, column, group)
      if (read !== undefined) {
        const cluster = term.cluster === undefined ? {} : { clusterCell: group(column(term.cluster)) }
        const weights = term.weights === undefined ? {} : { weightCell: column(term.weights) }
        asked.push({ index, term, model, cells: read, ...cluster, ...weights })
      } else outcomes.set(index, notMeasured(term, model))
    }
    if (asked.length === 0) return { outcomes }
    const fetched = await fetchRows(request, cells, asked)
    if (!fetched.ok) {
      for (const { index, term } of asked)
        outcomes.set(index, failedTerm('engine-failed', `${term.expression}: ${fetched.cause}`))
      return { outcomes }
    }
    const { metrics } = fetched
    for (const { term, weights } of metrics) {
      const column = weights === undefined ? undefined : fetched.rows.columns[weights]
      const bad = column === undefined ? undefined : badWeights(column, term.weights ?? '')
      if (bad === undefined) continue
      for (const { index } of asked) outcomes.set(index, failedTerm('evaluation-failed', bad))
      return { outcomes }
    }
    const unlike = badLabels(fetched.rows.labels, metrics)
    if (unlike !== undefined) {
      for (const { index } of asked) outcomes.set(index, failedTerm('evaluation-failed', unlike))
      return { outcomes }
    }
    const ranking = metrics.find(({ term }) => aggregates[term.fn].needs === 'score')
    const kinds = kindsOf(
      fetched.rows,
      asked.every((each) => each.cells.discrete && each.weightCell === undefined),
      ranking?.values[0],
    )
    for (const [i, value] of measureMetrics(metrics, kinds, request).entries())
      outcomes.set((metrics[i] as MetricOfModel).index, { ok: true, value })
    const curves = options.curves === true ? curvesOf(metrics, fetched.rows, request.slice) : undefined
    return { outcomes, paired: pairedAreas(metrics, kinds), ...(curves === undefined ? {} : { curves }) }
  }
}

/** Whether a row without an answer is among those that are asked about; where it cannot be told, it is. */
async function isNeeded(
  { session, relation, slice }: MetricRequest,
  scope: Scope,
  { failed, unasked }: Unanswered,
): Promise<boolean> {
  const placing = [...slice.columns, ...(relation.filter === null ? [] : columnsOf(relation.filter))]
  if (scope.failureOf(placing) !== undefined) return true
  const rows = where(scope, slice, sql`(${failed} OR ${unasked})`)
  const counted = await session.query(sql`SELECT count(*) AS n FROM ${relation.from}${rows}`)
  return !counted.ok || Number(counted.value.columns.get('n')?.[0] ?? 1) > 0
}

/** What the model's score gives at every threshold, where a metric of it is asked of all rows alike. */
function curvesOf(
  metrics: readonly MetricOfModel[],
  rows: MetricRows,
  slice: RowFilter,
): stats.ScoreCurves | undefined {
  const asked = metrics.find(
    ({ term, classes, mask, weights }) =>
      aggregates[term.fn].needs === 'score' &&
      term.model === undefined &&
      classes === 0 &&
      mask === undefined &&
      weights === undefined,
  )
  const scores = rows.columns[asked?.values[0] ?? -1]
  if (scores === undefined || slice.conditions.length > 0) return undefined
  return stats.scoreCurves(rows.labels, scores)
}

function notMeasured(term: Term, model: string): TermOutcome {
  const { needs } = aggregates[term.fn]
  if (needs === undefined) return failedTerm('evaluation-failed', `${term.expression} is not a metric of a model.`)
  if (needs === 'timing')
    return failedTerm('evaluation-failed', `${term.expression} is measured on a staged model, not on rows.`)
  return failedTerm(
    'model-missing',
    `${term.expression} needs the answers of ${model}, and there are none for these rows.`,
  )
}

/** A function that is asked once for each argument. */
function once<K, V>(of: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const value = known.get(key) ?? of(key)
    known.set(key, value)
    return value
  }
}
