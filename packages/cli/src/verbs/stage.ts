import type { ModelRepository } from '@plumbline/server'
import { artifactFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { openState } from '../project/state.ts'
import { findModels, notServed } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'
import { artifactRepository, openLatest } from '../serving/artifact-repository.ts'
import { plannedGuard } from '../serving/planned-guard.ts'
import { serveUntilStopped } from '../serving/serve-until-stopped.ts'

/** `plumb stage`: the candidate behind the same guard, in the role staging, beside whatever is in production. */
export async function stage(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const planned = plannedGuard(program)
  if (!planned.ok) return reportFailure(context, planned.failure)
  const state = openState(context)
  const files = await findModels(context, program, state, options['candidate'] as string | undefined)
  if (!files.ok) return reportFailure(context, files.failure)
  const { candidate } = files.value
  if (candidate === undefined)
    return reportFailure(
      context,
      failure(
        'cli/no-candidate',
        'There is no candidate to stage.',
        'Neither --candidate nor pipeline.candidate names a model that is there.',
        'Train one (`plumb run --trust`), or name it with --candidate.',
      ).failure,
    )
  if (candidate.identity !== undefined) return reportFailure(context, notServed('staged').failure)
  const { plan } = planned.value
  const artifacts = artifactRepository(context, state, { program, plan, model: plan.model })
  // What a load without a digest means here: the candidate's file as it is then.
  const latest = async (): ReturnType<ModelRepository['latest']> => {
    const kept = await state.artifacts.put(candidate.path)
    if (kept.ok) return kept
    return { ok: false, refusal: { kind: 'failed', message: artifactFailureText(kept.failure) } }
  }
  const repository = { ...artifacts, latest }
  const first = () => openLatest(repository)
  const request = { role: 'staging' as const, program, planned: planned.value, state, repository, first }
  return serveUntilStopped(context, request, options)
}
