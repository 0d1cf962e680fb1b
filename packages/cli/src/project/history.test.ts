import { digestOf, eventNow } from '@plumbline/core'
import { memoryHost, openLedger, type LedgerBody } from '@plumbline/store'
import { describe, expect, test } from 'vitest'
import { readHistory } from './history.ts'

const made = digestOf('model')
const DATA = { path: 'data.csv', digest: digestOf('data') }
const clock = { now: () => Date.UTC(2026, 0, 7), monotonic: () => 0, simulated: true } as const

const RUN: LedgerBody = {
  kind: 'run',
  statement: {
    status: 'failed',
    stages: [
      { name: 'prepare', needs: [], makes: [DATA], failure: null },
      { name: 'train', needs: [DATA], makes: [{ path: 'm.onnx', digest: made }], failure: 'stage-failed' },
    ],
  },
  run: { id: 'r', startedAt: '2026-01-07T00:00:00.000Z', stages: [{ name: 'prepare', cached: true, durationMs: 1 }] },
}
const GATE: LedgerBody = {
  kind: 'gate',
  open: false,
  candidate: made,
  environment: 'staging',
  at: '2026-01-07T00:00:00.000Z',
  reasons: [{ code: 'violated', clause: 'a' }, { code: 'violated', clause: 'a' }, { code: 'unpinned-data' }],
  supporting: ['x', 'y'],
}

async function history(bodies: readonly LedgerBody[]) {
  const ledger = openLedger(memoryHost(), '/ledger')
  const written = await ledger.append(bodies)
  expect(written.ok).toBe(true)
  const found = await readHistory(ledger)
  if (!found.ok) throw new Error(found.failure.message)
  return found.value
}

describe('the history of a ledger', () => {
  test('has events with their record and clock, runs with what they made, decisions with their clauses', async () => {
    const event = eventNow(clock, {
      kind: 'version.deployed',
      subject: 'production',
      digest: made,
      detail: { probed: 3 },
    })
    const { events, runs, gates } = await history([RUN, { ...event }, GATE])
    expect(events).toEqual([
      {
        record: 2,
        at: '2026-01-07T00:00:00.000Z',
        kind: 'version.deployed',
        subject: 'production',
        digest: made,
        detail: { probed: 3 },
        clock: 'simulated',
      },
    ])
    expect(runs).toEqual([
      {
        record: 1,
        status: 'failed',
        startedAt: '2026-01-07T00:00:00.000Z',
        stages: [
          { name: 'prepare', needs: [], makes: [DATA], cached: true },
          {
            name: 'train',
            needs: [DATA],
            makes: [{ path: 'm.onnx', digest: made }],
            cached: false,
            failure: 'stage-failed',
          },
        ],
      },
    ])
    expect(gates).toMatchObject([
      {
        record: 3,
        open: false,
        candidate: made,
        environment: 'staging',
        against: ['a', 'unpinned-data'],
        supporting: 2,
      },
    ])
  })

  test('leaves out records that only say what they are', async () => {
    const { events, runs, gates } = await history([
      { kind: 'event' },
      { kind: 'event', event: { at: 1, kind: 'guard.started', subject: '', digest: '' } },
      { kind: 'event', event: { at: '2026', kind: 'toString', subject: '', digest: '' } },
      { kind: 'run', statement: [], run: {} },
      { kind: 'run', statement: { status: 'finished', stages: 'all' }, run: { startedAt: '2026' } },
      { kind: 'gate', open: 'yes' },
      { kind: 'gate', open: true, reasons: 7, supporting: 'many', candidate: null },
    ])
    expect([events, runs]).toEqual([[], []])
    expect(gates).toEqual([{ record: 7, open: true, against: [], supporting: 0 }])
  })

  test('a broken ledger is a failure, not an empty history', async () => {
    const host = memoryHost()
    const ledger = openLedger(host, '/ledger')
    await ledger.append([GATE])
    const [segment] = await segments(host)
    await host.files.writeAtomic(`/ledger/${segment}`, '{"kind":"gate"}\n')
    const found = await readHistory(openLedger(host, '/ledger'))
    expect(found).toMatchObject({
      ok: false,
      failure: { code: 'cli/ledger', fix: expect.stringContaining('plumb verify') },
    })
  })
})

async function segments(host: ReturnType<typeof memoryHost>): Promise<readonly string[]> {
  const listed = await host.files.list('/ledger')
  return listed.ok ? listed.value.map(({ name }) => name).filter((name) => name.endsWith('.jsonl')) : []
}
