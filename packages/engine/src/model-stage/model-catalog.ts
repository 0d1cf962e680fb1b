import {
  compileRow,
  digestOf,
  givenTo,
  identifier,
  join,
  type ModelRelation,
  type Program,
  type ProgramColumn,
  type RunnerReport,
  type Sql,
  sql,
} from '@plumbline/core'
import {
  askColumns,
  type BoundModel,
  columnsOfModel,
  failedRows,
  notFiniteRows,
  outputCell,
  unaskedRows,
} from '../bound-models/bound-model.ts'
import { imageInputs } from '../images/image-inputs.ts'
import type { ColumnData } from '../models/column-data.ts'
import { type Outcome, success } from '../models/outcome.ts'
import type { OutputValues } from '../models/predictions.ts'
import type { LoadedColumn, Session } from '../duckdb/session.ts'
import { classCells, classNumber, type MetricCells } from '../metrics/metric-cells.ts'
import type { DataCatalog } from '../relations/data-catalog.ts'
import { found, type Read, type ReadFailure, unreadable } from '../relations/failure.ts'
import type { OpenRelation, RelationCatalog, RelationColumn, Unanswered } from '../relations/relation.ts'
import { failureReason } from '../models/failure-reason.ts'
import type { ModelShelf } from './model-shelf.ts'
import { type Asked, askJudge, judgesLast } from './ask-judge.ts'
import { readColumns } from './read-columns.ts'
import { askReordered } from '../models/asked/steadiness.ts'
import { reportOf } from './runner-report.ts'

/** What model relations are made from. */
export interface ModelCatalogOptions {
  readonly program: Program
  readonly session: Session
  readonly data: DataCatalog
  readonly shelf: ModelShelf
  /** Begins the names of tables, where several catalogs share a session. */
  readonly tables?: string
  readonly signal?: AbortSignal | undefined
}

/** Relations, and where model relations keep what metrics read, for one binding of roles to versions. */
export interface ModelCatalog extends RelationCatalog {
  cellsOf(relation: string): MetricCells | undefined
  /** What is known of the models that answered for the relation and are no files of this process. */
  runnersOf(relation: string): Readonly<Record<string, RunnerReport>>
}

/** Makes catalogs; what a version answered for the rows of a dataset or a split is kept, so that it is asked once. */
export interface ModelCatalogs {
  /** `models`: digests by role or model name. */
  bind(models: Readonly<Record<string, string>>): ModelCatalog
}

interface Answered {
  readonly table: Sql
  /** Columns of the answers, by model name and output. */
  readonly outputs: ReadonlyMap<string, ReadonlyMap<string, Sql>>
  /** Columns about the calls of a model that somebody else runs, by model name. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, Sql>>
  /** By model name: which rows have no answer, and why. Whatever needs one of them is then not decided. */
  readonly failures: ReadonlyMap<string, Unanswered>
  readonly runners: Readonly<Record<string, RunnerReport>>
  /** By model name, what numbers about the models themselves read. */
  readonly models: NonNullable<MetricCells['models']>
}

/** The catalogs over a session. */
export function modelCatalogs(options: ModelCatalogOptions): ModelCatalogs {
  const tables = new Map<string, Promise<Read<Answered>>>()
  const predicted: Predicted = new Map()
  return {
    bind(models) {
      const answered = (dataset: string, base: OpenRelation): Promise<Read<Answered>> => {
        const keyOf = (relation: string): string => digestOf({ relation, models })
        const key = keyOf(base.name)
        // A table of all rows holds those of a split.
        const known = tables.get(keyOf(dataset)) ?? tables.get(key)
        if (known !== undefined) return known
        const answering = answer(options, dataset, base, models, predicted, tables.size)
        tables.set(key, answering)
        return answering
      }
      return catalogOf(options, models, answered)
    },
  }
}

/** What versions answered, by relation and version. */
type Predicted = Map<string, ReturnType<typeof ask>>

