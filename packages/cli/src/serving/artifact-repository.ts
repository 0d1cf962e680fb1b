import {
  type ModelRepository,
  type ModelVersion,
  type OnnxRole,
  openOnnxVersion,
  type RepositoryRefusal,
  type RepositoryResult,
} from '@plumbline/server'
import { registryFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import type { ProjectState } from '../project/state.ts'

const refused = (kind: RepositoryRefusal['kind'], message: string): RepositoryResult<never> => ({
  ok: false,
  refusal: { kind, message },
})

/** The versions of a project: its kept artifacts, by digest. The registry names the latest. */
export function artifactRepository(
  { host }: Pick<CommandContext, 'host'>,
  { artifacts, registry }: ProjectState,
  role: OnnxRole,
): ModelRepository {
  return {
    async latest() {
      const champion = await registry.champion(role.model)
      if (!champion.ok) return refused('failed', registryFailureText(champion.failure))
      return champion.value === undefined
        ? refused('unknown', 'The registry names no champion yet.')
        : { ok: true, value: champion.value.digest }
    },
    async open(digest) {
      if (digest === undefined) return refused('unknown', 'No version is named.')
      const read = await host.files.readFile(artifacts.path(digest))
      if (!read.ok)
        return read.error.kind === 'not-found'
          ? refused('unknown', `There is no artifact ${digest}.`)
          : refused('failed', `The artifact ${digest} cannot be read: ${read.error.kind}.`)
      // What is checked is what is opened, not a file that may change in between.
      return openOnnxVersion(read.value, role, digest)
    },
  }
}

/** The version that a repository names, opened; or why there is none, for who starts a server. */
export async function openLatest(repository: ModelRepository): Promise<Outcome<ModelVersion>> {
  const digest = await repository.latest()
  const opened = digest.ok ? await repository.open(digest.value) : digest
  if (opened.ok) return success(opened.value)
  return failure(
    'cli/not-loaded',
    `The version to be served cannot be loaded: ${opened.refusal.message.replace(/\.$/, '')}.`,
    'A server that answers nothing is not started.',
    opened.refusal.kind === 'unfit'
      ? 'Check the inputs and outputs of `models.champion` against the model.'
      : 'Run `plumb verify`; the artifacts are under .plumb/artifacts.',
    EXIT.environment,
  )
}
