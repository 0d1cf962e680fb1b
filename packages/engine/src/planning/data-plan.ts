import { type Instance, instancesOf, isInDatabase, type Program, sourceText, sql, type Stage } from '@plumbline/core'
import { columnsRead } from '../plan/relation-plan.ts'
import { neededColumns } from '../data-stage.ts'
import { pathList } from '../duckdb/paths.ts'
import { openSession, type Session } from '../duckdb/session.ts'
import { type Databases, openDatabases } from '../engines/databases.ts'
import { type LoadedDataset, relationOf } from '../relations/data-catalog.ts'
import { datasetFiles, type DatasetFiles } from '../relations/dataset-files.ts'
import { estimatedRows, type RowEstimate } from '../relations/estimated-rows.ts'
import { openDataset } from '../relations/open-dataset.ts'
import type { OpenRelation } from '../relations/relation.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { comparedElsewhere } from '../states/compared-bins.ts'
import { foreseePartitions } from '../states/foresee.ts'
import { relationsOf } from '../states/incremental.ts'
import { partitioned, readsEverything } from '../states/mergeable.ts'
import { questionName } from '../states/questions.ts'
import type { KeptStates } from '../states/state-folder.ts'
import { type FetchedValues, fetchedValues } from './fetched.ts'
import { relationPasses } from './relation-passes.ts'

/** One reading of rows or of what a file says about itself. */
export interface Pass {
  /**
   * `parse`: the files are read into a table of the columns that are needed. `statistics`: what Parquet says of its blocks. `scan`: one
   * statement for the questions of many clauses. `key`: rows grouped by a key. `group`: values of a column counted, or two relations
   * compared. `files`: files of a glob that were not measured before, one by one, merged with those that were. `answers`: a model asked for each row. `inputs`: a proof or search over all inputs.
   */
  readonly kind: 'files' | 'parse' | 'statistics' | 'scan' | 'key' | 'group' | 'answers' | 'inputs'
  readonly columns: readonly string[]
  /** Aggregates asked in it. */
  readonly questions: number
  /** Ids of the clauses it answers something for. */
  readonly clauses: readonly string[]
  /** Rows that are read; null = not known before. */
  readonly rows: number | null
  /** Bytes that are read: of files as they are stored, of tables 8 a cell; null = not known before. */
  readonly bytes: number | null
}

/** What would be done with one relation. */
export interface PlannedRelation {
  readonly relation: string
  readonly stage: Stage
  /** Where its rows are. */
  readonly source: string
  readonly rows: number | null
  /** Whether the number of rows is known, not estimated. */
  readonly exact: boolean
  readonly clauses: number
  readonly passes: readonly Pass[]
  /** Where its source is a glob: what is merged from files that were measured before. */
  readonly merged?: MergedPlan
  /** Where its rows are in a database: clauses that have more than numbers sent here. */
  readonly fetched?: readonly FetchedValues[]
  /** Why it cannot be read. */
  readonly failure?: string
}

/** What of a relation is decided file by file. */
export interface MergedPlan {
  readonly files: number
  /** Files of which all that is asked was measured before: they are not read. */
  readonly kept: number
  /** Ids of the clauses that are decided so. */
  readonly clauses: readonly string[]
  /** Relations elsewhere that distances among them compare with: they are read for the edges and counts of their bins. */
  readonly compared: readonly string[]
  /** Clauses that read all rows, and why. */
  readonly whole: readonly { readonly clause: string; readonly because: string }[]
}

/** Everything that a test would read, and nothing that it found. */
export interface DataPlan {
  readonly relations: readonly PlannedRelation[]
  /** Cells that all passes read: rows times columns, summed; passes of unknown size left out. A measure of cost. */
  readonly cells: number
}

/** What is planned. */
export interface PlanRequest {
  readonly program: Program
  readonly root: string
  readonly stages: readonly Stage[]
  readonly select?: (instance: Instance) => boolean
  /** Where a run keeps what files of a glob came to, and the version it runs as. */
  readonly states?: KeptStates & { readonly toolVersion: string }
  /** The environment, for the addresses of databases; default: that of the process. */
  readonly variable?: (name: string) => string | undefined
  readonly signal?: AbortSignal
}

/** Plans a test without running it: of the data only headers, first lines and file statistics are read, of a database its catalog. */
export async function planTest(request: PlanRequest): Promise<DataPlan> {
  const { program, root, stages, select, states, variable, signal } = request
  const relations: PlannedRelation[] = []
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const databases = openDatabases({
    ...(variable === undefined ? {} : { variable }),
    ...(signal === undefined ? {} : { signal }),
  })
  try {
    const instances = instancesOf(program, stages).filter((each) => select?.(each) ?? true)
    const data = instances.filter(({ stage }) => stage === 'data')
    const glances = glancer({
      session: session.value,
      databases,
      program,
      root,
      needed: neededColumns(program, instancesOf(program, ['data'])),
    })
    for (const [name, of] of Map.groupBy(data, ({ relation }) => relation)) {
      const merged =
        states === undefined ? undefined : await planMerged(session.value, program, root, states, name, of, data)
      relations.push(await planRelation(session.value, program, name, of, glances, merged))
    }
    const others = instances.filter(({ stage }) => stage !== 'data')
    for (const [name, of] of Map.groupBy(others, ({ relation }) => relation)) {
      relations.push(await planModel(program, name, of, glances))
    }
  } finally {
    await databases.close()
    session.value.close()
  }
  const cells = relations
    .flatMap(({ passes }) => passes)
    .reduce((sum, { rows, columns }) => sum + (rows ?? 0) * columns.length, 0)
  return { relations, cells }
}

