import { isAbsolute, join } from 'node:path'
import type { Digest, Program, ProgramModel, Versions } from '@plumbline/core'
import { identifyModel, type ModelFile as EngineModelFile } from '@plumbline/engine'
import { registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { type Failure, failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from './state.ts'

/** A version of a model: its bytes on disk, or what else identifies it, and the digest of that. */
export interface ModelFile extends EngineModelFile {
  readonly digest: Digest
}

/** Which files hold which roles in this run. */
export interface ModelFiles {
  readonly candidate?: ModelFile
  readonly production?: ModelFile
  readonly others: Readonly<Record<string, ModelFile>>
}

/**
 * Finds the versions: the candidate is `--candidate`, else `pipeline.candidate`, else the champion's artifact; what is
 * in production is what the registry says; other models are their artifacts. A model that is not there is left out.
 */
export async function findModels(
  context: CommandContext,
  program: Program,
  state: ProjectState,
  candidate: string | undefined,
): Promise<Outcome<ModelFiles>> {
  const champion = program.models.find((m) => m.name === 'champion')
  const named = candidate ?? program.pipeline.candidate ?? champion?.artifact
  const found = champion === undefined ? undefined : await versionOf(context, champion, named)
  if (candidate !== undefined && champion === undefined) {
    return failure(
      'cli/no-model',
      'The spec declares no model `champion`.',
      '`--candidate` names the file that is tested in that role.',
      'Declare `models: { champion: … }`.',
    )
  }
  if (candidate !== undefined && found === undefined) {
    return failure(
      'cli/no-candidate',
      `There is no model at ${candidate}.`,
      'The file named with --candidate is not there.',
      'Train it first (`plumb run --trust`), or check the path; it is relative to the project folder.',
    )
  }
  const others: Record<string, ModelFile> = {}
  for (const model of program.models) {
    if (model.name === 'champion' || model.name === 'challenger') continue
    const file = await versionOf(context, model, model.artifact)
    if (file !== undefined) others[model.name] = file
  }
  const now = champion === undefined ? undefined : await state.registry.champion('champion')
  if (now !== undefined && !now.ok) {
    return failure(
      'cli/registry',
      registryFailureText(now.failure),
      'The version in production cannot be read.',
      'Run `plumb verify`.',
      EXIT.environment,
    )
  }
  const production = now?.value
  return success({
    ...(found === undefined ? {} : { candidate: found }),
    ...(production === undefined ? {} : { production: { path: production.path, digest: production.digest } }),
    others,
  })
}

/** The digests alone, as the gate reads them. */
export function versionsOf(files: ModelFiles): Versions {
  return {
    ...(files.candidate === undefined ? {} : { candidate: files.candidate.digest }),
    ...(files.production === undefined ? {} : { production: files.production.digest }),
    others: Object.fromEntries(Object.entries(files.others).map(([name, { digest }]) => [name, digest])),
  }
}

/** The version that a model has now: the file named for it, or what its runner is. A candidate may be the file of a command. */
async function versionOf(
  context: CommandContext,
  model: ProgramModel,
  named: string | undefined,
): Promise<ModelFile | undefined> {
  const { runner } = model
  const takesFile = runner?.kind === 'command' && runner.file !== undefined
  if (named !== undefined && !takesFile) return fileAt(context, named)
  return runner === undefined ? undefined : identifyModel(model, context, named)
}

async function fileAt(context: CommandContext, path: string): Promise<ModelFile | undefined> {
  const absolute = isAbsolute(path) ? path : join(context.root, path)
  const digest = await context.host.files.digest(absolute)
  return digest.ok ? { path: absolute, digest: digest.value } : undefined
}

/** Why a model that a command or server runs, or that is a column, is no version that the guard could serve. */
export function notServed(what: 'promoted' | 'staged'): { readonly ok: false; readonly failure: Failure } {
  return failure(
    'cli/not-served',
    `The candidate is no model file, and cannot be ${what}.`,
    'What the guard serves, keeps and rolls back are the bytes of ONNX files; this model is run by a command or server, or is a column.',
    'Export it to ONNX and name the file with --candidate, or put the guard in front of its own server: `plumb guard --upstream URL`.',
  )
}
