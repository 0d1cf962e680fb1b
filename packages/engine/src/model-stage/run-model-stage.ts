import {
  bindRoles,
  digestOf,
  type Instance,
  instancesOf,
  type Program,
  type Statement,
  type Value,
  type Versions,
} from '@plumbline/core'
import { family, isOf } from '../data-stage.ts'
import { openSession, type Session, type SessionOptions } from '../duckdb/session.ts'
import { decideForall } from '../forall/decide-forall.ts'
import type { BoundModel } from '../bound-models/bound-model.ts'
import type { CellValue, Row } from '../falsify/domain.ts'
import type { ImagePaths } from '../images/image-columns.ts'
import { imageFiles } from '../images/image-files.ts'
import { metricMeasurer } from '../metrics/measurer.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { type DataCatalog, dataCatalog } from '../relations/data-catalog.ts'
import { failed, skipped, statementOf } from '../statement.ts'
import { failureReason } from '../models/failure-reason.ts'
import type { RunnerPorts } from '../models/open-runner.ts'
import { columnsWithModels } from './columns-needed.ts'
import { type ModelCatalogs, modelCatalogs } from './model-catalog.ts'
import { type ModelFile, type ModelShelf, modelShelf } from './model-shelf.ts'
import { readRecords } from './read-records.ts'
import { steadyModels, withRunners } from './runner-report.ts'

/** What a model stage runs on. */
export interface ModelStageRequest {
  readonly program: Program
  /** The project's directory. */
  readonly root: string
  readonly toolVersion: string
  readonly versions: Versions
  /** Every file that a version may be, by digest. */
  readonly files: ReadonlyMap<string, ModelFile>
  /** Another seed; marks the evidence exploratory. */
  readonly seed?: string
  readonly select?: (instance: Instance) => boolean
  readonly signal?: AbortSignal
  readonly onEvent?: (event: ModelStageEvent) => void
  readonly session?: Omit<SessionOptions, 'signal'>
  /** What models that are no files of this process are run with; without it they cannot be asked. */
  readonly runners?: RunnerPorts
}

/** Progress of a model stage, for people to watch. */
export type ModelStageEvent =
  | { readonly kind: 'relation-begun'; readonly relation: string; readonly instances: number }
  | { readonly kind: 'forall-begun'; readonly clause: string }

/** Rows that a search over a declared domain starts from, at most. */
const STARTING_ROWS = 400

/** What the instances of a model stage are decided with. */
export interface OpenModelStage {
  readonly request: ModelStageRequest
  readonly session: Session
  readonly data: DataCatalog
  readonly shelf: ModelShelf
  readonly catalogs: ModelCatalogs
}

