import { join } from 'node:path'
import { canonicalJson, type Digest, type HostError } from '@plumbline/core'
import { type Aside, moveAside } from './aside.ts'
import { cacheKey } from './cache.ts'
import { isInterrupted, type RunContext } from './context.ts'
import { staysInside } from './paths.ts'
import type { PlannedStage } from './plan.ts'
import { type FileDigest, type PipelineFailure, type PipelineResult, refuse, type Stage } from './stage.ts'

/** What one stage came to: digests of what went in and, if it succeeded, of what came out. */
export type Execution = {
  readonly key: Digest | undefined
  readonly needs: readonly FileDigest[]
  readonly cached: boolean
  /** The log's path, if the program was started. */
  readonly log: string | undefined
  readonly result: PipelineResult<readonly FileDigest[]>
}

/** Restores the outputs of a stage from an earlier execution, or runs its program. */
export async function executeStage(context: RunContext, planned: PlannedStage): Promise<Execution> {
  const { stage, command } = planned
  const needs = await digestFiles(context, stage, stage.needs)
  if (!needs.ok) return { key: undefined, needs: [], cached: false, log: undefined, result: needs }
  const key = cacheKey(stage, command, needs.value)
  const known = await context.cache.find(key, stage.makes)
  if (known !== undefined) {
    const result = await restore(context, stage, known)
    return { key, needs: needs.value, cached: true, log: undefined, result }
  }
  const before = { key, needs: needs.value, cached: false }
  if (!context.trusted) {
    return { ...before, log: undefined, result: refuse({ kind: 'untrusted', stage: stage.name, command }) }
  }
  const log = join(context.directory, `${stage.name}.log`)
  const aside = await moveAside(context, stage)
  if (!aside.ok) return { ...before, log: undefined, result: refuseHost(stage, aside.error) }
  const result = await make(context, planned, { ...before, log }, aside.value)
  return { ...before, log, result }
}

async function make(
  context: RunContext,
  planned: PlannedStage,
  execution: { readonly key: Digest; readonly needs: readonly FileDigest[]; readonly log: string },
  aside: Aside,
): Promise<PipelineResult<readonly FileDigest[]>> {
  const { stage } = planned
  const ran = await runProgram(context, planned, execution.log)
  const made = ran.ok ? await collect(context, stage, execution.needs, execution.log) : ran
  const kept = made.ok ? await context.cache.keep(execution.key, stage.name, made.value) : made
  if (kept.ok) {
    const discarded = await aside.discard()
    return discarded.ok ? made : refuseHost(stage, discarded.error)
  }
  const back = await aside.putBack()
  return back.ok ? kept : refuseHost(stage, back.error)
}

async function runProgram(context: RunContext, planned: PlannedStage, log: string): Promise<PipelineResult<void>> {
  const { host, root, signal, onEvent } = context
  const { stage, command } = planned
  const name = stage.name
  const started = await host.files.append(log, '', { sync: false })
  if (!started.ok) return refuseHost(stage, started.error)
  onEvent({ kind: 'started', stage: name, command, log })
  let logError: HostError | undefined
  // One decoder a stream, because a character may be cut between two chunks.
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  const exit = await host.spawn({
    command,
    cwd: root,
    env: { PLUMB_STAGE: name, PLUMB_PARAMS: canonicalJson(stage.params ?? {}) },
    ...(signal === undefined ? {} : { signal }),
    onOutput: async (stream, data) => {
      onEvent({ kind: 'output', stage: name, stream, text: decoders[stream].decode(data, { stream: true }) })
      const written = await host.files.append(log, data, { sync: false })
      if (!written.ok) logError ??= written.error
    },
  })
  if (isInterrupted(context)) return refuse({ kind: 'interrupted', stage: name })
  if (!exit.ok) return refuse({ kind: 'not-started', stage: name, error: exit.error })
  if (exit.value.exitCode !== 0) return refuse({ kind: 'stage-failed', stage: name, ...exit.value, log })
  return logError === undefined ? { ok: true, value: undefined } : refuseHost(stage, logError)
}

/** Checks what the program left and stores it. */
async function collect(
  context: RunContext,
  stage: Stage,
  needs: readonly FileDigest[],
  log: string,
): Promise<PipelineResult<readonly FileDigest[]>> {
  const makes: FileDigest[] = []
  for (const path of new Set(stage.makes)) {
    const refused = await outputRefusal(context, stage, path, log)
    if (refused !== undefined) return refuse(refused)
    const kept = await context.artifacts.put(join(context.root, path))
    if (!kept.ok) return refuse({ kind: 'artifact', stage: stage.name, failure: kept.failure })
    makes.push({ path, digest: kept.value })
  }
  const after = await digestFiles(context, stage, stage.needs)
  if (!after.ok) return after
  const changed = after.value.find(({ path, digest }, i) => needs[i]?.path !== path || needs[i].digest !== digest)
  if (changed !== undefined) return refuse({ kind: 'needs-changed', stage: stage.name, path: changed.path })
  return { ok: true, value: makes }
}

async function outputRefusal(
  { host, root }: RunContext,
  stage: Stage,
  path: string,
  log: string,
): Promise<PipelineFailure | undefined> {
  const found = await host.files.stat(join(root, path))
  if (!found.ok) return { kind: 'host', stage: stage.name, error: found.error }
  if (found.value?.kind !== 'file') return { kind: 'missing-output', stage: stage.name, path, log }
  const inside = await staysInside(host, root, path)
  if (!inside.ok) return { kind: 'host', stage: stage.name, error: inside.error }
  return inside.value
    ? undefined
    : { kind: 'bad-path', stage: stage.name, path, why: 'a link leads out of the project' }
}

async function restore(
  context: RunContext,
  stage: Stage,
  outputs: readonly FileDigest[],
): Promise<PipelineResult<readonly FileDigest[]>> {
  for (const { path, digest } of outputs) {
    const target = join(context.root, path)
    // A file that is right already is left alone, so that its time of change stays.
    const present = await context.host.files.digest(target)
    if (present.ok && present.value === digest) continue
    const restored = await context.artifacts.restore(digest, target)
    if (!restored.ok) return refuse({ kind: 'artifact', stage: stage.name, failure: restored.failure })
  }
  return { ok: true, value: outputs }
}

async function digestFiles(
  { host, root }: RunContext,
  stage: Stage,
  paths: readonly string[],
): Promise<PipelineResult<readonly FileDigest[]>> {
  const digests: FileDigest[] = []
  for (const path of new Set(paths)) {
    const digest = await host.files.digest(join(root, path))
    if (!digest.ok) return refuseHost(stage, digest.error)
    digests.push({ path, digest: digest.value })
  }
  return { ok: true, value: digests }
}

function refuseHost(stage: Stage, error: HostError): { readonly ok: false; readonly failure: PipelineFailure } {
  return refuse({ kind: 'host', stage: stage.name, error })
}