/** A dataset as it looks from outside. */
interface Glance {
  readonly source: string
  readonly estimate: RowEstimate
  readonly relation: (name: string) => Promise<OpenRelation | string>
  readonly files?: DatasetFiles
  readonly failure?: string
}

type Glances = (dataset: string) => Promise<Glance>

const UNKNOWN: RowEstimate = { rows: null, exact: false }

/** What is looked at, and by whom. */
interface Looking {
  readonly session: Session
  readonly databases: Databases
  readonly program: Program
  readonly root: string
  readonly needed: ReadonlyMap<string, ReadonlySet<string>>
}

/** Looks at each dataset once. */
function glancer({ session, databases, program, root, needed }: Looking): Glances {
  const seen = new Map<string, Promise<Glance>>()
  const look = async (name: string): Promise<Glance> => {
    const ordinal = program.datasets.findIndex((each) => each.name === name)
    const dataset = program.datasets[ordinal]
    const lost = (source: string, failure: string): Glance => ({
      source,
      estimate: UNKNOWN,
      failure,
      relation: () => Promise.resolve(failure),
    })
    if (dataset === undefined) return lost('', `There is no dataset "${name}".`)
    const source = sourceText(dataset.source)
    const columns = needed.get(name) ?? new Set<string>()
    const relationIn = (loaded: LoadedDataset) => async (relation: string) => {
      const found = program.relations.find((each) => each.name === relation)
      if (found?.kind !== 'data') return `There is no data relation "${relation}".`
      const resolved = await relationOf(found, loaded)
      return resolved.ok ? resolved.value : resolved.failure.cause
    }
    if (isInDatabase(dataset)) {
      const database = await databases.of(dataset.source.engine)
      if (!database.ok) return lost(source, database.failure.cause)
      const table = await database.value.openTable({ dataset, needed: columns, glance: true })
      if (!table.ok) return lost(source, table.failure.cause)
      const { estimatedRows: rows = null } = table.value
      const loaded = { dataset, files: [], ...table.value, database: database.value }
      return { source, estimate: { rows, exact: false }, relation: relationIn(loaded) }
    }
    const files = await datasetFiles(root, dataset)
    if (!files.ok) return lost(source, files.failure.cause)
    const asked = { ...files.value, ordinal, needed: columns, glance: true as const }
    const open = await openDataset(session, asked)
    if (!open.ok) return lost(source, open.failure.cause)
    return {
      source,
      estimate: await estimatedRows(session, files.value.dataset, files.value.files),
      files: files.value,
      relation: relationIn({ ...files.value, digest: 'unpinned', open: open.value }),
    }
  }
  return (name) => {
    const known = seen.get(name) ?? look(name)
    seen.set(name, known)
    return known
  }
}

function datasetOf(program: Program, relation: string): string {
  const found = program.relations.find((each) => each.name === relation)
  return found?.kind === 'data' || found?.kind === 'model' ? found.dataset : relation
}

const idsOf = (instances: readonly Instance[]): readonly string[] => [
  ...new Set(instances.map(({ clause }) => clause.id)),
]

async function planRelation(
  session: Session,
  program: Program,
  name: string,
  instances: readonly Instance[],
  glances: Glances,
  merging?: PlannedMerging,
): Promise<PlannedRelation> {
  const glance = await glances(datasetOf(program, name))
  const relation = await glance.relation(name)
  const { rows, exact } = glance.estimate
  const about = {
    relation: name,
    stage: 'data' as const,
    source: glance.source,
    rows,
    exact,
    clauses: idsOf(instances).length,
    ...(merging === undefined ? {} : { merged: merging.plan }),
  }
  const rest = merging === undefined ? instances : instances.filter((each) => merging.because(each) !== undefined)
  if (typeof relation === 'string') return { ...about, passes: [], failure: glance.failure ?? relation }
  if (glance.files === undefined) {
    const passes = await relationPasses(session, relation, instances)
    const fetched = instances.flatMap((instance) => fetchedValues(instance, program))
    const once = new Map(fetched.map((each) => [JSON.stringify(each), each]))
    return { ...about, passes: passes.map((pass) => ({ ...pass, rows, bytes: null })), fetched: [...once.values()] }
  }
  const sizes = relation.columnar ? await storedBytes(session, glance.files) : undefined
  const planned = await relationPasses(session, relation, rest)
  const bytesOf = (columns: readonly string[]): number | null => {
    if (sizes !== undefined) return columns.reduce((sum, column) => sum + (sizes.get(column) ?? 0), 0)
    return rows === null ? null : rows * columns.length * 8
  }
  const wholePasses = planned.map((pass): Pass => {
    if (pass.kind === 'statistics') return { ...pass, rows: 0, bytes: 0 }
    return { ...pass, rows, bytes: bytesOf(pass.columns) }
  })
  const parts = merging === undefined ? [] : [filesPass(merging, instances, relation)]
  const passes = [...parts, ...wholePasses]
  if (relation.columnar || rest.length === 0) return { ...about, passes }
  const parse: Pass = {
    kind: 'parse',
    columns: [...new Set(rest.flatMap((each) => [...columnsRead(each, relation)]))],
    questions: 0,
    clauses: idsOf(rest),
    rows,
    bytes: glance.files.files.reduce((sum, { size }) => sum + size, 0),
  }
  return { ...about, passes: [...parts, parse, ...wholePasses] }
}

