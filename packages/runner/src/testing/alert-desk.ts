import type { Host, HostClock, HostResult, HttpAnswer, HttpRequest, Program } from '@plumbline/core'
import { type Ledger, memoryHost, type MemoryHost, openLedger } from '@plumbline/store'
import { type Alert } from '../alerts/alert.ts'
import { type Alerts, openAlerts } from '../alerts/alerts.ts'
import { evidenceIn } from '../watch/evidence-record.ts'

/** The file of a test's alerts. */
export const ALERTS = '/p/.plumb/watch/alerts.json'

/** A machine whose clock and network a test sets, and a project on it. */
export interface Desk {
  readonly host: MemoryHost
  readonly ledger: Ledger
  /** Sets the clock, in milliseconds since 1970 UTC. */
  now: number
  /** Who answers at every address. */
  answer: (request: HttpRequest) => Promise<HostResult<HttpAnswer>>
  readonly printed: Alert[]
}

/** A project in memory. */
export function alertDesk(begin = Date.UTC(2026, 0, 1)): Desk {
  const desk: Partial<Desk> & Pick<Desk, 'now' | 'answer' | 'printed'> = {
    now: begin,
    answer: async () => ({ ok: true, value: { status: 200, headers: {}, body: new Uint8Array() } }),
    printed: [],
  }
  const memory = memoryHost({ http: (request) => desk.answer(request) })
  const clock: HostClock = { now: () => desk.now, monotonic: () => desk.now, simulated: true }
  const host: MemoryHost = { ...memory, clock }
  return Object.assign(desk, { host, ledger: openLedger(host, '/p/.plumb/ledger') }) as Desk
}

/** Opens the alerts as a watch that begins does: everything the ledger has is taken, then kept. */
export async function openDesk(
  desk: Desk,
  program: Program,
  environment: Readonly<Record<string, string>> = {},
  host: Host = desk.host,
): Promise<Alerts> {
  const opened = await openAlerts({
    host,
    program,
    ledger: openLedger(host, desk.ledger.directory),
    path: ALERTS,
    environment: (name) => environment[name],
    print: (alert) => desk.printed.push(alert),
  })
  if (!opened.ok) throw new Error(opened.error.message)
  await follow(desk, opened.value)
  opened.value.caughtUp()
  await opened.value.save()
  return opened.value
}

/** Takes what the ledger has. */
export async function follow(desk: Desk, alerts: Alerts): Promise<void> {
  for await (const step of desk.ledger.read()) {
    if (!step.ok) throw new Error(step.failure.kind)
    const { record, place } = step
    alerts.observe(record, { seq: record.seq, digest: record.digest, place }, evidenceIn(record))
  }
}
