import { join } from 'node:path'
import { eventNow, type PlannedGuard } from '@plumbline/core'
import { logColumns, openRequestLog, type RequestLog, requestLogFailureText } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { appendRecords, type ProjectState, toJson } from '../project/state.ts'
import { oneLine } from '../terminal/one-line.ts'
import type { ServingRole } from './state-file.ts'

/** Opens the log of what production sees, `.plumb/requests`. `bytes`: what it may have on disk. */
export async function openProductionLog(
  { host, root }: Pick<CommandContext, 'host' | 'root'>,
  { plan }: PlannedGuard,
  bytes: number | undefined,
): Promise<Outcome<RequestLog>> {
  const opened = await openRequestLog({
    host,
    directory: join(root, '.plumb', 'requests'),
    columns: logColumns(plan),
    limits: bytes === undefined ? {} : { bytes },
  })
  if (opened.ok) return success(opened.value)
  return failure(
    'cli/no-log',
    `The log of requests cannot be written: ${requestLogFailureText(opened.failure)}`,
    'What production sees is judged from it.',
    'Remove the cause, or serve without it (--no-log): clauses on `requests` are then not watched.',
    EXIT.environment,
  )
}

const LOOK_EVERY_MS = 5000

/** Records in the ledger when old segments were removed: what is not there any more must not look as if it never was. */
export function recordDropped(
  { host, err }: Pick<CommandContext, 'host' | 'err'>,
  { ledger }: Pick<ProjectState, 'ledger'>,
  role: ServingRole,
  log: RequestLog,
): { readonly look: () => Promise<void>; readonly stop: () => void } {
  let known = 0
  const look = async (): Promise<void> => {
    const { removed } = log.state().closed
    if (removed.segments === known) return
    known = removed.segments
    const event = eventNow(host.clock, { kind: 'requests.dropped', subject: role, digest: '', detail: { ...removed } })
    const written = await appendRecords(ledger, [{ ...toJson(event), kind: 'event' }])
    if (!written.ok) err(`warning: ${oneLine(written.failure.message)}\n`)
  }
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  timer.unref()
  return { look, stop: () => clearInterval(timer) }
}