function catalogOf(
  { program, data }: ModelCatalogOptions,
  models: Readonly<Record<string, string>>,
  answered: (dataset: string, base: OpenRelation) => Promise<Read<Answered>>,
): ModelCatalog {
  const cells = new Map<string, MetricCells>()
  const runners = new Map<string, Readonly<Record<string, RunnerReport>>>()
  return {
    cellsOf: (relation) => cells.get(relation),
    runnersOf: (relation) => runners.get(relation) ?? {},
    async resolve(name) {
      const relation = program.relations.find((r) => r.name === name)
      if (relation?.kind !== 'model') return data.resolve(name)
      const base = await data.resolve(
        relation.split === undefined ? relation.dataset : `${relation.dataset}.${relation.split}`,
      )
      if (!base.ok) return base
      const table = await answered(relation.dataset, base.value)
      if (!table.ok) return table
      const opened = modelRelation(program, relation, base.value, table.value, models)
      if (!opened.ok) return opened
      cells.set(name, cellsFor(program, relation, opened.value, table.value))
      runners.set(name, table.value.runners)
      return opened
    },
  }
}

function modelRelation(
  program: Program,
  relation: ModelRelation,
  base: OpenRelation,
  answered: Answered,
  models: Readonly<Record<string, string>>,
): Read<OpenRelation> {
  const own = answered.outputs.get(relation.model)
  const model = program.models.find((m) => m.name === relation.model)
  if (own === undefined || model === undefined)
    return unreadable('model-missing', `The model "${relation.model}" has not answered.`)
  const columns = new Map<string, RelationColumn>(base.columns)
  const failures = new Map(base.failures)
  const failed = answered.failures.get(relation.model)
  for (const output of outputsOf(model)) {
    const cell = own.get(output.name)
    if (failed !== undefined) failures.set(output.name, failed.failure)
    if (cell !== undefined) columns.set(output.name, { name: output.name, type: output.type, cell })
  }
  for (const [name, cell] of answered.calls.get(relation.model) ?? [])
    columns.set(name, { name, type: { kind: name === '_error' ? 'string' : 'double' }, cell })
  return found({
    ...base,
    name: relation.name,
    from: answered.table,
    numbered: answered.table,
    columnar: false,
    columns,
    failures,
    ...(failed === undefined ? {} : { unanswered: new Map(outputsOf(model).map(({ name }) => [name, failed])) }),
    declared: new Map([...base.declared, ...outputsOf(model).map((o): [string, ProgramColumn] => [o.name, o])]),
    models,
  })
}

function cellsFor(program: Program, relation: ModelRelation, opened: OpenRelation, answered: Answered): MetricCells {
  const model = program.models.find((m) => m.name === relation.model)
  const label = model?.label === undefined ? undefined : opened.columns.get(model.label)
  const named = (pick: (name: string) => string | undefined): ReadonlyMap<string, Sql> =>
    new Map(
      [...answered.outputs].flatMap(([name, outputs]) => {
        const output = pick(name)
        const cell = output === undefined ? undefined : outputs.get(output)
        return cell === undefined ? [] : [[name, cell] as const]
      }),
    )
  const declared = (name: string) => program.models.find((m) => m.name === name)
  const classes = model?.classes
  const several = classes && {
    classes: classCells(
      classes,
      new Map(
        [...answered.outputs].flatMap(([name, outputs]) => {
          const own = declared(name)?.classes
          return own === undefined ? [] : [[name, { classes: own, cell: (output: string) => outputs.get(output) }]]
        }),
      ),
    ),
  }
  const codes = classes?.all.map(({ code }) => code)
  return {
    model: relation.model,
    inputs: model?.input ?? [],
    ...(answered.failures.size === 0 ? {} : { failures: answered.failures }),
    label: label === undefined ? sql`NULL` : codes === undefined ? label.cell : classNumber(label.cell, codes),
    ...several,
    decisions: named(() => 'decision'),
    scores: named((name) => declared(name)?.score),
    amounts: named((name) => declared(name)?.amount),
    models: answered.models,
    outputs: answered.outputs,
  }
}

/** The outputs of a model as columns, `decision` included. */
function outputsOf(model: Program['models'][number]): readonly ProgramColumn[] {
  if (model.decision === undefined) return model.outputs
  return [
    ...model.outputs,
    {
      name: 'decision',
      columnType: 'boolean',
      type: { kind: 'bool' },
      optional: false,
      protected: false,
      role: 'output',
    },
  ]
}

