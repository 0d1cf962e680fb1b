import {
  bindRoles,
  modelsOf,
  type Digests,
  digestOf,
  guardPlan,
  type Instance,
  instancesOf,
  type PlannedGuard,
  type Program,
  type Statement,
  type Versions,
} from '@plumbline/core'
import type { BoundModel } from '../bound-models/bound-model.ts'
import { isOf, family } from '../data-stage.ts'
import { openSession, type Session, type SessionOptions } from '../duckdb/session.ts'
import { type ModelFile, type ModelShelf, modelShelf } from '../model-stage/model-shelf.ts'
import { failureReason } from '../models/failure-reason.ts'
import { dataCatalog } from '../relations/data-catalog.ts'
import { failed, skipped } from '../statement.ts'
import { offlineOf } from './offline.ts'
import { realRelation, sampleRealRows } from './real-rows.ts'
import { referenceOf } from './reference.ts'
import { generateRequests, REQUEST_COUNTS, type RequestCounts } from './requests.ts'
import type { GuardBench, Staged } from './staged.ts'
import { LOAD, type LoadShape } from './load.ts'
import { decideRelease, type PreparedRelease } from './decide-release.ts'

/** The candidate in staging. */
export interface StagedCandidate {
  readonly staged: Staged
  readonly bench: GuardBench
  /** Ends what was begun for it. */
  readonly close: () => Promise<void>
}

/** Brings the candidate up, or finds it up; or why it is not to be had, in a sentence. */
export type StageCandidate = () => Promise<
  { readonly ok: true; readonly value: StagedCandidate } | { readonly ok: false; readonly cause: string }
>

/** Progress of a release stage, for people to watch. */
export type ReleaseStageEvent =
  | { readonly kind: 'staging'; readonly digest: string }
  | { readonly kind: 'requests-begun'; readonly requests: number }
  | { readonly kind: 'load-begun'; readonly requests: number }

/** What a release stage runs on. */
export interface ReleaseStageRequest {
  readonly program: Program
  /** The project's directory. */
  readonly root: string
  readonly toolVersion: string
  readonly versions: Versions
  /** Every file that a version may be, by digest. */
  readonly files: ReadonlyMap<string, ModelFile>
  /** Asked once, at the beginning: what it brings comes up while all else is made ready. */
  readonly stageCandidate: StageCandidate
  /** Another seed; marks the evidence exploratory. */
  readonly seed?: string
  readonly select?: (instance: Instance) => boolean
  readonly signal?: AbortSignal
  readonly onEvent?: (event: ReleaseStageEvent) => void
  readonly session?: Omit<SessionOptions, 'signal'>
  readonly counts?: RequestCounts
  readonly load?: LoadShape
}

