import { join } from 'node:path'
import type { Host } from '@plumbline/core'
import { type Acknowledgement, type Ledger, openArtifacts } from '@plumbline/store'
import { recoverAside } from './aside.ts'
import { openStageCache } from './cache.ts'
import { isInterrupted, type RunContext } from './context.ts'
import type { PipelineEvent } from './events.ts'
import { executeStage } from './execute.ts'
import { type PlannedStage, planPipeline } from './plan.ts'
import { runRecord, type RunStatus, type StageReport } from './record.ts'
import { type PipelineFailure, refuse, type Stage } from './stage.ts'

/** How long a run waits for another one of the same project to end, in milliseconds. */
const LOCK_TIMEOUT_MS = 1_000

/** What to run, where, and with what permission. */
export type PipelineRequest = {
  readonly host: Host
  /** The project directory; programs run in it, and no path leaves it. */
  readonly root: string
  /** The project's state directory (default `<root>/.plumb`). */
  readonly stateDirectory?: string
  readonly ledger: Ledger
  readonly stages: readonly Stage[]
  /** Only these stages and what they depend on. */
  readonly only?: readonly string[]
  /** Whether the user trusts the project. Without it cached outputs are restored, but no program is started. */
  readonly trusted: boolean
  readonly signal?: AbortSignal
  readonly onEvent?: (event: PipelineEvent) => void
}

/** A run that was begun. */
export type PipelineRun = {
  readonly id: string
  readonly status: RunStatus
  /** The stages that were reached, in order. */
  readonly stages: readonly StageReport[]
  /** Where the ledger keeps it. */
  readonly record: Acknowledgement
}

/** How `runPipeline` ended. A failure after the plan carries the run, whose finished stages are kept. */
export type PipelineOutcome =
  | { readonly ok: true; readonly run: PipelineRun }
  | { readonly ok: false; readonly failure: PipelineFailure; readonly run?: PipelineRun }

/**
 * Plans the stages, runs or restores each in order, and records the run, also a failed or interrupted one. One run at a
 * time in a project: another is refused with `busy`.
 */
export async function runPipeline(request: PipelineRequest): Promise<PipelineOutcome> {
  const { host, root } = request
  const state = request.stateDirectory ?? join(root, '.plumb')
  const runs = join(state, 'runs')
  const made = await host.files.mkdir(runs)
  if (!made.ok) return refuse({ kind: 'state', error: made.error })
  const lock = await host.files.lock(join(runs, 'run.lock'), { timeoutMs: LOCK_TIMEOUT_MS })
  if (!lock.ok) return refuse(lock.error.kind === 'busy' ? { kind: 'busy' } : { kind: 'state', error: lock.error })
  try {
    // First, because what a killed run had moved aside may be what a stage needs.
    const recovered = await recoverAside(host, root, runs)
    if (!recovered.ok) return refuse({ kind: 'state', error: recovered.error })
    const planned = await planPipeline(host, root, request.stages, request.only)
    return planned.ok ? await runPlan(request, planned.value, state) : planned
  } finally {
    await lock.value.release()
  }
}

async function runPlan(
  request: PipelineRequest,
  plan: readonly PlannedStage[],
  state: string,
): Promise<PipelineOutcome> {
  const { host, root, ledger, trusted } = request
  const startedAt = new Date(host.clock.now()).toISOString()
  const id = `${startedAt.replaceAll(/[-:]|\.[0-9]+/g, '')}-${hexOf(host.entropy.bytes(4))}`
  const artifacts = openArtifacts(host, join(state, 'artifacts'))
  const context: RunContext = {
    host,
    root,
    directory: join(state, 'runs', id),
    artifacts,
    cache: openStageCache(host, join(state, 'cache', 'stages'), artifacts),
    trusted,
    signal: request.signal,
    onEvent: request.onEvent ?? (() => undefined),
  }
  context.onEvent({ kind: 'planned', run: id, stages: plan.map(({ stage }) => stage.name) })
  const { stages, failure } = await runStages(context, plan)
  const status = failure === undefined ? 'finished' : failure.kind === 'interrupted' ? 'interrupted' : 'failed'
  const written = await ledger.append([runRecord({ id, startedAt, clock: host.clock, trusted, status, stages })])
  if (!written.ok) return refuse({ kind: 'ledger', failure: written.failure })
  const [record] = written.value as [Acknowledgement]
  const run = { id, status, stages, record } as const
  return failure === undefined ? { ok: true, run } : { ok: false, failure, run }
}

async function runStages(
  context: RunContext,
  plan: readonly PlannedStage[],
): Promise<{ stages: readonly StageReport[]; failure: PipelineFailure | undefined }> {
  const stages: StageReport[] = []
  const { clock } = context.host
  for (const planned of plan) {
    const { name } = planned.stage
    if (isInterrupted(context)) return { stages, failure: { kind: 'interrupted', stage: name } }
    const begun = clock.monotonic()
    const execution = await executeStage(context, planned)
    const durationMs = clock.monotonic() - begun
    stages.push({ ...execution, planned, durationMs })
    const { result, cached } = execution
    if (!result.ok) {
      context.onEvent({ kind: 'failed', stage: name, durationMs, failure: result.failure })
      return { stages, failure: result.failure }
    }
    context.onEvent({ kind: 'finished', stage: name, cached, durationMs, makes: result.value })
  }
  return { stages, failure: undefined }
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
