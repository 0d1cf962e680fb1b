import { guardPlan, type Program } from '@plumbline/core'
import type { StageCandidate } from '@plumbline/engine'
import { guardBench, openOipClient } from '@plumbline/server'
import { artifactFailureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import type { ProjectState } from '../project/state.ts'
import type { ModelFile } from '../project/versions.ts'
import { compiledGuard } from '../serving/compiled-guard.ts'
import { findServer, type LiveServer, loadVersion, readBack } from '../serving/live-server.ts'
import { startStaging } from './staging-process.ts'

type Brought = Awaited<ReturnType<StageCandidate>>

const failed = (cause: string): Brought => ({ ok: false, cause })

/**
 * How the release stage gets at the candidate: by the staging server of the project, which is given the candidate where
 * it serves another version, else by one that runs only for as long as it is asked.
 */
export function candidateStager(
  context: CommandContext,
  program: Program,
  state: Pick<ProjectState, 'artifacts'>,
  candidate: ModelFile | undefined,
): StageCandidate {
  return async () => {
    const planned = guardPlan(program)
    if (planned === undefined || candidate === undefined) return failed('There is no candidate to stage.')
    const running = await findServer(context.host, context.root, 'staging')
    if (running !== undefined) {
      const kept = await state.artifacts.put(candidate.path)
      if (!kept.ok) return failed(artifactFailureText(kept.failure))
      const loaded = await loadVersion(context.host, running, candidate.digest)
      if (!loaded.ok)
        return failed(`The staging server at ${running.state.url} did not load the candidate: ${loaded.why}`)
      return reached(context, running, planned, () => Promise.resolve())
    }
    const started = await startStaging(context, candidate.path)
    if (!started.ok) return failed(`The candidate could not be staged. ${started.why}`)
    const { stop } = started.value
    const found = await findServer(context.host, context.root, 'staging')
    if (found === undefined) {
      await stop()
      return failed('The staging server was started and is not to be found.')
    }
    const brought = await reached(context, found, planned, stop)
    if (!brought.ok) await stop()
    return brought
  }
}

async function reached(
  { host }: CommandContext,
  server: LiveServer,
  planned: NonNullable<ReturnType<typeof guardPlan>>,
  stop: () => Promise<void>,
): Promise<Brought> {
  // The digest of the bytes that answer, not the one the server was told.
  const loaded = await readBack(host, server)
  if (!loaded.ok) return failed(`What the staging server has loaded cannot be read back: ${loaded.why}`)
  const client = openOipClient({ url: server.state.url, model: server.state.model, digest: loaded.value })
  const bench = guardBench(await compiledGuard(planned))
  const close = async (): Promise<void> => {
    client.close()
    await stop()
  }
  return { ok: true, value: { staged: client, bench, close } }
}
