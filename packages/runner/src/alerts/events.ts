import type { EventRecord, HostClock } from '@plumbline/core'
import type { LedgerBody, LedgerRecord } from '@plumbline/store'
import type { Alert } from './alert.ts'
import type { Receiver } from './receivers.ts'

/** What became of an alert at a receiver, as the ledger keeps it. */
export function alertEvent(
  clock: HostClock,
  kind: 'alert.sent' | 'alert.failed',
  receiver: Receiver,
  alert: Alert,
  detail: { readonly reason: string; readonly final: boolean } | undefined,
): LedgerBody {
  const { id, status, clause, slice, window } = alert
  const body: EventRecord = {
    kind: 'event',
    event: {
      at: new Date(clock.now()).toISOString(),
      kind,
      subject: clause,
      digest: alert.model ?? '',
      detail: { alert: id, status, slice, window, receiver: receiver.id, name: receiver.name, ...detail },
    },
    ...(clock.simulated === true ? { clock: 'simulated' } : {}),
  }
  return body
}

/** An alert that is done with at a receiver: accepted, or given up. */
export type Done = { readonly alert: string; readonly receiver: string }

/** Reads the events that end an alert's way; undefined for every other record. */
export function readDone({ body }: LedgerRecord): Done | undefined {
  if (body.kind !== 'event') return undefined
  const { kind, detail } = (body as unknown as Partial<EventRecord>).event ?? {}
  if (kind !== 'alert.sent' && kind !== 'alert.failed') return undefined
  if (kind === 'alert.failed' && detail?.['final'] !== true) return undefined
  const { alert, receiver } = detail ?? {}
  return typeof alert === 'string' && typeof receiver === 'string' ? { alert, receiver } : undefined
}