async function ask(
  model: BoundModel,
  cells: ReadonlyMap<string, ColumnData>,
  rows: number,
  again: boolean,
  signal: AbortSignal | undefined,
): Promise<Outcome<Asked>> {
  const answers = await askColumns(model, cells, rows, signal)
  if (!answers.ok) return answers
  const report = await reportOf(model, cells, answers.value, signal)
  if (!report.ok) return report
  const asked = { answers: answers.value, report: report.value }
  if (!again) return success(asked)
  const { outputs } = model.program
  const columns = givenTo(model.program)
  const request = { columns, data: cells, rows, outputs, signal }
  const reordered = await askReordered(model.runtime, request, answers.value, model.digest)
  return reordered.ok ? success({ ...asked, reordered: reordered.value }) : reordered
}

/** Asks every bound model of a dataset for the rows of a relation over it, and joins the answers to the data in one table. */
async function answer(
  options: ModelCatalogOptions,
  dataset: string,
  base: OpenRelation,
  models: Readonly<Record<string, string>>,
  predicted: Predicted,
  ordinal: number,
): Promise<Read<Answered>> {
  const { program, session, shelf, tables = '', signal } = options
  const declared = program.datasets.find((d) => d.name === dataset)
  if (declared === undefined) return unreadable('source-missing', `There is no dataset "${dataset}" in the spec.`)
  const bound: { readonly name: string; readonly model: BoundModel }[] = []
  for (const [name, digest] of Object.entries(models)) {
    const opened = await shelf.open(name, digest)
    if (!opened.ok) return unreadable(failureReason(opened.error), opened.error.message)
    const inputs = columnsOfModel(opened.value.program)
    if (inputs.every((column) => declared.columns.some((c) => c.name === column)))
      bound.push({ name, model: opened.value })
  }
  const inputs = new Set(bound.flatMap(({ model }) => columnsOfModel(model.program)))
  const columns = await readColumns(session, base, declared, [...inputs])
  if (!columns.ok) return columns
  const { rows, data: cells } = columns.value
  const loaded: LoadedColumn[] = [{ name: 'row', type: 'bigint', values: BigInt64Array.from(rows, BigInt) }]
  const outputs = new Map<string, Map<string, Sql>>()
  const calls = new Map<string, Map<string, Sql>>()
  const failures = new Map<string, Unanswered>()
  const runners: Record<string, RunnerReport> = {}
  const itself = new Map<string, { readonly bytes?: number; readonly reordered?: Sql }>()
  const again = asksOrder(program)
  const keep = (type: LoadedColumn['type'], values: LoadedColumn['values']): Sql => {
    const column = `o${loaded.length}`
    loaded.push({ name: column, type, values })
    return identifier(column)
  }
  const keyOf = (model: BoundModel): string =>
    digestOf({ relation: base.name, model: model.program.name, version: model.digest })
  for (const { name, model } of judgesLast(bound)) {
    const { judges } = model.program
    const subject = judges === undefined ? undefined : bound.find((each) => each.name === judges.model)?.model
    const key = digestOf({ own: keyOf(model), judged: subject === undefined ? null : keyOf(subject) })
    const asking = (): ReturnType<typeof ask> => {
      if (judges === undefined) return ask(model, cells, rows.length, again, signal)
      // It was asked before: judges come last.
      const judged = subject === undefined ? undefined : predicted.get(digestOf({ own: keyOf(subject), judged: null }))
      return askJudge(judged, { cells, judges }, (given, count) => ask(model, given, count, again, signal))
    }
    const asked = predicted.get(key) ?? asking()
    predicted.set(key, asked)
    const answered = await asked
    if (!answered.ok)
      return unreadable(failureReason(answered.error), `${model.program.name}: ${answered.error.message}`)
    const { answers, report, reordered } = answered.value
    if (report !== undefined) runners[name] = report
    itself.set(name, {
      ...(model.bytes === undefined ? {} : { bytes: model.bytes }),
      ...(reordered === undefined ? {} : { reordered: keep('boolean', reordered) }),
    })
    const { calls: kept, unasked, notFinite } = answers
    const failedOf = (row: number): string | undefined => kept?.errors.get(row) ?? notFinite?.get(row)
    const isLost = (row: number): boolean => failedOf(row) !== undefined || unasked?.has(row) === true
    const failed = failedRows(answers) ?? notFiniteRows(answers)
    const cause = failed ?? unaskedRows(answers)
    if (cause !== undefined) {
      const at = (why: (row: number) => string | undefined): Sql =>
        keep(
          'boolean',
          Array.from(rows, (_, row) => why(row) !== undefined),
        )
      const failure: ReadFailure = {
        reason: failedRows(answers) === undefined && notFinite !== undefined ? 'prediction-not-finite' : 'model-failed',
        cause: failed === undefined ? cause + ELSEWHERE : cause,
      }
      failures.set(name, { failed: at(failedOf), unasked: at((row) => unasked?.get(row)), failure })
    }
    outputs.set(
      name,
      new Map(
        model.program.outputs.map((output) => [
          output.name,
          keep(
            loadedType(output),
            loadable(output, answers.outputs.get(output.name), cause === undefined ? undefined : isLost),
          ),
        ]),
      ),
    )
    const why = (row: number): string | null => failedOf(row) ?? unasked?.get(row) ?? null
    const errors = (): [string, Sql] => [
      '_error',
      keep(
        'text',
        Array.from(rows, (_, row) => why(row)),
      ),
    ]
    if (kept !== undefined) {
      const [took, size] = [keep('double', kept.latencyMs), keep('double', kept.bytes)]
      calls.set(name, new Map([['_latency_ms', took], ['_bytes', size], errors()]))
    } else if (readsImages(model)) calls.set(name, new Map([errors()]))
  }
  const made = await session.load(`${tables}answers_${ordinal}`, loaded)
  if (!made.ok) return unreadable('source-unreadable', made.error.cause)
  const answerColumns = join(
    loaded.slice(1).map(({ name }) => sql`a.${identifier(name)}`),
    sql`, `,
  )
  const joined = sql`SELECT d.*, ${answerColumns} FROM ${base.numbered} d JOIN ${identifier(`${tables}answers_${ordinal}`)} a ON d."row" = a."row"`
  const decided = bound.flatMap(({ name, model }) => decision(model, base, outputs.get(name) ?? new Map(), name))
  for (const { name, column } of decided) outputs.get(name)?.set('decision', column)
  const decisions = decided.map(({ value, column }) => sql`, ${value} AS ${column}`)
  const table = identifier(`${tables}model_rows_${ordinal}`)
  const built = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT *${join(decisions, sql``)} FROM (${joined}) ORDER BY "row"`,
  )
  return built.ok
    ? found({ table, outputs, calls, failures, runners, models: itself })
    : unreadable('source-unreadable', built.error.cause)
}

/** Whether a clause asks that answers do not depend on the order of rows: only then are all asked twice. */
function asksOrder({ clauses }: Program): boolean {
  return clauses.some(
    (clause) => clause.form === 'must' && clause.must.terms.some(({ fn }) => fn === 'order_dependent'),
  )
}

/** The decision of a model as SQL over the data and its outputs; NULL where it is an error. */
function decision(
  model: BoundModel,
  base: OpenRelation,
  outputs: ReadonlyMap<string, Sql>,
  name: string,
): readonly { readonly name: string; readonly column: Sql; readonly value: Sql }[] {
  if (model.program.decision === undefined) return []
  const column = (read: string): Sql => {
    const cell = outputs.get(read) ?? base.columns.get(read)?.cell
    if (cell === undefined) throw new Error(`The decision of ${name} reads ${read}, which was not opened.`)
    return cell
  }
  const { value } = compileRow(model.program.decision.expr, { column })
  return [{ name, column: identifier(`decision of ${name}`), value }]
}

/** What is said beside a number that would leave out rows whose pictures cannot be read. */
const ELSEWHERE =
  ' A number over the other rows would hide these: give the clause a slice or a split of rows with a picture (`_error == null`, or of the data `has(…)`).'

const readsImages = ({ program, dataset }: BoundModel): boolean => imageInputs(program, dataset).length > 0

/** An output as its column is loaded; `isLost` are the rows without an answer. */
function loadable(
  output: ProgramColumn,
  values: OutputValues | undefined,
  isLost?: (row: number) => boolean,
): LoadedColumn['values'] {
  const { kind } = output.type
  if (values === undefined) return []
  if (kind === 'double' && values instanceof Float64Array && isLost === undefined) return values
  return Array.from(values as ArrayLike<OutputValues[number]>, (value, row) =>
    isLost?.(row) === true ? null : outputCell(value, kind),
  )
}

function loadedType(output: ProgramColumn): LoadedColumn['type'] {
  switch (output.type.kind) {
    case 'int':
      return 'bigint'
    case 'bool':
      return 'boolean'
    case 'string':
      return 'text'
    default:
      return 'double'
  }
}
