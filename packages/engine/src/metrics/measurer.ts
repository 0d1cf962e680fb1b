import { aggregates, columnsOf, join, type Sql, sql, type Term } from '@plumbline/core'
import type { TermOutcome } from '../decide/measured.ts'
import { failedTerm } from '../plan/row-terms.ts'
import type { MetricMeasurer, MetricRequest } from '../plan/must.ts'
import { scopeOf, where } from '../plan/scope.ts'
import { cellsOfTerm, classesOf, groupNumber, type MetricCells } from './metric-cells.ts'
import { kindsOf, type MetricRows } from './metric-rows.ts'
import { measureMetrics, type MetricOfModel } from './metric-term.ts'
import { pairedAreas } from './paired-areas.ts'
import { badWeights } from './weighted.ts'

/** A measurer of metrics on model relations; `cellsOf` says where a relation keeps labels, decisions and scores. */
export function metricMeasurer(cellsOf: (relation: string) => MetricCells | undefined): MetricMeasurer {
  return async (request) => {
    const cells = cellsOf(request.relation.name)
    const scope = scopeOf(request.relation)
    if (cells === undefined) return { outcomes: new Map() }
    const outcomes = new Map<number, TermOutcome>()
    const asked: Asked[] = []
    const grouped = new Map<string, Sql>()
    const group = (name: string): Sql => {
      const cell = grouped.get(name) ?? groupNumber(scope.column(name).cell)
      grouped.set(name, cell)
      return cell
    }
    for (const index of request.terms) {
      const term = request.clause.must.terms[index] as Term
      const model = term.model ?? cells.model
      const named = term.args.flatMap((arg) => (arg.kind === 'column' ? [arg.name] : []))
      const whole = [term.cluster, term.weights].filter((column) => column !== undefined)
      const unanswered = cells.failures?.get(model)
      if (unanswered !== undefined) {
        outcomes.set(index, failedTerm(unanswered.reason, unanswered.cause))
        continue
      }
      const unread = scope.failureOf([...named, ...whole])
      if (unread !== undefined) {
        outcomes.set(index, failedTerm(unread.reason, unread.cause))
        continue
      }
      const read = cellsOfTerm(term, model, cells, group)
      if (read !== undefined) {
        const cluster = term.cluster === undefined ? {} : { clusterCell: group(term.cluster) }
        const weights = term.weights === undefined ? {} : { weightCell: scope.column(term.weights).cell }
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
    const kinds = kindsOf(
      fetched.rows,
      asked.every((each) => each.cells.discrete && each.weightCell === undefined),
    )
    for (const [i, value] of measureMetrics(metrics, kinds, request).entries())
      outcomes.set((metrics[i] as MetricOfModel).index, { ok: true, value })
    return { outcomes, paired: pairedAreas(metrics, kinds) }
  }
}

type Asked = Pick<MetricOfModel, 'index' | 'term' | 'model'> & {
  readonly cells: NonNullable<ReturnType<typeof cellsOfTerm>>
  /** Numbers of the clusters. */
  readonly clusterCell?: Sql
  readonly weightCell?: Sql
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

type Fetched =
  | { readonly ok: true; readonly rows: MetricRows; readonly metrics: readonly MetricOfModel[] }
  | { readonly ok: false; readonly cause: string }

async function fetchRows(request: MetricRequest, cells: MetricCells, asked: readonly Asked[]): Promise<Fetched> {
  const scope = scopeOf(request.relation)
  const parts: Sql[] = [sql`CAST(${cells.label} AS DOUBLE)`]
  const known = new Map<Sql, number>()
  const place = (cell: Sql): number => {
    const before = known.get(cell)
    if (before !== undefined) return before
    // The first part is the label, which is no column.
    const at = parts.push(sql`CAST(${cell} AS DOUBLE)`) - 2
    known.set(cell, at)
    return at
  }
  const codes = cells.classes?.codes ?? []
  const metrics = asked.map(({ index, term, model, cells: read, clusterCell, weightCell }): MetricOfModel => {
    const values = read.values.map(place)
    const cluster = clusterCell === undefined ? undefined : place(clusterCell)
    const weights = weightCell === undefined ? undefined : place(weightCell)
    const mask = term.where === undefined ? undefined : place(sql`coalesce(${scope.value(term.where)}, false)`)
    return {
      index,
      term,
      model,
      values,
      classes: codes.length,
      named: classesOf(term, codes),
      ...(mask === undefined ? {} : { mask }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(weights === undefined ? {} : { weights }),
      ...(read.ofClass === undefined ? {} : { ofClass: read.ofClass }),
    }
  })
  const unreadable = scope.failureOf([
    ...request.slice.columns,
    ...asked.flatMap(({ term }) => (term.where === undefined ? [] : [...columnsOf(term.where)])),
  ])
  if (unreadable !== undefined) return { ok: false, cause: unreadable.cause }
  const result = await request.session.numbers(
    sql`SELECT ${join(parts, sql`, `)} FROM ${request.relation.from}${where(scope, request.slice)}`,
  )
  if (!result.ok) return { ok: false, cause: result.error.cause }
  const [labels = new Float64Array(0), ...columns] = result.value
  return { ok: true, rows: { n: labels.length, labels, columns }, metrics }
}
