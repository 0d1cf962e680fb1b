import type { Instance, Program, ProgramRelation, Statement } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { RelationPlanRequest } from '../plan/relation-plan.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { decideMerged } from './decide-merged.ts'
import { partitioned, readsEverything } from './mergeable.ts'
import { unopenedRelation } from './merged-relation.ts'
import { measurePartitions, type Partitions } from './partitions.ts'
import type { AskedRelation } from './questions.ts'
import type { KeptStates } from './state-folder.ts'

/** What is decided from states. */
export interface IncrementalRequest {
  readonly program: Program
  readonly root: string
  readonly session: Session
  readonly toolVersion: string
  readonly kept: KeptStates
  /** All instances of the data stage. */
  readonly all: readonly Instance[]
  /** Those that are decided now, with the slices that go with them. */
  readonly asked: readonly Instance[]
  readonly signal?: AbortSignal
}

/** A dataset that was measured file by file. */
export interface MeasuredDataset extends Partitions {
  readonly dataset: string
  /** Questions that were decided without reading all rows. */
  readonly merged: number
}

/** Decides what can be decided without reading a file twice. */
export interface Incremental {
  /** Statements of some of the instances of a relation; the others read all rows. */
  decide(relation: string, plan: Omit<RelationPlanRequest, 'relation'>): Promise<ReadonlyMap<Instance, Statement>>
  /** The datasets measured so far. */
  measured(): readonly MeasuredDataset[]
  /** Their files. */
  files(): readonly SourceFile[]
}

/** Nothing is read before a relation is asked for; each dataset is measured once, for all its relations. */
export function incremental(request: IncrementalRequest): Incremental {
  const datasets = new Map<string, Promise<Partitions | undefined>>()
  const done = new Map<string, MeasuredDataset>()
  const partitionsOf = (name: string): Promise<Partitions | undefined> => {
    const known = datasets.get(name)
    if (known !== undefined) return known
    const measuring = measure(request, name).then((found) => {
      if (found !== undefined) done.set(name, { ...found, dataset: name, merged: 0 })
      return found
    })
    datasets.set(name, measuring)
    return measuring
  }
  return {
    async decide(name, plan) {
      const relation = dataRelation(request.program, name)
      const dataset = partitioned(request.program.datasets.find((each) => each.name === relation?.dataset))
      const instances = plan.instances.filter((instance) => readsEverything(instance) === undefined)
      if (relation === undefined || dataset === undefined || instances.length === 0) return new Map()
      const partitions = await partitionsOf(dataset.name)
      if (partitions === undefined) return new Map()
      const { digest, states, folder } = partitions
      const open = unopenedRelation(relation, dataset, digest, states[0]?.present ?? [])
      const decided = await decideMerged({ plan: { ...plan, instances, relation: open }, states, folder })
      const before = done.get(dataset.name)?.merged ?? 0
      done.set(dataset.name, { ...partitions, dataset: dataset.name, merged: before + decided.size })
      return decided
    },
    measured: () => [...done.values()],
    files: () => [...done.values()].flatMap(({ files }) => files),
  }
}

function measure(request: IncrementalRequest, name: string): Promise<Partitions | undefined> {
  const { program, signal, all, asked, ...ports } = request
  const dataset = partitioned(program.datasets.find((each) => each.name === name))
  if (dataset === undefined) return Promise.resolve(undefined)
  return measurePartitions({
    ...ports,
    program,
    dataset,
    asked: relationsOf(program, name, asked),
    known: relationsOf(program, name, all),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** The relations of a dataset with those instances that parts of it decide. */
export function relationsOf(
  program: Program,
  dataset: string,
  instances: readonly Instance[],
): readonly AskedRelation[] {
  const merged = instances.filter((instance) => readsEverything(instance) === undefined)
  return [...Map.groupBy(merged, ({ relation }) => relation)].flatMap(([name, own]) => {
    const relation = dataRelation(program, name)
    return relation?.dataset === dataset ? [{ relation, instances: own }] : []
  })
}

function dataRelation(program: Program, name: string): (ProgramRelation & { readonly kind: 'data' }) | undefined {
  const found = program.relations.find((each) => each.name === name)
  return found?.kind === 'data' ? found : undefined
}
