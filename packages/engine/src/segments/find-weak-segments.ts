import {
  bindRoles,
  identifier,
  instancesOf,
  judgedRelations,
  join,
  type Program,
  type ProgramColumn,
  segmentText,
  type Sql,
  sql,
  stats,
  type Versions,
} from '@plumbline/core'
import { openSession, type Session } from '../duckdb/session.ts'
import type { ImagePaths } from '../images/image-columns.ts'
import { imageFiles } from '../images/image-files.ts'
import { classNumber, type MetricCells } from '../metrics/metric-cells.ts'
import { columnsWithModels } from '../model-stage/columns-needed.ts'
import { modelCatalogs } from '../model-stage/model-catalog.ts'
import { type ModelFile, modelShelf } from '../model-stage/model-shelf.ts'
import type { RunnerPorts } from '../models/open-runner.ts'
import { rowFilter, type Scope, scopeOf, where } from '../plan/scope.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { failureReason } from '../engines/failure-reason.ts'

/** Where segments are looked for. */
export interface SegmentsRequest {
  readonly program: Program
  readonly root: string
  readonly versions: Versions
  readonly files: ReadonlyMap<string, ModelFile>
  readonly runners?: RunnerPorts
  /** Conditions that are joined, at most. */
  readonly depth?: number
  readonly signal?: AbortSignal
}

/** What a row loses: a wrong decision (or class), or the absolute error of a number. */
export type SegmentLoss = 'wrong-answer' | 'absolute-error'

/** The weak segments of a model on a relation. */
export interface WeakSegments extends Omit<stats.SegmentSearch, 'segments'> {
  readonly relation: string
  readonly loss: SegmentLoss
  readonly rows: number
  /** `condition`: as a slice is written. */
  readonly segments: readonly (stats.WeakSegment & { readonly condition: string })[]
}

/** Finds the weak segments of the candidate on the rows that most clauses ask it about; undefined where there are no such rows or labels. */
export async function findWeakSegments(request: SegmentsRequest): Promise<Read<WeakSegments | undefined>> {
  const { program, signal } = request
  const relation = judgedRelations(program, 'champion')[0]
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === relation?.dataset)
  const binding = bindRoles({ models: ['champion'] }, request.versions)
  if (relation === undefined || model?.label === undefined || dataset === undefined) return found(undefined)
  if (binding.kind !== 'bound') return unreadable('model-missing', 'There is no model to search for weak segments.')
  const columns = dataset.columns.filter((column) => mayDiffer(column) && column.name !== model.label)
  const session = await openSession(signal === undefined ? {} : { signal })
  if (!session.ok) return unreadable('engine-failed', session.error.cause)
  const images: ImagePaths = new Map()
  const shelf = modelShelf(program, request.files, request.runners, imageFiles(request.root, images))
  const instances = instancesOf(program, ['model'])
  const needed = new Map([...columnsWithModels(program, instances)].map(([name, all]) => [name, new Set(all)]))
  for (const { name } of columns) needed.get(dataset.name)?.add(name)
  try {
    const data = dataCatalog({ program, root: request.root, session: session.value, needed, images })
    const catalog = modelCatalogs({ program, session: session.value, data, shelf, signal }).bind(binding.models)
    const opened = await catalog.resolve(relation.name)
    if (!opened.ok) return opened
    const cells = catalog.cellsOf(relation.name)
    const read = cells === undefined ? undefined : lossOf(cells)
    if (read === undefined) return found(undefined)
    const scope = scopeOf(opened.value)
    const unread = scope.failureOf([model.label, ...columns.map(({ name }) => name)])
    if (unread !== undefined) return { ok: false, failure: unread }
    const rows = await readRows(session.value, scope, read.cell, columns, opened.value.key)
    if (!rows.ok) return rows
    const { losses, half, values } = rows.value
    const limits = request.depth === undefined ? {} : { depth: request.depth }
    const search = stats.weakSegments({ losses, columns: values }, half, limits)
    return found({
      ...search,
      relation: relation.name,
      loss: read.loss,
      rows: losses.filter((loss) => !Number.isNaN(loss)).length,
      segments: search.segments.map((each) => ({ ...each, condition: segmentText(each.conditions, columns) })),
    })
  } finally {
    await shelf.close()
    session.value.close()
  }
}

/** A column by which rows can be told apart beforehand: no key, no label, no text, no time. */
function mayDiffer({ columnType, role }: ProgramColumn): boolean {
  return role === undefined && ['integer', 'number', 'category', 'boolean'].includes(columnType)
}

/** What each row loses, as SQL; NULL where it has no label or answer. */
function lossOf(cells: MetricCells): { readonly loss: SegmentLoss; readonly cell: Sql } | undefined {
  const answer = cells.classes?.answers.get(cells.model) ?? cells.decisions.get(cells.model)
  if (answer !== undefined)
    return { loss: 'wrong-answer', cell: sql`abs(sign(CAST(${cells.label} AS DOUBLE) - CAST(${answer} AS DOUBLE)))` }
  const amount = cells.amounts.get(cells.model)
  if (amount === undefined) return undefined
  return { loss: 'absolute-error', cell: sql`abs(CAST(${cells.label} AS DOUBLE) - CAST(${amount} AS DOUBLE))` }
}

async function readRows(
  session: Session,
  scope: Scope,
  loss: Sql,
  columns: readonly ProgramColumn[],
  key: readonly string[],
): Promise<
  Read<{
    readonly losses: Float64Array
    readonly half: Uint8Array
    readonly values: readonly stats.SegmentColumn[]
  }>
> {
  const keys = key.length === 0 ? [sql`"row"`] : key.map((name) => scope.column(name).cell)
  const texts = keys.map((cell) => sql`coalesce(CAST(${cell} AS VARCHAR), '')`)
  // The first digit of a hash of the key: as many even ones as odd ones, and the same on every machine.
  const half = sql`ascii(md5(concat_ws('|', ${join(texts, sql`, `)}))) % 2`
  const cells = columns.map(({ name, values, columnType }) => {
    const { cell } = scope.column(name)
    const codes = values?.map(({ code }) => code)
    return columnType === 'category' && codes !== undefined ? classNumber(cell, codes) : cell
  })
  const parts = [loss, half, ...cells].map((cell, i) => sql`CAST(${cell} AS DOUBLE) AS ${identifier(`c${i}`)}`)
  const result = await session.numbers(
    sql`SELECT ${join(parts, sql`, `)} FROM ${scope.relation.from}${where(scope, rowFilter())}`,
  )
  if (!result.ok) return unreadable(failureReason(result.error), result.error.cause)
  const [losses = new Float64Array(0), halves = new Float64Array(0), ...read] = result.value
  return found({
    losses,
    half: Uint8Array.from(halves),
    values: columns.map(({ name, columnType, values: declared }, i) => ({
      name,
      ...(columnType === 'category' ? { values: declared?.length ?? 0 } : {}),
      kind: columnType === 'integer' || columnType === 'number' ? 'amount' : 'value',
      cells: read[i] ?? new Float64Array(losses.length),
    })),
  })
}
