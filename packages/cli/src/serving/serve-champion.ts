import type { CommandContext } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { openState } from '../project/state.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { artifactRepository, openLatest } from './artifact-repository.ts'
import { plannedGuard } from './planned-guard.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'
import { upstreamOf } from './upstream.ts'

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
  const common = { role: 'production' as const, program, planned: planned.value, state }
  const address = options['upstream'] as string | undefined
  if (address !== undefined) {
    const behind = upstreamOf(address, program, plan)
    if (!behind.ok) return reportFailure(context, behind.failure)
    return serveUntilStopped(context, { ...common, ...behind.value }, options)
  }
  const repository = artifactRepository(context, state, { program, plan, model: plan.model })
  const first = async () => {
    const champion = await state.registry.champion(plan.model)
    if (champion.ok && champion.value === undefined) return NOTHING_PROMOTED
    return openLatest(repository)
  }
  return serveUntilStopped(context, { ...common, repository, first, catchUp: true }, options)
}

const NOTHING_PROMOTED = failure(
  'cli/nothing-promoted',
  'Nothing was promoted yet.',
  'The guard serves the version that the registry names, and nothing else.',
  'Promote a candidate (`plumb promote`), or serve it in the role staging (`plumb stage`).',
)
