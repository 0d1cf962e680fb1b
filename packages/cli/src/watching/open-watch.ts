import { join } from 'node:path'
import { clockMark, type Program, type RunInfo } from '@plumbline/core'
import { nothingSeen, openRuntimeStage, type RuntimeStage, type SeenLog } from '@plumbline/engine'
import {
  type Alert,
  type Alerts,
  type Delivery,
  openAlerts,
  openWatch,
  promotedDatasets,
  planWatch,
  type Watch,
  type WatchEvent,
  type WatchFailure,
} from '@plumbline/runner'
import { failureText, readPromotion } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { openState } from '../project/state.ts'
import { keptModel } from './kept-model.ts'

/** What a watch tells while it works. */
export interface WatchListener {
  readonly onEvent: (event: WatchEvent) => void
  readonly onDelivery: (delivery: Delivery) => void
  /** An alert for a receiver of the kind `stdout`. */
  readonly onAlert: (alert: Alert) => void
}

/** A watch that is open, with its alerts. */
export interface OpenWatch {
  readonly watch: Watch
  readonly alerts: Alerts
  readonly close: () => Promise<void>
}

/** Opens the watch of a project: its ledger, its log of requests, the data its versions were promoted on, its alerts. */
export async function openProjectWatch(
  context: CommandContext,
  program: Program,
  listener: WatchListener,
): Promise<Outcome<OpenWatch>> {
  const { host, root, signal, toolVersion } = context
  const { ledger, artifacts } = openState(context)
  const plan = planWatch(program)
  if (plan.windows.length === 0 && plan.events.length === 0) return NOTHING_TO_WATCH
  const directory = join(root, '.plumb', 'watch')
  const alerts = await openAlerts({
    host,
    program,
    ledger,
    path: join(directory, 'alerts.json'),
    environment: (name) => process.env[name],
    print: listener.onAlert,
    onDelivery: listener.onDelivery,
  })
  if (!alerts.ok) return notWatching(alerts.error.message)
  const kept = promotedDatasets((record) => readPromotion(record, artifacts.path), artifacts.path)
  let stage: RuntimeStage | undefined
  if (plan.windows.length > 0) {
    const opened = await openRuntimeStage({
      host,
      program,
      root,
      log: join(root, '.plumb', 'requests'),
      directory,
      toolVersion,
      instances: plan.windows.flatMap(({ instances }) => instances),
      frozen: kept.of,
      models: (version) => keptModel(artifacts, version),
      signal,
    })
    if (!opened.ok) return notWatching(opened.failure.cause)
    stage = opened.value
  }
  const watch = await openWatch<SeenLog>({
    host,
    program,
    ledger,
    directory,
    toolVersion,
    ...(stage === undefined ? {} : { stage }),
    nothingSeen,
    alerts: alerts.value,
    runInfo: runInfoOf(context),
    onRecord: kept.observe,
    onEvent: listener.onEvent,
    signal,
  })
  if (!watch.ok) {
    await stage?.close()
    return watchFailed(watch.failure)
  }
  return success({
    watch: watch.value,
    alerts: alerts.value,
    async close() {
      // First what only one may have at a time, then the place of that one.
      await stage?.close()
      await watch.value.close()
    },
  })
}

function runInfoOf({ host }: CommandContext): (durationMs: number) => RunInfo {
  const session = Buffer.from(host.entropy.bytes(8)).toString('hex')
  return (durationMs) => ({
    at: new Date(host.clock.now()).toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    host: { os: process.platform, arch: process.arch, node: process.versions.node },
    ...clockMark(host.clock),
    session,
  })
}

/** Why a watch cannot go on, for a person. */
export function watchFailed(failed: WatchFailure): Extract<Outcome<never>, { ok: false }> {
  switch (failed.kind) {
    case 'in-use':
      return failure(
        'cli/already-watching',
        'Another `plumb watch` of this project is running.',
        'Two of them would decide every window twice.',
        'Stop that one first.',
        EXIT.environment,
      )
    case 'interrupted':
      return failure(
        'cli/interrupted',
        'The watch was interrupted.',
        'What was decided before is in the ledger.',
        'Start it again: it goes on where it was.',
        EXIT.interrupted,
      )
    case 'ledger':
      return notWatching(failureText(failed.failure))
    case 'host':
      return notWatching(failed.error.message)
  }
}

function notWatching(cause: string): Extract<Outcome<never>, { ok: false }> {
  return failure(
    'cli/not-watching',
    `The watch cannot go on: ${cause.replace(/\.$/, '')}.`,
    'Its state is the ledger; it records every window it decides.',
    'Remove the cause and start it again: it goes on where it was.',
    EXIT.environment,
  )
}

const NOTHING_TO_WATCH = failure(
  'cli/nothing-to-watch',
  'The spec asks nothing of production.',
  'A watch decides the clauses on `requests` and `system`.',
  'Ask a clause `of: requests`, or write `always:`.',
)
