import { digestBytes, type Digest } from '@plumbline/core'
import { beforeEach, expect, test } from 'vitest'
import { openArtifacts } from '../artifacts/artifacts.ts'
import { type MemoryHost, memoryHost } from '../host/memory-host.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import type { LedgerBody } from '../ledger/record.ts'
import type { LedgerHead } from '../ledger/scan.ts'
import { versionBefore } from './lineage.ts'
import type { Promotion } from './promotion.ts'
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

test('the gate of staging gives no right to promote, and takes none away', async () => {
  const request = { model: 'champion', artifactPath: '/p/first.onnx', digest: FIRST } as const
  const staging = await gate(FIRST, { environment: 'staging' })
  const refused = await registry.promote({ ...request, gateRecord: staging })
  expect(refused.ok ? '' : registryFailureText(refused.failure)).toContain('decided for staging')
  const production = await gate(FIRST, { environment: 'production' })
  await gate(FIRST, { environment: 'staging', open: false })
  expect(await registry.promote({ ...request, gateRecord: production })).toMatchObject({ ok: true })
})

const promoteNow = async (digest: Digest, more: object = {}): Promise<Promotion> => {
  const artifactPath = digest === FIRST ? '/p/first.onnx' : '/p/second.onnx'
  const result = await registry.promote({
    model: 'champion',
    artifactPath,
    digest,
    gateRecord: await gate(digest),
    ...more,
  })
  if (!result.ok) throw new Error(registryFailureText(result.failure))
  return result.value
}
const historyNow = async (): Promise<readonly Promotion[]> => {
  const history = await registry.history('champion')
  if (!history.ok) throw new Error(registryFailureText(history.failure))
  return history.value
}

test('a promotion keeps the digests of the data, and writes what belongs to it in the same step', async () => {
  const data = { accounts: { digest: `bytes:${FIRST}`, files: [{ name: 'data/accounts.csv', digest: FIRST }] } }
  const event = { kind: 'event', event: { kind: 'version.promoted' } }
  await promoteNow(FIRST, { data, also: [event] })
  expect((await historyNow())[0]).toMatchObject({ digest: FIRST, data })
  const records = await ledger.select()
  expect(records.ok && records.value.map(({ body }) => body.kind)).toEqual(['gate', 'promotion', 'event'])
  for (const bad of [
    [],
    { accounts: { digest: 'x' } },
    { accounts: { digest: 'x', files: [{ name: 'a', digest: '../x' }] } },
  ]) {
    await promoteNow(SECOND, { data: bad })
    expect(await registry.history('champion')).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
    host.disk.files.delete('/p/.plumb/ledger/00000001.jsonl')
  }
})

test('a rollback brings back the version before, with its data and its right, and says why', async () => {
  const rollback = (from: Digest, to: Digest, reason = 'evidence-1') =>
    registry.rollback({ model: 'champion', from, to, reason, also: [{ kind: 'event' }] })
  const first = await promoteNow(FIRST, { data: { accounts: { digest: 'bytes:1', files: [] } } })
  expect(await rollback(FIRST, SECOND)).toMatchObject({ ok: false, failure: { kind: 'not-before' } })
  await promoteNow(SECOND)
  expect(await rollback(FIRST, FIRST)).toMatchObject({ ok: false, failure: { kind: 'not-before' } })
  expect(await rollback(SECOND, SECOND)).toMatchObject({ ok: false, failure: { kind: 'not-before' } })
  expect(versionBefore(await historyNow())?.digest).toBe(FIRST)
  const back = await rollback(SECOND, FIRST)
  expect(back).toMatchObject({
    ok: true,
    value: { digest: FIRST, gate: first.gate, data: first.data, rollback: { reason: 'evidence-1', from: SECOND } },
  })
  const champion = await registry.champion('champion')
  expect(champion.ok && champion.value).toMatchObject({ digest: FIRST, rollback: { reason: 'evidence-1' } })
  expect(versionBefore(await historyNow())).toBeUndefined()
  expect(await rollback(FIRST, SECOND)).toMatchObject({ ok: false, failure: { kind: 'not-before' } })
  await promoteNow(SECOND)
  expect(versionBefore(await historyNow())?.digest).toBe(FIRST)
  await promoteNow(SECOND)
  expect(versionBefore(await historyNow())?.digest, 'promoted twice, it is still one version').toBe(FIRST)
  host.disk.files.delete(champion.ok ? (champion.value?.path ?? '') : '')
  expect(await rollback(SECOND, FIRST)).toMatchObject({ ok: false, failure: { kind: 'artifact' } })
  expect(await ledger.verify()).toMatchObject({ kind: 'ok' })
})

test('others who write meanwhile do not keep a version from being brought back', async () => {
  await promoteNow(FIRST)
  await promoteNow(SECOND)
  let writes = 0
  const other = openLedger(host, '/p/.plumb/ledger')
  const racing: Ledger = {
    ...ledger,
    append: async (bodies, options) => {
      if (writes++ < 5) await other.append([{ kind: 'evidence' }])
      return ledger.append(bodies, options)
    },
  }
  const busy = openRegistry(host, racing, openArtifacts(host, '/p/.plumb/artifacts'))
  expect(await busy.rollback({ model: 'champion', from: SECOND, to: FIRST, reason: 'x' })).toMatchObject({ ok: true })
  expect((await historyNow()).map(({ digest }) => digest)).toEqual([FIRST, SECOND, FIRST])
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
