import { columnsOf, identifier, join, type Sql, sql } from '@plumbline/core'
import type { Cell } from '../duckdb/session.ts'
import type { MetricRequest } from '../plan/must.ts'
import { scopeOf, where } from '../plan/scope.ts'
import { classesOf, type MetricCells, type TermCells } from './metric-cells.ts'
import type { MetricRows } from './metric-rows.ts'
import type { MetricOfModel } from './metric-term.ts'
import { textScores } from './text-scores.ts'

/** A metric that is asked for, and the cells it reads. */
export type Asked = Pick<MetricOfModel, 'index' | 'term' | 'model'> & {
  readonly cells: TermCells
  /** Numbers of the clusters. */
  readonly clusterCell?: Sql
  readonly weightCell?: Sql
}

type Fetched =
  | { readonly ok: true; readonly rows: MetricRows; readonly metrics: readonly MetricOfModel[] }
  | { readonly ok: false; readonly cause: string }

/** One statement for all that the metrics read of the rows of a slice. */
export async function fetchRows(request: MetricRequest, cells: MetricCells, asked: readonly Asked[]): Promise<Fetched> {
  const scope = scopeOf(request.relation)
  const parts: Sql[] = []
  // Named, since DuckDB would name equal expressions alike.
  const part = (cell: Sql): number => parts.push(sql`${cell} AS ${identifier(`c${parts.length}`)}`)
  part(sql`CAST(${cells.label} AS DOUBLE)`)
  const known = new Map<Sql, number>()
  const place = (cell: Sql): number => {
    const before = known.get(cell)
    if (before !== undefined) return before
    // The first part is the label, which is no column.
    const at = part(sql`CAST(${cell} AS DOUBLE)`) - 2
    known.set(cell, at)
    return at
  }
  const codes = cells.classes?.codes ?? []
  const texts: { readonly metric: MetricOfModel; readonly reference: number; readonly answer: number }[] = []
  const metrics = asked.map(({ index, term, model, cells: read, clusterCell, weightCell }): MetricOfModel => {
    const compared = read.texts?.map((cell) => part(cell) - 2)
    // Where a number of each pair of texts will stand.
    const values = compared === undefined ? read.values.map(place) : [part(sql`NULL`) - 2]
    const cluster = clusterCell === undefined ? undefined : place(clusterCell)
    const weights = weightCell === undefined ? undefined : place(weightCell)
    const mask = term.where === undefined ? undefined : place(sql`coalesce(${scope.value(term.where)}, false)`)
    const metric: MetricOfModel = {
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
    const [reference, answer] = compared ?? []
    if (reference !== undefined && answer !== undefined) texts.push({ metric, reference, answer })
    return metric
  })
  const unreadable = scope.failureOf([
    ...request.slice.columns,
    ...asked.flatMap(({ term }) => (term.where === undefined ? [] : [...columnsOf(term.where)])),
  ])
  if (unreadable !== undefined) return { ok: false, cause: unreadable.cause }
  const statement = sql`SELECT ${join(parts, sql`, `)} FROM ${request.relation.from}${where(scope, request.slice)}`
  if (texts.length === 0) {
    const result = await request.session.numbers(statement)
    if (!result.ok) return { ok: false, cause: result.error.cause }
    const [labels = new Float64Array(0), ...columns] = result.value
    return { ok: true, rows: { n: labels.length, labels, columns }, metrics }
  }
  const result = await request.session.query(statement)
  if (!result.ok) return { ok: false, cause: result.error.cause }
  const read = [...result.value.columns.values()]
  const [labels = new Float64Array(0), ...columns] = read.map(
    (cells): Float64Array => Float64Array.from(cells, numberOf),
  )
  for (const { metric, reference, answer } of texts)
    columns[metric.values[0] as number] = textScores(metric.term.fn, read[reference + 1] ?? [], read[answer + 1] ?? [])
  return { ok: true, rows: { n: labels.length, labels, columns }, metrics }
}

const numberOf = (cell: Cell): number => (typeof cell === 'number' ? cell : Number.NaN)
