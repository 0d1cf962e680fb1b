import { type Digests, type Instance, type Program, sql, type Statement, type Versions } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { metricMeasurer } from '../metrics/measurer.ts'
import { type ModelCatalog, type ModelCatalogs, modelCatalogs } from '../model-stage/model-catalog.ts'
import type { ModelFile, ModelShelf } from '../model-stage/model-shelf.ts'
import { runInstances } from '../model-stage/run-model-stage.ts'
import { decideRelation } from '../plan/relation-plan.ts'
import { scopeOf } from '../plan/scope.ts'
import type { DataCatalog } from '../relations/data-catalog.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { asMust } from '../runtime-stage/decide-window.ts'
import { failed } from '../statement.ts'

/** What questions are asked of: rows, and the models that answer for them. */
export interface Asking {
  readonly program: Program
  readonly root: string
  readonly toolVersion: string
  readonly session: Session
  readonly data: DataCatalog
  readonly shelf: ModelShelf
  readonly versions: Versions
  readonly files: ReadonlyMap<string, ModelFile>
  /** Rows that stand for a window of requests, and what it is compared with; without it nothing is asked of requests. */
  readonly served?: { readonly relation: string; readonly references: DataCatalog } | undefined
  readonly signal?: AbortSignal | undefined
  /** Rows with answers that are kept from one question to the next; only while nothing else is asked in the session. */
  readonly catalogs?: ModelCatalogs
}

/** Failing rows that are looked up: one shows that it can be. */
const WITNESSES = 1

/** Answers instances as `plumb test` and a watch do; slices of one clause have to come together. */
export async function ask(asking: Asking, instances: readonly Instance[]): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  const data = instances.filter(({ stage }) => stage === 'data')
  for (const [relation, group] of Map.groupBy(data, (instance) => instance.relation))
    statements.push(...(await askData(asking, relation, group)))
  const model = instances.filter(({ stage }) => stage === 'model')
  if (model.length > 0) {
    const { program, root, toolVersion, versions, files, signal } = asking
    const request = { program, root, toolVersion, versions, files, ...(signal === undefined ? {} : { signal }) }
    const stage = { ...asking, request, catalogs: asking.catalogs ?? modelCatalogs(asking) }
    for await (const statement of runInstances(stage, model)) statements.push(statement)
  }
  const served = instances.filter(({ relation }) => relation === 'requests')
  if (served.length > 0) statements.push(...(await askServed(asking, served)))
  return statements
}

async function askData(asking: Asking, name: string, instances: readonly Instance[]): Promise<readonly Statement[]> {
  const decidable = instances.filter(({ clause }) => clause.form === 'every' || clause.form === 'must')
  const resolved = await asking.data.resolve(name)
  if (!resolved.ok)
    return decidable.map((each) =>
      failed(each, digestsOf(asking, each), resolved.failure.reason, resolved.failure.cause),
    )
  return decided(asking, resolved.value, decidable, asking.data)
}

/** The rows of a relation with answers, taken for the labelled requests of one window. */
async function askServed(asking: Asking, instances: readonly Instance[]): Promise<readonly Statement[]> {
  const { served, versions, program } = asking
  if (served === undefined || versions.candidate === undefined) return []
  const models = { ...versions.others, champion: versions.candidate }
  const catalog: ModelCatalog = modelCatalogs(asking).bind(models)
  const rows = await catalog.resolve(served.relation)
  if (!rows.ok)
    return instances.map((each) => failed(each, digestsOf(asking, each), rows.failure.reason, rows.failure.cause))
  const declared = program.datasets.find(({ name }) => name === program.models.find((m) => m.name === 'champion')?.from)
  const logged = new Set(declared?.columns.filter(({ role }) => role !== 'split').map(({ name }) => name))
  const outputs = [...rows.value.columns.keys()].filter(
    (name) => !declared?.columns.some((column) => column.name === name),
  )
  // The split goes into the rows themselves: a request has no column that could tell it.
  const { filter } = rows.value
  const kept = filter === null ? sql`` : sql` WHERE ${scopeOf(rows.value).value(filter)}`
  const relation: OpenRelation = {
    ...rows.value,
    name: 'requests',
    from: sql`(SELECT * FROM ${rows.value.from}${kept})`,
    numbered: sql`(SELECT * FROM ${rows.value.numbered}${kept})`,
    filter: null,
    columns: new Map([...rows.value.columns].filter(([name]) => logged.has(name) || outputs.includes(name))),
  }
  return decided(asking, relation, instances.map(asMust), served.references, (name) =>
    name === 'requests' ? catalog.cellsOf(served.relation) : undefined,
  )
}

async function decided(
  { program, session, toolVersion, signal }: Asking,
  relation: OpenRelation,
  instances: readonly Instance[],
  catalog: DataCatalog,
  cellsOf: Parameters<typeof metricMeasurer>[0] = () => undefined,
): Promise<readonly Statement[]> {
  const statements: Statement[] = []
  const plan = { program, session, catalog, relation, instances, toolVersion, witnessLimit: WITNESSES }
  for await (const statement of decideRelation({
    ...plan,
    metrics: metricMeasurer(cellsOf),
    ...(signal === undefined ? {} : { signal }),
  }))
    statements.push(statement)
  return statements
}

function digestsOf({ program, toolVersion }: Asking, { clause }: Instance): Digests {
  return { spec: program.spec.digest, clause: clause.digest, data: {}, models: {}, tool: toolVersion }
}