/** Decides every selected instance of the release stage. Nothing is thrown for data, models or servers. */
export async function* runReleaseStage(request: ReleaseStageRequest): AsyncGenerator<Statement> {
  const { program, signal } = request
  const all = instancesOf(program, ['release'])
  const wanted = all.filter(request.select ?? (() => true))
  if (wanted.length === 0) return
  const open: Instance[] = []
  for (const instance of wanted) {
    const binding = bindRoles({ models: modelsOf(instance.clause, instance.relation) }, request.versions)
    if (instance.clause.unenforced !== undefined)
      yield skipped(instance, digestsOf(request, instance), 'unenforced', instance.clause.unenforced)
    else if (request.versions.candidate === undefined)
      yield skipped(instance, digestsOf(request, instance), 'no-candidate')
    else if (binding.kind === 'unbound')
      yield failed(
        instance,
        digestsOf(request, instance),
        'model-missing',
        `The model \`${binding.model}\` has no file.`,
      )
    else open.push(instance)
  }
  if (open.length === 0) return
  const session = await openSession({ ...request.session, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) {
    yield* stopped(request, open, { reason: 'engine-failed', cause: session.error.cause })
    return
  }
  const shelf = modelShelf(program, request.files)
  const asked = new Set(open)
  try {
    for await (const statement of runOpened(request, session.value, shelf, family(all, asked))) {
      if (open.some((instance) => isOf(instance, statement))) yield statement
    }
  } finally {
    await shelf.close()
    session.value.close()
  }
}

interface Obstacle {
  readonly reason: Parameters<typeof failed>[2]
  readonly cause: string
}

function* stopped(
  request: ReleaseStageRequest,
  instances: readonly Instance[],
  obstacle: Obstacle,
): Generator<Statement> {
  for (const instance of instances) {
    const digests = digestsOf(request, instance)
    yield request.signal?.aborted === true
      ? skipped(instance, digests, 'interrupted')
      : failed(instance, digests, obstacle.reason, obstacle.cause)
  }
}

async function* runOpened(
  request: ReleaseStageRequest,
  session: Session,
  shelf: ModelShelf,
  instances: readonly Instance[],
): AsyncGenerator<Statement> {
  const { candidate = '' } = request.versions
  if (request.files.get(candidate)?.identity !== undefined) {
    const cause =
      'The guard serves model files, and this candidate is run otherwise: there is nothing to stage. Put the guard in front of its own server (`plumb guard --upstream`).'
    yield* stopped(request, instances, { reason: 'staging-failed', cause })
    return
  }
  request.onEvent?.({ kind: 'staging', digest: candidate })
  // The candidate comes up in another process: it does so while the requests are made here.
  const bringing = request.stageCandidate()
  const prepared = await prepare(request, session, shelf).catch(async (thrown: unknown) => {
    await closed(bringing)
    throw thrown
  })
  if ('cause' in prepared) {
    await closed(bringing)
    yield* stopped(request, instances, prepared)
    return
  }
  const brought = await bringing
  if (!brought.ok) {
    yield* stopped(request, instances, { reason: 'staging-failed', cause: brought.cause })
    return
  }
  const { staged, bench, close } = brought.value
  try {
    if (staged.digest !== candidate) {
      const cause = `The staging server serves ${staged.digest}, not the candidate ${candidate}.`
      yield* stopped(request, instances, { reason: 'staging-failed', cause })
      return
    }
    yield* decideRelease({ ...prepared, staged, bench }, instances)
  } finally {
    await close()
  }
}

async function closed(bringing: ReturnType<StageCandidate>): Promise<void> {
  const brought = await bringing
  if (brought.ok) await brought.value.close()
}

/** Everything that needs no server: models opened, rows read, requests made. */
async function prepare(
  request: ReleaseStageRequest,
  session: Session,
  shelf: ModelShelf,
): Promise<Omit<PreparedRelease, 'staged' | 'bench'> | Obstacle> {
  const { program, versions, toolVersion, signal, onEvent } = request
  const planned = guardPlan(program)
  if (planned === undefined) return { reason: 'model-missing', cause: 'The spec has no model `champion`.' }
  const models = await openModels(shelf, planned, versions)
  if ('cause' in models) return models
  const name = realRelation(program, planned.plan.model) ?? ''
  const relation = await dataCatalog({ program, root: request.root, session }).resolve(name)
  if (!relation.ok) return relation.failure
  const { digests } = relation.value
  const named = { [planned.plan.model]: versions.candidate ?? '', ...models.others }
  const seed = digestOf({
    plan: { ...planned.plan, spec: null },
    data: digests,
    models: named,
    seed: request.seed ?? null,
  })
  const columns = [...planned.plan.keys, ...planned.plan.inputs]
  const counts = request.counts ?? REQUEST_COUNTS
  const real = await sampleRealRows(session, relation.value, columns, counts.real, seed)
  if (!real.ok) return real.failure
  const reference = referenceOf(planned)
  const requests = await generateRequests(program, reference, real.value, seed, counts)
  return {
    program,
    root: request.root,
    session,
    reference,
    offline: offlineOf(planned.plan, models.candidate, models.fallback),
    requests,
    data: digests,
    models: named,
    seed,
    versions,
    toolVersion,
    exploratory: request.seed !== undefined,
    load: request.load ?? LOAD,
    signal,
    onEvent,
  }
}

interface OpenModels {
  readonly candidate: BoundModel
  readonly fallback: BoundModel | undefined
  /** Digests of models beside the candidate, by name. */
  readonly others: Readonly<Record<string, string>>
}

async function openModels(
  shelf: ModelShelf,
  { plan }: PlannedGuard,
  versions: Versions,
): Promise<OpenModels | Obstacle> {
  const candidate = await shelf.open(plan.model, versions.candidate ?? '')
  if (!candidate.ok) return { reason: failureReason(candidate.error), cause: candidate.error.message }
  const declared = plan.policy.fallback
  if (declared?.kind !== 'model') return { candidate: candidate.value, fallback: undefined, others: {} }
  const digest = versions.others[declared.model]
  if (digest === undefined)
    return {
      reason: 'model-missing',
      cause: `The fallback \`${declared.model}\` has no file; its \`artifact\` is not there.`,
    }
  const fallback = await shelf.open(declared.model, digest)
  if (!fallback.ok) return { reason: failureReason(fallback.error), cause: fallback.error.message }
  return { candidate: candidate.value, fallback: fallback.value, others: { [declared.model]: digest } }
}

/** Digests of an instance that nothing was measured for. */
function digestsOf({ program, toolVersion, versions }: ReleaseStageRequest, { clause, relation }: Instance): Digests {
  const binding = bindRoles({ models: modelsOf(clause, relation) }, versions)
  const models = binding.kind === 'bound' ? binding.models : {}
  return { spec: program.spec.digest, clause: clause.digest, data: {}, models, tool: toolVersion }
}
