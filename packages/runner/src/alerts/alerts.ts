import type { Evidence, Host, HostResult, Program } from '@plumbline/core'
import type { Ledger, LedgerPosition, LedgerRecord, LedgerResult } from '@plumbline/store'
import type { Alert } from './alert.ts'
import { deliverAll, type Delivery } from './deliver.ts'
import { readDone } from './events.ts'
import { advance, type FiringState, QUIET } from './firing.ts'
import { emptyQueue, enqueue, isDue, type Queue, withoutAlert } from './queue.ts'
import { type Environment, type Receiver, receiversOf, wants } from './receivers.ts'
import { type AlertMemory, readMemory, writeMemory } from './state-file.ts'

/** What alerts are made of and sent with. */
export type AlertsOptions = {
  readonly host: Host
  readonly program: Program
  readonly ledger: Ledger
  /** The file that keeps what waits, such as `.plumb/watch/alerts.json`. */
  readonly path: string
  readonly environment: Environment
  /** For receivers of the kind `stdout`. */
  readonly print: (alert: Alert) => void
  readonly onDelivery?: (delivery: Delivery) => void
}

/** The alerts of a project: fed with the records of its ledger, they tell their receivers. */
export type Alerts = {
  /** Takes the next record of the ledger; `evidence` where it is one. Records taken before are passed over. */
  readonly observe: (record: LedgerRecord, position: LedgerPosition, evidence: Evidence | undefined) => void
  /** All records there are were taken: what was not sent waits from here on. To be called once, before the first `save`. */
  readonly caughtUp: () => void
  /** Keeps what waits; after it, nothing is lost by being killed. */
  readonly save: () => Promise<HostResult<void>>
  /** Sends what is due, records what became of it, and keeps the rest. Failing receivers are no failure of this. */
  readonly deliver: (signal?: AbortSignal) => Promise<LedgerResult<void>>
  /** How many alerts wait for a receiver. */
  readonly waiting: () => number
  /** Whether something could be sent now. */
  readonly due: () => boolean
  readonly firing: () => readonly Alert[]
}

/** Opens the alerts where they were left. Nothing is sent yet. */
export async function openAlerts(options: AlertsOptions): Promise<HostResult<Alerts>> {
  const read = await readMemory(options.host, options.path)
  return read.ok ? { ok: true, value: alertsFrom(options, read.value) } : read
}

function alertsFrom(options: AlertsOptions, memory: AlertMemory | undefined): Alerts {
  const { host, program, ledger, path } = options
  const receivers = receiversOf(program.monitor?.alerts ?? [])
  let { firing, position }: { firing: FiringState; position?: LedgerPosition } = memory ?? { firing: QUIET }
  const queues = new Map<string, Queue>(receivers.map(({ id }) => [id, emptyQueue(id)]))
  for (const queue of memory?.queues ?? []) if (queues.has(queue.receiver)) queues.set(queue.receiver, queue)
  /** Receivers that were told something before, or would have been. */
  const known = new Set(memory?.queues.map(({ receiver }) => receiver))
  let changed = memory === undefined

  const update = (id: string, change: (queue: Queue) => Queue): void => {
    const queue = queues.get(id)
    const next = queue === undefined ? undefined : change(queue)
    if (next === undefined || next === queue) return
    queues.set(id, next)
    changed = true
  }
  const tell = (receiver: Receiver, alert: Alert): void => {
    if (wants(receiver, alert)) update(receiver.id, (queue) => enqueue(queue, alert, host.clock.now()))
  }
  const write = async (): Promise<HostResult<void>> => {
    if (!changed) return { ok: true, value: undefined }
    const at = position === undefined ? {} : { position }
    changed = false
    const written = await writeMemory(host, path, { v: 1, ...at, firing, queues: [...queues.values()] })
    if (!written.ok) changed = true
    return written
  }
  // One after another: an older memory never replaces a newer one.
  let writing: Promise<HostResult<void>> = Promise.resolve({ ok: true, value: undefined })
  const save = (): Promise<HostResult<void>> => {
    writing = writing.then(write)
    return writing
  }
  const delivery = { ...options, receivers, queues, update }

  return {
    observe(record, at, evidence) {
      if (position !== undefined && record.seq <= position.seq) return
      position = at
      const done = readDone(record)
      if (done !== undefined) {
        known.add(done.receiver)
        update(done.receiver, (queue) => withoutAlert(queue, done.alert))
      }
      if (evidence === undefined) return
      const advanced = advance(firing, program, evidence)
      if (advanced.state !== firing) changed = true
      firing = advanced.state
      for (const alert of advanced.alerts) for (const receiver of receivers) tell(receiver, alert)
    },
    caughtUp() {
      for (const receiver of receivers) {
        if (known.has(receiver.id)) continue
        // A new receiver is not told the past, only what stands.
        queues.set(receiver.id, emptyQueue(receiver.id))
        for (const { alert } of Object.values(firing.firing)) tell(receiver, alert)
        known.add(receiver.id)
        changed = true
      }
    },
    save,
    async deliver(signal) {
      const delivered = await deliverAll({ ...delivery, firing: Object.values(firing.firing), ledger }, signal)
      if (!delivered.ok) return delivered
      const saved = await save()
      return saved.ok ? { ok: true, value: undefined } : { ok: false, failure: { kind: 'host', error: saved.error } }
    },
    waiting: () => [...queues.values()].reduce((sum, { waiting }) => sum + waiting.length, 0),
    due: () => [...queues.values()].some((queue) => isDue(queue, host.clock.now())),
    firing: () => Object.values(firing.firing).map(({ alert }) => alert),
  }
}
