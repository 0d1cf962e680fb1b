import type { CommandContext } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { openState } from '../project/state.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { artifactRepository, openLatest } from './artifact-repository.ts'
import { plannedGuard } from './planned-guard.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'

/** Serves the registry's champion in the foreground, until it is told to stop. */
export async function serveChampion(
  context: CommandContext,
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const planned = plannedGuard(program)
  if (!planned.ok) return reportFailure(context, planned.failure)
  const state = openState(context)
  const { plan } = planned.value
  const repository = artifactRepository(context, state, { program, plan, model: plan.model })
  const first = async () => {
    const champion = await state.registry.champion(plan.model)
    if (champion.ok && champion.value === undefined) return NOTHING_PROMOTED
    return openLatest(repository)
  }
  const request = { role: 'production' as const, program, planned: planned.value, state, repository, first }
  return serveUntilStopped(context, request, options)
}

const NOTHING_PROMOTED = failure(
  'cli/nothing-promoted',
  'Nothing was promoted yet.',
  'The guard serves the version that the registry names, and nothing else.',
  'Promote a candidate (`plumb promote`), or serve it in the role staging (`plumb stage`).',
)
