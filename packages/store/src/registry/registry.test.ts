import { digestBytes, type Digest } from '@plumbline/core'
import { beforeEach, expect, test } from 'vitest'
import { openArtifacts } from '../artifacts/artifacts.ts'
import { type MemoryHost, memoryHost } from '../host/memory-host.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import type { LedgerBody } from '../ledger/record.ts'
import type { LedgerHead } from '../ledger/scan.ts'
import { openRegistry, type Registry, registryFailureText } from './registry.ts'

const FIRST = digestBytes('first')
const SECOND = digestBytes('second')
let host: MemoryHost
let ledger: Ledger
let registry: Registry

beforeEach(() => {
  host = memoryHost({ files: { '/p/first.onnx': 'first', '/p/second.onnx': 'second' }, now: Date.UTC(2026, 10, 22) })
  ledger = openLedger(host, '/p/.plumb/ledger')
  registry = openRegistry(host, ledger, openArtifacts(host, '/p/.plumb/artifacts'))
})

async function record(body: LedgerBody): Promise<LedgerHead> {
  const written = await ledger.append([body])
  if (!written.ok || written.value[0] === undefined) throw new Error('not written')
  return written.value[0]
}
const gate = (candidate: Digest, more: object = {}): Promise<LedgerHead> =>
  record({ kind: 'gate', open: true, model: 'champion', candidate, ...more })

test('no champion before the first promotion; then the last one promoted, also after a rollback', async () => {
  expect(await registry.champion('champion')).toEqual({ ok: true, value: undefined })
  const gateRecord = await gate(FIRST)
  const first = await registry.promote({
    model: 'champion',
    artifactPath: '/p/first.onnx',
    digest: FIRST,
    gateRecord,
    details: { by: 'ann', kind: 'x' },
  })
  expect(first).toMatchObject({
    ok: true,
    value: {
      digest: FIRST,
      source: '/p/first.onnx',
      gate: gateRecord,
      evidenceHead: gateRecord,
      promotedAt: '2026-11-22T00:00:00.000Z',
    },
  })
  const champion = await registry.champion('champion')
  expect(champion.ok && champion.value).toMatchObject({ digest: FIRST, gate: gateRecord, record: { seq: 2 } })
  expect(champion.ok && new TextDecoder().decode(host.disk.files.get(champion.value?.path ?? ''))).toBe('first')
  expect(await registry.champion('other')).toEqual({ ok: true, value: undefined })

  await registry.promote({
    model: 'champion',
    artifactPath: '/p/second.onnx',
    digest: SECOND,
    gateRecord: await gate(SECOND),
  })
  await registry.promote({
    model: 'champion',
    artifactPath: '/p/first.onnx',
    digest: FIRST,
    gateRecord: await gate(FIRST),
  })
  const history = await registry.history('champion')
  expect(history.ok && history.value.map(({ digest }) => digest)).toEqual([FIRST, SECOND, FIRST])
  expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 6 })
})

test('without an open gate for these bytes there is no promotion', async () => {
  const promote = async (gateRecord: LedgerHead, digest = FIRST) => {
    const result = await registry.promote({ model: 'champion', artifactPath: '/p/first.onnx', digest, gateRecord })
    return result.ok ? 'promoted' : registryFailureText(result.failure)
  }
  const open = await gate(FIRST)
  expect(await promote({ seq: 9, digest: FIRST })).toContain('no record 9')
  expect(await promote({ seq: open.seq, digest: FIRST })).toContain('no record 1 with the digest')
  expect(await promote(await record({ kind: 'evidence', open: true }))).toContain('not the decision of a gate')
  expect(await promote(await gate(FIRST, { open: 'true' }))).toContain('closed')
  expect(await promote(await gate(FIRST, { model: 'other' }))).toContain('another model')
  expect(await promote(await gate(SECOND))).toContain('other bytes')
  expect(await promote(open)).toContain('decided on the same bytes again')
  expect(await promote(await gate(SECOND), SECOND)).toContain(`has the digest ${FIRST}`)
  expect(await registry.champion('champion')).toEqual({ ok: true, value: undefined })
  expect(await promote(await gate(FIRST))).toBe('promoted')
})

test('a gate that closes while the promotion is on its way is seen', async () => {
  const gateRecord = await gate(FIRST)
  const other = openLedger(host, '/p/.plumb/ledger')
  let closing: Promise<unknown> | undefined
  const racing: Ledger = {
    ...ledger,
    append: async (bodies, options) => {
      closing ??= other.append([{ kind: 'gate', open: false, model: 'champion', candidate: FIRST }])
      await closing
      return ledger.append(bodies, options)
    },
  }
  const registryOfRace = openRegistry(host, racing, openArtifacts(host, '/p/.plumb/artifacts'))
  const result = await registryOfRace.promote({
    model: 'champion',
    artifactPath: '/p/first.onnx',
    digest: FIRST,
    gateRecord,
  })
  expect(result).toMatchObject({ ok: false, failure: { kind: 'no-open-gate' } })
  expect(await registry.champion('champion')).toEqual({ ok: true, value: undefined })
})

test('a champion whose copy was changed or lost is a failure', async () => {
  await registry.promote({
    model: 'champion',
    artifactPath: '/p/first.onnx',
    digest: FIRST,
    gateRecord: await gate(FIRST),
  })
  const champion = await registry.champion('champion')
  const path = champion.ok ? (champion.value?.path ?? '') : ''
  host.disk.files.set(path, new TextEncoder().encode('poisoned'))
  expect(await registry.champion('champion')).toMatchObject({
    ok: false,
    failure: { kind: 'artifact', failure: { kind: 'corrupt' } },
  })
  host.disk.files.delete(path)
  expect(await registry.champion('champion')).toMatchObject({
    ok: false,
    failure: { kind: 'artifact', failure: { kind: 'absent' } },
  })
})

test('a record that only says it is a promotion, and a ledger that was changed', async () => {
  await record({
    kind: 'promotion',
    model: 'champion',
    digest: 'sha256:../../../etc/passwd',
    source: 'x',
    promotedAt: '',
    gate: null,
    evidenceHead: null,
  })
  expect(await registry.champion('champion')).toMatchObject({ ok: false, failure: { kind: 'malformed', seq: 1 } })
  const path = '/p/.plumb/ledger/00000001.jsonl'
  const text = new TextDecoder().decode(host.disk.files.get(path))
  host.disk.files.set(path, new TextEncoder().encode(text.replace('"champion"', '"xhampion"')))
  expect(await registry.champion('champion')).toMatchObject({
    ok: false,
    failure: { kind: 'ledger', failure: { kind: 'broken' } },
  })
})
