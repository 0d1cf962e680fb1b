import { columnsOf, type Digests, type Instance, instancesOf, type Program, type Statement } from '@plumbline/core'
import { openSession, type SessionOptions } from './duckdb/session.ts'
import { openDatabases } from './engines/databases.ts'
import { metricMeasurer } from './metrics/measurer.ts'
import { columnsRead, decideRelation } from './plan/relation-plan.ts'
import type { WitnessFolder } from './plan/witness-file.ts'
import { failed, skipped } from './statement.ts'
import type { DeadPath } from './relations/dead-paths.ts'
import { type DataCatalog, dataCatalog } from './relations/data-catalog.ts'
import { changedFiles } from './relations/source-files.ts'
import { type Incremental, incremental } from './states/incremental.ts'
import type { KeptStates } from './states/state-folder.ts'

/** Progress of a data stage, for people to watch. */
export type DataStageEvent =
  | { readonly kind: 'relation-begun'; readonly relation: string; readonly instances: number }
  | { readonly kind: 'relation-done'; readonly relation: string }
  /** How far a statement is that runs in a database, as that says. */
  | { readonly kind: 'statement-progress'; readonly engine: string; readonly done: number; readonly tasks: number }
  /** Columns in the data that the spec does not declare. */
  | { readonly kind: 'undeclared-columns'; readonly dataset: string; readonly columns: readonly string[] }
  /** How a dataset's files were found to be written, where the spec does not say; what of them was left out. */
  | {
      readonly kind: 'source-read'
      readonly dataset: string
      readonly said: readonly string[]
      readonly notes: readonly string[]
      /** Declared paths that lead nowhere; each is one of the notes. */
      readonly deadPaths?: readonly DeadPath[]
    }
  /** A dataset was measured file by file: how many files there are, and those that were read. */
  | {
      readonly kind: 'partitions-measured'
      readonly dataset: string
      readonly files: number
      /** Files whose bytes were read, for their digest at least. */
      readonly digested: readonly string[]
      /** Files whose rows were read: what was asked of them was not known. */
      readonly measured: readonly string[]
      /** Files of which what was kept is not what was written: cut off, changed, or another file's. They were measured again. */
      readonly refused: readonly string[]
      /** Questions that were decided from states; the others read all rows. */
      readonly merged: number
      readonly questions: number
    }

/** What a data stage runs on. */
export interface DataStageRequest {
  readonly program: Program
  /** The project's directory. */
  readonly root: string
  readonly toolVersion: string
  /** Instances to report; default all. A `must` clause is still decided over all its slices: they are one family. */
  readonly select?: (instance: Instance) => boolean
  /** Another seed; marks the evidence exploratory. */
  readonly seed?: string
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DataStageEvent) => void
  readonly session?: Omit<SessionOptions, 'signal'>
  /** Where failing rows of violated `every` clauses are kept as Parquet; nowhere by default. */
  readonly witnessFolder?: WitnessFolder
  /** The environment, for the addresses of databases; default: that of the process. */
  readonly variable?: (name: string) => string | undefined
  /** Where what files of a glob came to is kept, so that none is read twice; by default all rows are read. */
  readonly states?: KeptStates
  /** How the engine is opened; default: DuckDB in this process. */
  readonly openSession?: typeof openSession
}

/**
 * Decides every selected instance of the data stage, relation by relation; statements come as they are decided.
 * Nothing is thrown for data: what cannot be read is `error`, what an interruption left over is `skipped`.
 */