interface PlannedMerging {
  readonly plan: MergedPlan
  readonly read: readonly SourceFile[]
  /** Why an instance reads all rows. */
  readonly because: (instance: Instance) => string | undefined
}

/** What of a relation would be decided file by file; undefined where its source is no glob. */
async function planMerged(
  session: Session,
  program: Program,
  root: string,
  states: NonNullable<PlanRequest['states']>,
  name: string,
  instances: readonly Instance[],
  data: readonly Instance[],
): Promise<PlannedMerging | undefined> {
  const dataset = partitioned(program.datasets.find((each) => each.name === datasetOf(program, name)))
  if (dataset === undefined) return undefined
  const asked = relationsOf(program, dataset.name, data)
  const found = await foreseePartitions(session, program, root, states.toolVersion, states, dataset, asked)
  if (found === undefined) return undefined
  const becauseOf = (instance: Instance): string | undefined =>
    readsEverything(instance, program) ?? found.unmerged.get(questionName(instance))
  // One slice that needs the rows has them read.
  const reasons = new Map(
    [...Map.groupBy(instances, ({ clause }) => clause.id)].map(([id, slices]) => [
      id,
      slices.map(becauseOf).find((because) => because !== undefined),
    ]),
  )
  return {
    plan: {
      files: found.files,
      kept: found.kept,
      clauses: [...reasons].flatMap(([id, because]) => (because === undefined ? [id] : [])),
      compared: comparedElsewhere(
        program,
        instances.filter((each) => reasons.get(each.clause.id) === undefined),
      ),
      whole: [...reasons].flatMap(([clause, because]) => (because === undefined ? [] : [{ clause, because }])),
    },
    read: found.read,
    because: ({ clause }) => reasons.get(clause.id),
  }
}

function filesPass(merging: PlannedMerging, instances: readonly Instance[], relation: OpenRelation): Pass {
  const { plan, read } = merging
  const merged = instances.filter((each) => merging.because(each) === undefined)
  return {
    kind: 'files',
    columns: read.length === 0 ? [] : [...new Set(merged.flatMap((each) => [...columnsRead(each, relation)]))],
    questions: read.length,
    clauses: plan.clauses,
    rows: read.length === 0 ? 0 : null,
    bytes: read.reduce((sum, { size }) => sum + size, 0),
  }
}

/** Stored bytes of each column of Parquet files, by the first name of its path. */
async function storedBytes(session: Session, { files }: DatasetFiles): Promise<ReadonlyMap<string, number>> {
  const list = pathList(files.map(({ path }) => path))
  const result = await session.query(
    sql`SELECT path_in_schema AS "name", CAST(sum(total_compressed_size) AS DOUBLE) AS "bytes" FROM parquet_metadata(${list}) GROUP BY path_in_schema`,
  )
  const sizes = new Map<string, number>()
  if (!result.ok) return sizes
  const names = result.value.columns.get('name') ?? []
  names.forEach((name, i) => {
    const [column = ''] = String(name).split(', ')
    sizes.set(column, (sizes.get(column) ?? 0) + Number(result.value.columns.get('bytes')?.[i] ?? 0))
  })
  return sizes
}

/** A model's relation: it is asked for every row of the dataset; clauses for all inputs are proved or searched. */
async function planModel(
  program: Program,
  name: string,
  instances: readonly Instance[],
  glances: Glances,
): Promise<PlannedRelation> {
  const { source, estimate, failure } = await glances(datasetOf(program, name))
  const [first] = instances
  const forall = instances.filter(({ clause }) => clause.form === 'forall')
  const rowwise = instances.filter((each) => !forall.includes(each))
  const { rows, exact } = estimate
  const pass = (kind: 'answers' | 'inputs', of: readonly Instance[]): readonly Pass[] =>
    of.length === 0
      ? []
      : [
          {
            kind,
            columns: [],
            questions: of.length,
            clauses: idsOf(of),
            rows: kind === 'answers' ? rows : null,
            bytes: null,
          },
        ]
  return {
    relation: name,
    stage: first?.stage ?? 'model',
    source,
    rows,
    exact,
    clauses: idsOf(instances).length,
    passes: [...pass('answers', rowwise), ...pass('inputs', forall)],
    ...(failure === undefined || forall.length === instances.length ? {} : { failure }),
  }
}
