import { aggregates, columnsOf, join, type Sql, sql, stats, type Term } from '@plumbline/core'
import type { PairedEstimate, TermOutcome } from '../decide/measured.ts'
import { failedTerm } from '../plan/row-terms.ts'
import type { MetricMeasurer, MetricRequest } from '../plan/must.ts'
import { scopeOf, where } from '../plan/scope.ts'
import { gather, kindsOf, type MetricKinds, type MetricRows } from './metric-rows.ts'
import { measureMetrics, type MetricOfModel } from './metric-term.ts'

/** Where a relation keeps what metrics read, as SQL valid against its `from`. */
export interface MetricCells {
  /** The model whose relation it is. */
  readonly model: string
  /** NULL where the model has no label. */
  readonly label: Sql
  /** By model name: of this model, and of every other that answered for the same rows. */
  readonly decisions: ReadonlyMap<string, Sql>
  readonly scores: ReadonlyMap<string, Sql>
  /** What a regression answered. */
  readonly amounts: ReadonlyMap<string, Sql>
}

/** A measurer of metrics on model relations; `cellsOf` says where a relation keeps labels, decisions and scores. */
export function metricMeasurer(cellsOf: (relation: string) => MetricCells | undefined): MetricMeasurer {
  return async (request) => {
    const cells = cellsOf(request.relation.name)
    if (cells === undefined) return { outcomes: new Map() }
    const wanted = request.terms.map((index) => ({ index, term: request.clause.must.terms[index] as Term }))
    const outcomes = new Map<number, TermOutcome>()
    const measurable: { readonly index: number; readonly term: Term; readonly model: string }[] = []
    for (const { index, term } of wanted) {
      const model = term.model ?? cells.model
      const needs = aggregates[term.fn].needs
      if (needs === 'timing')
        outcomes.set(
          index,
          failedTerm('evaluation-failed', `${term.expression} is measured on a staged model, not on rows.`),
        )
      else if (needs === undefined)
        outcomes.set(index, failedTerm('evaluation-failed', `${term.expression} is not a metric of a model.`))
      else if (!answersFor(cells, needs).has(model)) {
        outcomes.set(
          index,
          failedTerm(
            'model-missing',
            `${term.expression} needs the answers of ${model}, and there are none for these rows.`,
          ),
        )
      } else measurable.push({ index, term, model })
    }
    if (measurable.length === 0) return { outcomes }
    const fetched = await fetchRows(request, cells, measurable)
    if (!fetched.ok) {
      for (const { index, term } of measurable)
        outcomes.set(index, failedTerm('engine-failed', `${term.expression}: ${fetched.cause}`))
      return { outcomes }
    }
    const kinds = kindsOf(fetched.rows)
    for (const [i, value] of measureMetrics(measurable, kinds, request).entries()) {
      outcomes.set((measurable[i] as MetricOfModel).index, { ok: true, value })
    }
    return { outcomes, paired: pairedAreas(measurable, kinds) }
  }
}

const answersFor = (cells: MetricCells, needs: 'decision' | 'score' | 'amount'): ReadonlyMap<string, Sql> =>
  ({ decision: cells.decisions, score: cells.scores, amount: cells.amounts })[needs]

type Measurable = readonly { readonly index: number; readonly term: Term; readonly model: string }[]

async function fetchRows(
  request: MetricRequest,
  cells: MetricCells,
  measurable: Measurable,
): Promise<{ readonly ok: true; readonly rows: MetricRows } | { readonly ok: false; readonly cause: string }> {
  const scope = scopeOf(request.relation)
  const parts: Sql[] = [sql`CAST(${cells.label} AS DOUBLE)`]
  const place = (cell: Sql): number => parts.push(sql`CAST(${cell} AS DOUBLE)`) - 1
  const amounts = new Map<string, number>()
  const decisions = new Map<string, number>()
  const masks = new Map<number, number>()
  for (const { index, term, model } of measurable) {
    const { needs } = aggregates[term.fn]
    const known = needs === 'decision' ? decisions : amounts
    const cell = needs === undefined || needs === 'timing' ? undefined : answersFor(cells, needs).get(model)
    if (cell !== undefined && !known.has(model)) known.set(model, place(cell))
    if (term.where !== undefined) masks.set(index, place(sql`coalesce(${scope.value(term.where)}, false)`))
  }
  const unreadable = scope.failureOf([
    ...request.slice.columns,
    ...measurable.flatMap(({ term }) => (term.where === undefined ? [] : [...columnsOf(term.where)])),
  ])
  if (unreadable !== undefined) return { ok: false, cause: unreadable.cause }
  const result = await request.session.numbers(
    sql`SELECT ${join(parts, sql`, `)} FROM ${request.relation.from}${where(scope, request.slice)}`,
  )
  if (!result.ok) return { ok: false, cause: result.error.cause }
  const column = (at: number): Float64Array => result.value[at] ?? new Float64Array(0)
  const named = <K>(places: ReadonlyMap<K, number>): ReadonlyMap<K, Float64Array> =>
    new Map([...places].map(([key, at]) => [key, column(at)]))
  const labels = column(0)
  return {
    ok: true,
    rows: { n: labels.length, labels, decisions: named(decisions), amounts: named(amounts), masks: named(masks) },
  }
}

/** DeLong's paired estimate for the difference of the ROC areas of two models on the same rows. */
function pairedAreas(measurable: Measurable, kinds: MetricKinds): PairedEstimate {
  return (left, right) => {
    const a = measurable.find((m) => m.index === left)
    const b = measurable.find((m) => m.index === right)
    if (
      a?.term.fn !== 'roc_auc' ||
      b?.term.fn !== 'roc_auc' ||
      a.term.where !== undefined ||
      b.term.where !== undefined
    )
      return undefined
    const [first, second] = [kinds.rows.amounts.get(a.model), kinds.rows.amounts.get(b.model)]
    if (first === undefined || second === undefined) return undefined
    const rows = Uint32Array.from(
      Array.from({ length: kinds.rows.n }, (_, row) => row).filter(
        (row) => !Number.isNaN(kinds.rows.labels[row]) && !Number.isNaN(first[row]) && !Number.isNaN(second[row]),
      ),
    )
    return stats.aucDifferenceEstimate(gather(kinds.rows.labels, rows), gather(first, rows), gather(second, rows))
  }
}