/** Decides every selected instance of the model stage. Nothing is thrown for data or models. */
export async function* runModelStage(request: ModelStageRequest): AsyncGenerator<Statement> {
  const { program, signal } = request
  const select = request.select ?? (() => true)
  const all = instancesOf(program, ['model'])
  const wanted = all.filter(select)
  if (wanted.length === 0) return
  const session = await openSession({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) {
    for (const instance of wanted) {
      const digests = digestsFor(request, instance)
      yield session.error.code === 'interrupted'
        ? skipped(instance, digests, 'interrupted')
        : failed(instance, digests, 'engine-failed', session.error.cause)
    }
    return
  }
  const images: ImagePaths = new Map()
  const shelf = modelShelf(program, request.files, request.runners, imageFiles(request.root, images))
  const data = dataCatalog({
    program,
    root: request.root,
    session: session.value,
    images,
    needed: columnsWithModels(program, all),
  })
  const catalogs = modelCatalogs({ program, session: session.value, data, shelf, signal })
  try {
    const asked = new Set(wanted)
    for await (const statement of runInstances(
      { request, session: session.value, data, shelf, catalogs },
      family(all, asked),
    )) {
      // The slices of a clause are decided as one family, also where only one of them is wanted.
      if (wanted.some((instance) => isOf(instance, statement))) yield statement
    }
  } finally {
    await shelf.close()
    session.value.close()
  }
}

/** Decides instances of models, those that are planned together first. Slices of one `must` clause have to come together. */
export async function* runInstances(stage: OpenModelStage, wanted: readonly Instance[]): AsyncGenerator<Statement> {
  const { request } = stage
  const planned = new Map<
    string,
    { readonly relation: string; readonly models: Readonly<Record<string, string>>; readonly instances: Instance[] }
  >()
  const searched: { readonly instance: Instance; readonly models: Readonly<Record<string, string>> }[] = []
  for (const instance of wanted) {
    const { clause } = instance
    const binding = bindRoles(clause, request.versions)
    if (clause.unenforced !== undefined)
      yield skipped(instance, digestsFor(request, instance), 'unenforced', clause.unenforced)
    else if (binding.kind === 'unbound') yield unbound(request, instance, binding)
    else if (clause.form === 'forall') searched.push({ instance, models: binding.models })
    else {
      const key = JSON.stringify([instance.relation, binding.models])
      const group = planned.get(key) ?? { relation: instance.relation, models: binding.models, instances: [] }
      group.instances.push(instance)
      planned.set(key, group)
    }
  }
  for (const group of planned.values()) {
    request.onEvent?.({ kind: 'relation-begun', relation: group.relation, instances: group.instances.length })
    yield* runRelation(stage, group.relation, group.models, group.instances)
  }
  for (const { instance, models } of searched) {
    request.onEvent?.({ kind: 'forall-begun', clause: instance.clause.id })
    yield await runForall(stage, instance, models)
  }
}

function unbound(
  request: ModelStageRequest,
  instance: Instance,
  binding: Extract<ReturnType<typeof bindRoles>, { kind: 'unbound' }>,
): Statement {
  const digests = digestsFor(request, instance)
  if (binding.reason === 'model-missing')
    return failed(
      instance,
      digests,
      'model-missing',
      `The model \`${binding.model}\` has no file; its \`artifact\` is not there.`,
    )
  const { candidate } = request.versions
  const models = binding.reason === 'no-champion' && candidate !== undefined ? { challenger: candidate } : {}
  return skipped(instance, { ...digests, models }, binding.reason)
}

async function* runRelation(
  stage: OpenModelStage,
  relation: string,
  models: Readonly<Record<string, string>>,
  instances: readonly Instance[],
): AsyncGenerator<Statement> {
  const { request, session, catalogs } = stage
  const { program, toolVersion, signal } = request
  const catalog = catalogs.bind(models)
  const resolved = await catalog.resolve(relation)
  if (!resolved.ok) {
    for (const instance of instances) {
      const digests = { ...digestsFor(request, instance), models }
      yield signal?.aborted === true
        ? skipped(instance, digests, 'interrupted')
        : failed(instance, digests, resolved.failure.reason, resolved.failure.cause)
    }
    return
  }
  const statements = decideRelation({
    program,
    session,
    catalog,
    relation: resolved.value,
    instances,
    toolVersion,
    metrics: metricMeasurer((name) => catalog.cellsOf(name), { curves: true }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(signal === undefined ? {} : { signal }),
  })
  const runners = catalog.runnersOf(relation)
  for await (const statement of statements) yield withRunners(statement, runners)
}

async function runForall(
  stage: OpenModelStage,
  instance: Instance,
  models: Readonly<Record<string, string>>,
): Promise<Statement> {
  const { request, shelf } = stage
  const { program, toolVersion, signal } = request
  const digests = { ...digestsFor(request, instance), models }
  if (instance.clause.form !== 'forall') throw new Error('Only forall clauses are searched.')
  if (signal?.aborted === true) return skipped(instance, digests, 'interrupted')
  const opened = new Map<string, BoundModel>()
  for (const [name, digest] of Object.entries(models)) {
    const model = await shelf.open(name, digest)
    if (!model.ok) return failed(instance, digests, failureReason(model.error), model.error.message)
    opened.set(name, model.value)
  }
  const rows = await startingRows(stage, instance)
  if (!rows.ok) return failed(instance, digests, rows.failure.reason, rows.failure.cause)
  const steady = await steadyModels(opened, rows.rows, signal)
  if (!steady.ok) return failed(instance, digests, failureReason(steady.error), steady.error.message)
  const seed = digestOf({ clause: instance.clause.digest, data: rows.digests, models, seed: request.seed ?? null })
  const finding = await decideForall({
    program,
    clause: instance.clause,
    models: opened,
    rowsOf: (relation) => rows.rows.get(relation) ?? [],
    seed,
    signal,
  })
  // A proof speaks of the model alone; what was searched started from rows.
  const data = finding.method.startsWith('proof:') ? {} : rows.digests
  const on = { program, toolVersion, data, models, exploratory: request.seed !== undefined }
  return withRunners(statementOf(instance, finding, on), steady.value)
}

type StartingRows =
  | {
      readonly ok: true
      readonly rows: ReadonlyMap<string, readonly Row[]>
      readonly digests: Readonly<Record<string, string>>
    }
  | { readonly ok: false; readonly failure: { readonly reason: Parameters<typeof failed>[2]; readonly cause: string } }

/** The actual rows that the binders range over or start from. */
async function startingRows({ request, session, data }: OpenModelStage, { clause }: Instance): Promise<StartingRows> {
  const rows = new Map<string, readonly Row[]>()
  let digests: Readonly<Record<string, string>> = {}
  if (clause.form !== 'forall') return { ok: true, rows, digests }
  const named = clause.binders.flatMap(({ domain }) =>
    domain.kind === 'column'
      ? []
      : // `near` speaks of all rows, too: among the first ones alone, a search that ends would prove nothing of the others.
        [{ name: domain.kind === 'declared' ? domain.dataset : domain.relation, all: domain.kind !== 'declared' }],
  )
  const measured = clause.over === undefined || clause.over === 'uniform' ? [] : [{ name: clause.over, all: true }]
  for (const { name, all } of [...named, ...measured]) {
    if (rows.has(name) && !all) continue
    const dataset = request.program.datasets.find((d) => d.name === name.split('.')[0])
    const resolved = await data.resolve(name)
    if (!resolved.ok) return resolved
    if (dataset === undefined) continue
    const names = dataset.columns.map((c) => c.name).filter((column) => resolved.value.columns.has(column))
    const read = await readRecords(session, resolved.value, names, all ? undefined : STARTING_ROWS)
    if (!read.ok) return read
    rows.set(
      name,
      read.value.map((record) => new Map([...record].map(([column, cell]) => [column, cellOf(cell)]))),
    )
    digests = { ...digests, ...resolved.value.digests }
  }
  return { ok: true, rows, digests }
}

function cellOf(value: Value | null): CellValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value === null || typeof value !== 'object') return value
  // A time as its microseconds, which the evaluator reads as a time again; lists are in no domain.
  return 'timestamp' in value ? cellOf(value.timestamp) : null
}

function digestsFor(request: ModelStageRequest, { clause }: Instance) {
  const { program, toolVersion } = request
  return { spec: program.spec.digest, clause: clause.digest, data: {}, models: {}, tool: toolVersion }
}
