import type { Instance, Program, Statement } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import type { RelationPlanRequest } from '../plan/relation-plan.ts'
import { type ValueCounts, valueCounts } from '../plan/value-counts.ts'
import type { RelationCatalog } from '../relations/relation.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { decideMerged } from './decide-merged.ts'
import { type ComparedTerms, comparedTerms, dataRelation } from './compared-bins.ts'
import { partitioned, readsEverything } from './mergeable.ts'
import { unopenedRelation } from './merged-relation.ts'
import { measurePartitions, type Partitions } from './partitions.ts'
import { distinctKeys } from './key-hashes.ts'
import type { AskedRelation } from './questions.ts'
import type { KeptStates } from './state-folder.ts'

/** What is decided from states. */
export interface IncrementalRequest {
  readonly program: Program
  readonly root: string
  readonly session: Session
  /** The relations that distances compare with. */
  readonly catalog: RelationCatalog
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
  const datasets = new Map<string, Promise<Measured | undefined>>()
  const done = new Map<string, MeasuredDataset>()
  const counts = valueCounts(request.session)
  const measuredOf = (name: string): Promise<Measured | undefined> => {
    const known = datasets.get(name)
    if (known !== undefined) return known
    const measuring = measure(request, name, counts).then((found) => {
      if (found !== undefined) done.set(name, { ...found.partitions, dataset: name, merged: 0 })
      return found
    })
    datasets.set(name, measuring)
    return measuring
  }
  return {
    async decide(name, plan) {
      const relation = dataRelation(request.program, name)
      const dataset = partitioned(request.program.datasets.find((each) => each.name === relation?.dataset))
      const instances = plan.instances.filter((instance) => readsEverything(instance, request.program) === undefined)
      if (relation === undefined || dataset === undefined || instances.length === 0) return new Map()
      const measured = await measuredOf(dataset.name)
      if (measured === undefined) return new Map()
      const { partitions, compared } = measured
      const { digest, states, folder } = partitions
      const open = unopenedRelation(relation, dataset, digest, states[0]?.present ?? [])
      const readable = instances.filter((instance) => compared.has(instance))
      const merging = {
        plan: { ...plan, instances: readable, relation: open },
        states,
        folder,
        keys: distinctKeys(request.session, folder),
        compared,
      }
      const decided = await decideMerged(merging)
      const before = done.get(dataset.name)?.merged ?? 0
      done.set(dataset.name, { ...partitions, dataset: dataset.name, merged: before + decided.size })
      return decided
    },
    measured: () => [...done.values()],
    files: () => [...done.values()].flatMap(({ files }) => files),
  }
}

/** What the files of a dataset came to, and the bins of each instance that parts decide. */
interface Measured {
  readonly partitions: Partitions
  readonly compared: ReadonlyMap<Instance, ComparedTerms>
}

async function measure(request: IncrementalRequest, name: string, counts: ValueCounts): Promise<Measured | undefined> {
  const { program, signal, all, asked, catalog, ...ports } = request
  const dataset = partitioned(program.datasets.find((each) => each.name === name))
  if (dataset === undefined) return undefined
  const compared = new Map<Instance, ComparedTerms>()
  const readable: AskedRelation[] = []
  for (const { relation, instances } of relationsOf(program, name, asked)) {
    for (const instance of instances) {
      const terms = await comparedTerms({ program, dataset, relation, catalog, counts }, instance)
      if (terms !== undefined) compared.set(instance, terms)
    }
    // What it compares with cannot be read: a scan of all rows says why.
    readable.push({ relation, instances: instances.filter((each) => compared.has(each)), compared })
  }
  const partitions = await measurePartitions({
    ...ports,
    program,
    dataset,
    asked: readable,
    known: relationsOf(program, name, all),
    ...(signal === undefined ? {} : { signal }),
  })
  return partitions === undefined ? undefined : { partitions, compared }
}

/** The relations of a dataset with those instances that parts of it decide. */
export function relationsOf(
  program: Program,
  dataset: string,
  instances: readonly Instance[],
): readonly AskedRelation[] {
  const merged = instances.filter((instance) => readsEverything(instance, program) === undefined)
  return [...Map.groupBy(merged, ({ relation }) => relation)].flatMap(([name, own]) => {
    const relation = dataRelation(program, name)
    return relation?.dataset === dataset ? [{ relation, instances: own }] : []
  })
}