export async function* runDataStage(request: DataStageRequest): AsyncGenerator<Statement> {
  const { program, toolVersion, signal } = request
  const select = request.select ?? (() => true)
  const all = instancesOf(program, ['data'])
  const wanted = new Set(all.filter(select))
  const byRelation = Map.groupBy(all, (instance) => instance.relation)
  const open = request.openSession ?? openSession
  const session = await open({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) {
    for (const instance of wanted) {
      const digests = noDigests(program, instance, toolVersion)
      yield session.error.code === 'interrupted'
        ? skipped(instance, digests, 'interrupted')
        : failed(instance, digests, 'engine-failed', session.error.cause)
    }
    return
  }
  const databases = openDatabases({
    ...(request.variable === undefined ? {} : { variable: request.variable }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (engine, progress) => request.onEvent?.({ kind: 'statement-progress', engine, ...progress }),
  })
  try {
    const needed = neededColumns(program, all)
    const catalog = dataCatalog({
      program,
      root: request.root,
      session: session.value,
      databases,
      needed,
      pinsMeanwhile: true,
      ...(signal === undefined ? {} : { signal }),
    })
    const merging =
      request.states === undefined
        ? undefined
        : incremental({
            program,
            root: request.root,
            session: session.value,
            catalog,
            toolVersion,
            kept: request.states,
            all,
            asked: family(all, wanted),
            ...(signal === undefined ? {} : { signal }),
          })
    const reported = new Set<string>()
    for (const [relation, instances] of byRelation) {
      if (!instances.some((instance) => wanted.has(instance))) continue
      request.onEvent?.({ kind: 'relation-begun', relation, instances: instances.length })
      const engine = { catalog, session: session.value, ...(merging === undefined ? {} : { merging }) }
      const statements = runRelation(request, engine, relation, family(instances, wanted))
      for await (const statement of statements) {
        if (instances.some((each) => wanted.has(each) && isOf(each, statement))) yield statement
      }
      await reportReading(request, catalog, merging, reported)
      request.onEvent?.({ kind: 'relation-done', relation })
    }
    for (const { dataset, files, digested, measured, refused, merged } of merging?.measured() ?? []) {
      const questions = [...wanted].filter((each) => datasetOf(program, each.relation) === dataset).length
      const about = { dataset, files: files.length, digested, measured, refused, merged, questions }
      request.onEvent?.({ kind: 'partitions-measured', ...about })
    }
  } finally {
    await databases.close()
    session.value.close()
  }
}

function datasetOf(program: Program, relation: string): string | undefined {
  const found = program.relations.find((each) => each.name === relation)
  return found?.kind === 'data' ? found.dataset : undefined
}

type OpenSession = Extract<Awaited<ReturnType<typeof openSession>>, { readonly ok: true }>['value']

/** What answers about rows in one stage. */
interface StageEngine {
  readonly catalog: DataCatalog
  readonly session: OpenSession
  readonly merging?: Incremental
}

async function* runRelation(
  request: DataStageRequest,
  engine: StageEngine,
  name: string,
  instances: readonly Instance[],
): AsyncGenerator<Statement> {
  const { program, toolVersion, signal } = request
  const { catalog, session, merging } = engine
  const open: Instance[] = []
  for (const instance of instances) {
    const { clause } = instance
    const digests = noDigests(program, instance, toolVersion)
    if (signal?.aborted) yield skipped(instance, digests, 'interrupted')
    else if (clause.unenforced !== undefined) yield skipped(instance, digests, 'unenforced', clause.unenforced)
    else if (clause.form !== 'every' && clause.form !== 'must') {
      yield skipped(
        instance,
        digests,
        'unenforced',
        `A clause of the form \`${clause.form}\` is not decided on data yet.`,
      )
    } else open.push(instance)
  }
  if (open.length === 0) return
  const plan = {
    program,
    session,
    catalog,
    instances: open,
    toolVersion,
    // Metrics of columns that are named need no model.
    metrics: metricMeasurer(() => undefined),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(request.witnessFolder === undefined ? {} : { witnessFolder: request.witnessFolder }),
    ...(signal === undefined ? {} : { signal }),
  }
  const decided = new Map(await merging?.decide(name, plan))
  const rest = open.filter((instance) => !decided.has(instance))
  const resolved = rest.length === 0 ? undefined : await catalog.resolve(name)
  if (resolved?.ok) {
    let at = 0
    for await (const statement of decideRelation({ ...plan, relation: resolved.value, instances: rest })) {
      const instance = rest[at++]
      if (instance !== undefined) decided.set(instance, statement)
    }
  }
  const changed = await changedSince(catalog, merging)
  for (const instance of open) {
    const statement = decided.get(instance)
    const digests = noDigests(program, instance, toolVersion)
    if (statement === undefined) {
      if (resolved === undefined || resolved.ok) continue
      yield signal?.aborted
        ? skipped(instance, digests, 'interrupted')
        : failed(instance, digests, resolved.failure.reason, resolved.failure.cause)
    } else if (changed.length === 0 || statement.verdict === 'skipped') yield statement
    else {
      yield failed(
        instance,
        statement.digests,
        'source-unreadable',
        `${changed.join(', ')} changed while it was read. Run again when nothing writes to it.`,
      )
    }
  }
}

/** What is asked together: all slices of a `must` clause that is asked at all, and the `every` instances wanted. */
export function family(instances: readonly Instance[], wanted: ReadonlySet<Instance>): readonly Instance[] {
  const clauses = new Set([...wanted].map((instance) => instance.clause))
  return instances.filter((each) => wanted.has(each) || (each.clause.form === 'must' && clauses.has(each.clause)))
}

/** Whether a statement answers an instance: same clause, relation and slice. */
export function isOf(instance: Instance, statement: Statement): boolean {
  return (
    instance.clause.id === statement.clause &&
    instance.relation === statement.relation &&
    instance.slice.name === statement.slice
  )
}

async function changedSince(catalog: DataCatalog, merging: Incremental | undefined): Promise<readonly string[]> {
  const names = new Set(await changedFiles(merging?.files() ?? []))
  for (const { files } of await catalog.loaded()) for (const name of await changedFiles(files)) names.add(name)
  return [...names]
}

async function reportReading(
  request: DataStageRequest,
  catalog: DataCatalog,
  merging: Incremental | undefined,
  reported: Set<string>,
): Promise<void> {
  for (const { dataset, states } of merging?.measured() ?? []) {
    if (reported.has(dataset)) continue
    reported.add(dataset)
    const { said = [], undeclared = [] } = states[0] ?? {}
    if (said.length > 0) request.onEvent?.({ kind: 'source-read', dataset, said, notes: [] })
    if (undeclared.length > 0) request.onEvent?.({ kind: 'undeclared-columns', dataset, columns: undeclared })
  }
  for (const { dataset, open } of await catalog.loaded()) {
    if (reported.has(dataset.name)) continue
    reported.add(dataset.name)
    const { said = [], notes = [] } = open
    const dead = open.deadPaths === undefined ? {} : { deadPaths: open.deadPaths }
    if (said.length + notes.length > 0)
      request.onEvent?.({ kind: 'source-read', dataset: dataset.name, said, notes, ...dead })
    if (open.undeclared.length === 0) continue
    request.onEvent?.({ kind: 'undeclared-columns', dataset: dataset.name, columns: open.undeclared })
  }
}

/** Columns that any data clause reads, by dataset, with those of splits and keys: what a CSV file is parsed for. */
export function neededColumns(
  program: Program,
  instances: readonly Instance[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = new Map<string, Set<string>>()
  for (const dataset of program.datasets) {
    const splits = dataset.splits.flatMap((split) => [...columnsOf(split.condition)])
    needed.set(dataset.name, new Set([...dataset.key, ...splits]))
  }
  const datasetOf = (relation: string): Set<string> | undefined => {
    const found = program.relations.find((each) => each.name === relation)
    return found?.kind === 'data' || found?.kind === 'model' ? needed.get(found.dataset) : undefined
  }
  for (const instance of instances) {
    const own = columnsRead(instance, { filter: null })
    const compared =
      instance.clause.form === 'must'
        ? instance.clause.must.terms.flatMap((term) =>
            term.args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])),
          )
        : []
    if (instance.clause.form === 'must')
      for (const arg of instance.clause.must.terms.flatMap((term) => term.args))
        if (arg.kind === 'foreign') datasetOf(arg.relation)?.add(arg.column)
    for (const relation of [instance.relation, ...compared]) {
      for (const column of own) datasetOf(relation)?.add(column)
    }
  }
  return needed
}

/** Digests of an instance whose data was not read. */
function noDigests(program: Program, instance: Instance, toolVersion: string): Digests {
  return { spec: program.spec.digest, clause: instance.clause.digest, data: {}, models: {}, tool: toolVersion }
}
