import { isAbsolute, join } from 'node:path'
import type { Digest, Program, Versions } from '@plumbline/core'
import { registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from './state.ts'

/** A version of a model: its bytes on disk and their digest. */
export interface ModelFile {
  readonly path: string
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
  const found = named === undefined || champion === undefined ? undefined : await fileAt(context, named)
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
    if (model.name === 'champion' || model.name === 'challenger' || model.artifact === undefined) continue
    const file = await fileAt(context, model.artifact)
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

async function fileAt(context: CommandContext, path: string): Promise<ModelFile | undefined> {
  const absolute = isAbsolute(path) ? path : join(context.root, path)
  const digest = await context.host.files.digest(absolute)
  return digest.ok ? { path: absolute, digest: digest.value } : undefined
}
