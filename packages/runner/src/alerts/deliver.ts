import type { Host, Program } from '@plumbline/core'
import type { Ledger, LedgerBody, LedgerResult } from '@plumbline/store'
import type { Alert } from './alert.ts'
import { alertEvent } from './events.ts'
import type { Firing } from './firing.ts'
import { afterFailure, afterSuccess, expired, isDue, type Queue, withoutAlert } from './queue.ts'
import { type Environment, type Receiver, wants } from './receivers.ts'
import { type Sending, send } from './send.ts'

/** What became of an attempt, for people to watch. */
export type Delivery = {
  readonly receiver: string
  readonly alert: Alert
  readonly kind: 'sent' | 'waits' | 'given-up'
  readonly reason?: string
}

/** What delivering works on. */
export type DeliveryRound = {
  readonly host: Host
  readonly program: Program
  readonly ledger: Ledger
  readonly environment: Environment
  readonly print: (alert: Alert) => void
  readonly onDelivery?: (delivery: Delivery) => void
  readonly receivers: readonly Receiver[]
  readonly queues: ReadonlyMap<string, Queue>
  readonly update: (receiver: string, change: (queue: Queue) => Queue) => void
  readonly firing: readonly Firing[]
}

/** An Alertmanager is told what stands at most this often, in milliseconds. */
const REPEAT_MS = 60_000

/** Sends to every receiver what is due for it, side by side; stops at the first failure of the ledger. */
export async function deliverAll(round: DeliveryRound, signal?: AbortSignal): Promise<LedgerResult<void>> {
  const sending: Sending = {
    host: round.host,
    environment: round.environment,
    print: round.print,
    standsMs: standsFor(round.program),
    ...(signal === undefined ? {} : { signal }),
  }
  const all = await Promise.all(round.receivers.map((receiver) => deliverTo(round, sending, receiver)))
  return all.find((each) => !each.ok) ?? { ok: true, value: undefined }
}

/** Until the next window but one of the widest kind is decided; at least four times the pause between two repetitions. */
function standsFor({ monitor, clauses }: Program): number {
  const widths = clauses.flatMap((clause) => (clause.form === 'always' ? [clause.window] : []))
  const widest = Math.max(0, ...widths, ...(monitor?.windows ?? []))
  return Math.max(4 * REPEAT_MS, (2 * widest + (monitor?.lateness ?? 0)) / 1000)
}

async function deliverTo(round: DeliveryRound, sending: Sending, receiver: Receiver): Promise<LedgerResult<void>> {
  const { host, queues, update } = round
  const queueOf = (): Queue | undefined => queues.get(receiver.id)
  let attempted = false
  for (let queue = queueOf(); queue !== undefined && isDue(queue, host.clock.now()); queue = queueOf()) {
    const alert = queue.waiting[0]?.alert
    if (alert === undefined || stopped(sending)) break
    attempted = true
    const sent = await send(sending, receiver, [alert])
    if (stopped(sending) && sent.kind !== 'sent') break
    if (sent.kind === 'later') {
      update(receiver.id, (before) => afterFailure(before, host.clock.now(), sent.after))
      round.onDelivery?.({ receiver: receiver.name, alert, kind: 'waits', reason: sent.reason })
      // Only who cannot be reached now is given up on: what waited because nobody watched is sent first.
      for (const { alert: old } of expired(queueOf() ?? queue, host.clock.now())) {
        const given = await giveUp(round, receiver, old, 'it waited for too long, or too many came after it')
        if (!given.ok) return given
      }
      // One record for an outage, not one for each attempt.
      if (queue.attempts > 0) break
      return record(
        round,
        alertEvent(host.clock, 'alert.failed', receiver, alert, { reason: sent.reason, final: false }),
      )
    }
    if (sent.kind === 'refused') {
      const given = await giveUp(round, receiver, alert, sent.reason)
      if (!given.ok) return given
      update(receiver.id, (before) => afterSuccess(before, host.clock.now()))
      continue
    }
    // The record first: a kill between the two then sends nothing twice.
    const recorded = await record(round, alertEvent(host.clock, 'alert.sent', receiver, alert, undefined))
    if (!recorded.ok) return recorded
    update(receiver.id, (before) => afterSuccess(withoutAlert(before, alert.id), host.clock.now()))
    round.onDelivery?.({ receiver: receiver.name, alert, kind: 'sent' })
  }
  if (!attempted) await repeat(round, sending, receiver)
  return { ok: true, value: undefined }
}

function stopped({ signal }: Sending): boolean {
  return signal?.aborted === true
}

async function giveUp(
  round: DeliveryRound,
  receiver: Receiver,
  alert: Alert,
  reason: string,
): Promise<LedgerResult<void>> {
  const event = alertEvent(round.host.clock, 'alert.failed', receiver, alert, { reason, final: true })
  const recorded = await record(round, event)
  if (!recorded.ok) return recorded
  round.update(receiver.id, (before) => withoutAlert(before, alert.id))
  round.onDelivery?.({ receiver: receiver.name, alert, kind: 'given-up', reason })
  return recorded
}

async function record({ ledger }: DeliveryRound, body: LedgerBody): Promise<LedgerResult<void>> {
  const written = await ledger.append([body])
  return written.ok ? { ok: true, value: undefined } : written
}

/** An Alertmanager keeps nothing over a restart and forgets what is not repeated: what stands is told again. */
async function repeat(
  { host, firing, queues, update }: DeliveryRound,
  sending: Sending,
  receiver: Receiver,
): Promise<void> {
  const now = host.clock.now()
  const queue = queues.get(receiver.id)
  if (receiver.alert.kind !== 'alertmanager' || queue === undefined || queue.waiting.length > 0) return
  if (now >= queue.toldAt && now - queue.toldAt < REPEAT_MS) return
  const standing = firing.map(({ alert }) => alert).filter((alert) => wants(receiver, alert))
  if (standing.length === 0) return
  update(receiver.id, (before) => ({ ...before, toldAt: now }))
  await send(sending, receiver, standing)
}
