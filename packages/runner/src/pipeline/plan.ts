import { join } from 'node:path'
import { CanonicalJsonError, canonicalJson, type Host } from '@plumbline/core'
import { type Command, commandOf } from './command.ts'
import { pathRefusal, staysInside } from './paths.ts'
import { type PipelineResult, refuse, type Stage } from './stage.ts'

/** A stage in the order of execution. */
export type PlannedStage = { readonly stage: Stage; readonly command: Command }

/**
 * Checks the stages and puts them in order: each after those that make what it needs, otherwise as written. With
 * `only`, just the stages named and all they depend on. Nothing is started.
 */
export async function planPipeline(
  host: Host,
  root: string,
  stages: readonly Stage[],
  only?: readonly string[],
): Promise<PipelineResult<readonly PlannedStage[]>> {
  const producers = producersOf(stages)
  if (!producers.ok) return producers
  const commands = new Map<string, Command>()
  for (const stage of stages) {
    const why = paramsRefusal(stage)
    if (why !== undefined) return refuse({ kind: 'bad-params', stage: stage.name, why })
    const command = commandOf(stage)
    if (!command.ok) return command
    commands.set(stage.name, command.value)
  }
  const ordered = order(stages, producers.value, only)
  if (!ordered.ok) return ordered
  const planned: PlannedStage[] = []
  for (const stage of ordered.value) {
    const checked = await checkFiles(host, root, stage, producers.value)
    if (!checked.ok) return checked
    const command = commands.get(stage.name)
    if (command !== undefined) planned.push({ stage, command })
  }
  return { ok: true, value: planned }
}

function paramsRefusal(stage: Stage): string | undefined {
  try {
    canonicalJson(stage.params ?? {})
    return undefined
  } catch (cause) {
    if (cause instanceof CanonicalJsonError) return cause.message
    throw cause
  }
}

/** Which stage makes each file. */
function producersOf(stages: readonly Stage[]): PipelineResult<ReadonlyMap<string, Stage>> {
  const names = new Set<string>()
  const producers = new Map<string, Stage>()
  for (const stage of stages) {
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(stage.name)) return refuse({ kind: 'bad-name', stage: stage.name })
    if (names.has(stage.name)) return refuse({ kind: 'duplicate-stage', stage: stage.name })
    names.add(stage.name)
    for (const path of [...stage.needs, ...stage.makes]) {
      const why = pathRefusal(path)
      if (why !== undefined) return refuse({ kind: 'bad-path', stage: stage.name, path, why })
    }
    for (const path of new Set(stage.makes)) {
      const other = producers.get(path)
      if (other !== undefined) return refuse({ kind: 'two-producers', path, stages: [other.name, stage.name] })
      producers.set(path, stage)
    }
  }
  return { ok: true, value: producers }
}

function order(
  stages: readonly Stage[],
  producers: ReadonlyMap<string, Stage>,
  only: readonly string[] | undefined,
): PipelineResult<readonly Stage[]> {
  const known = stages.map((stage) => stage.name)
  const unknown = only?.find((name) => !known.includes(name))
  if (unknown !== undefined) return refuse({ kind: 'unknown-stage', stage: unknown, known })
  const done = new Set<Stage>()
  const path: Stage[] = []
  let cycle: readonly string[] | undefined

  // Depth first; `done` keeps the order of completion, which is the order of execution.
  const visit = (stage: Stage): void => {
    if (done.has(stage) || cycle !== undefined) return
    const seen = path.indexOf(stage)
    if (seen >= 0) {
      cycle = path
        .slice(seen)
        .map(({ name }) => name)
        .toReversed()
      return
    }
    path.push(stage)
    for (const need of stage.needs) {
      const producer = producers.get(need)
      if (producer !== undefined) visit(producer)
    }
    path.pop()
    done.add(stage)
  }
  for (const stage of stages) if (only === undefined || only.includes(stage.name)) visit(stage)
  return cycle === undefined ? { ok: true, value: [...done] } : refuse({ kind: 'cycle', stages: cycle })
}

async function checkFiles(
  host: Host,
  root: string,
  stage: Stage,
  producers: ReadonlyMap<string, Stage>,
): Promise<PipelineResult<void>> {
  for (const path of [...stage.needs, ...stage.makes]) {
    const inside = await staysInside(host, root, path)
    if (!inside.ok) return refuse({ kind: 'host', stage: stage.name, error: inside.error })
    if (!inside.value)
      return refuse({ kind: 'bad-path', stage: stage.name, path, why: 'a link leads out of the project' })
    const found = await host.files.stat(join(root, path))
    if (!found.ok) return refuse({ kind: 'host', stage: stage.name, error: found.error })
    if (found.value?.kind === 'directory') {
      return refuse({ kind: 'bad-path', stage: stage.name, path, why: 'it is a directory; name the files' })
    }
    if (found.value === undefined && !producers.has(path)) {
      return refuse({ kind: 'missing-need', stage: stage.name, path })
    }
  }
  return { ok: true, value: undefined }
}
