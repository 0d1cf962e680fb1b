import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  canonicalJson,
  digestOf,
  type Evidence,
  instancesOf,
  type JsonObject,
  type RunInfo,
  type Statement,
  windowText,
} from '@plumbline/core'
import { type Ledger, type LedgerBody, type LedgerRecord, openLedger } from '@plumbline/store'
import { expect, test } from 'vitest'
import { openAlerts } from '../alerts/alerts.ts'
import { fakeStage } from '../testing/fake-stage.ts'
import { BEGIN, HOUR, watchedProject } from '../testing/watched-project.ts'
import { openWatch } from './watch.ts'

/** Windows that are remembered and forgotten: months of hours. */
const WINDOWS = 1200

/** Bytes of the heap that somebody still holds. */
function heldBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const RUN: RunInfo = {
  at: '2026-01-05T00:00:00Z',
  durationMs: 1,
  host: { os: 'o', arch: 'a', node: 'n' },
  session: 's',
}

test(`a watch that reads ${WINDOWS} windows from the ledger holds no more at the end than at the beginning`, async () => {
  const project = watchedProject(3 * HOUR, undefined, [HOUR])
  const { host, program, log } = project
  const instances = instancesOf(program, ['runtime']).filter(({ relation }) => relation === 'requests')
  let fresh: LedgerRecord[] = []
  let seq = 0
  const recordOf = (body: LedgerBody): LedgerRecord => {
    seq++
    return { v: 1, seq, prev: digestOf('prev'), digest: digestOf(seq), body }
  }
  // A ledger that has only what is new: what was read before is the business of whoever read it.
  const ledger: Ledger = {
    ...openLedger(host, '/p/.plumb/ledger'),
    async *read(after) {
      for (const record of fresh)
        if (after === undefined || record.seq > after.seq)
          yield { ok: true, record, place: { file: '00000001.jsonl', line: record.seq, byteOffset: 0 } }
    },
    async append(bodies) {
      const records = bodies.map(recordOf)
      fresh.push(...records)
      return { ok: true, value: records }
    },
  }
  const record = (hour: number, instance: (typeof instances)[number]): LedgerRecord => {
    const window = { from: BEGIN + hour * HOUR, to: BEGIN + (hour + 1) * HOUR }
    const statement: Statement = {
      clause: instance.clause.id,
      form: instance.clause.form,
      stage: 'runtime',
      severity: instance.clause.severity,
      relation: instance.relation,
      slice: instance.slice.name,
      window: windowText(window),
      method: 'scan',
      digests: {
        spec: digestOf('spec'),
        clause: instance.clause.digest,
        data: { requests: `snapshot:${digestOf(hour)}` },
        models: { champion: hour % 200 < 100 ? 'sha256:a' : 'sha256:b' },
        tool: '0',
      },
      verdict: hour % 5 === 0 ? 'violated' : 'satisfied',
      n: 10,
      measured: 1,
      missing: 0,
      excluded: 0,
      unassigned_rows: 0,
    }
    const evidence: Evidence = {
      schema: 'plumbline/evidence/1',
      id: digestOf([hour, instance.clause.id]),
      statement,
      run: RUN,
      signatures: [],
    }
    const body = { kind: 'evidence', evidence: JSON.parse(canonicalJson(evidence)) as JsonObject }
    return recordOf(body)
  }
  const environment = () => undefined
  const path = '/p/.plumb/watch/alerts.json'
  const alerts = await openAlerts({ host, program, ledger, path, environment, print: () => undefined })
  if (!alerts.ok) throw new Error(alerts.error.message)
  const watch = await openWatch({
    host,
    program,
    ledger,
    directory: '/p/.plumb/watch',
    toolVersion: '0',
    stage: fakeStage(log),
    nothingSeen: (width) => ({ width, rows: 0 }),
    alerts: alerts.value,
    runInfo: () => RUN,
  })
  if (!watch.ok) throw new Error(watch.failure.kind)
  const held: number[] = []
  for (let hour = 0; hour < WINDOWS; hour++) {
    const at = new Date((BEGIN + hour * HOUR) / 1000).toISOString()
    const event = { at, kind: hour % 9 === 0 ? 'retrain.decided' : 'alert.sent', subject: 's', digest: '' }
    fresh = [...instances.map((instance) => record(hour, instance)), recordOf({ kind: 'event', event })]
    project.now = BEGIN + (hour + 2) * HOUR
    expect(await watch.value.pass()).toMatchObject({ ok: true, value: { problems: [] } })
    if (hour === 300 || hour === WINDOWS - 1) held.push(heldBytes())
  }
  const [early = 0, late = 0] = held
  expect((late - early) / 1e6).toBeLessThan(1)
})
