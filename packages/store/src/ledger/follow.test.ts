import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HostErrorKind } from '@plumbline/core'
import { memoryHost, type MemoryHost } from '../host/memory-host.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { makeRecord } from './record.ts'
import type { LedgerPosition, ScanStep } from './scan.ts'

const DIRECTORY = '/ledger'
const SEGMENT = `${DIRECTORY}/00000001.jsonl`

async function read(ledger: Ledger, after?: LedgerPosition): Promise<readonly ScanStep[]> {
  const steps: ScanStep[] = []
  for await (const step of ledger.read(after)) steps.push(step)
  return steps
}
const positionOf = (step: ScanStep | undefined): LedgerPosition | undefined =>
  step?.ok === true ? { seq: step.record.seq, digest: step.record.digest, place: step.place } : undefined
const seqs = (steps: readonly ScanStep[]) => steps.map((step) => (step.ok ? step.record.seq : step.failure.kind))

async function ledgerOf(count: number, maxSegmentBytes = 8_000_000): Promise<{ host: MemoryHost; ledger: Ledger }> {
  const host = memoryHost()
  const ledger = openLedger(host, DIRECTORY, { maxSegmentBytes })
  for (let i = 1; i <= count; i++) await ledger.append([{ kind: 'e', i }])
  return { host, ledger }
}

test('reading on from any record gives what a whole reading gives after it, over segments', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.constantFrom(300, 700, 10_000), async (count, size) => {
      const { ledger } = await ledgerOf(count, size)
      const whole = await read(ledger)
      for (const [i, step] of whole.entries()) expect(await read(ledger, positionOf(step))).toEqual(whole.slice(i + 1))
    }),
    { numRuns: 30 },
  )
})

test('a follower sees each record once, whoever writes, and a line that is being written later', async () => {
  const { host, ledger } = await ledgerOf(0, 400)
  const other = openLedger(host, DIRECTORY, { maxSegmentBytes: 400 })
  let position: LedgerPosition | undefined
  const seen: number[] = []
  for (let round = 0; round < 12; round++) {
    await (round % 3 === 0 ? other : ledger).append(Array.from({ length: round % 4 }, () => ({ kind: 'e', round })))
    for (const step of await read(ledger, position)) {
      expect(step.ok).toBe(true)
      position = positionOf(step) ?? position
      if (step.ok) seen.push(step.record.seq)
    }
  }
  expect(seen).toEqual(Array.from({ length: 18 }, (_, i) => i + 1))

  const torn = await ledgerOf(2)
  const at = positionOf((await read(torn.ledger)).at(-1))
  const before = torn.host.disk.files.get(SEGMENT) ?? new Uint8Array()
  await torn.ledger.append([{ kind: 'e' }])
  const after = torn.host.disk.files.get(SEGMENT) ?? new Uint8Array()
  torn.host.disk.files.set(SEGMENT, after.slice(0, before.length + 30))
  expect(await read(torn.ledger, at)).toEqual([])
  torn.host.disk.files.set(SEGMENT, after)
  expect(seqs(await read(torn.ledger, at))).toEqual([3])
})

test('only the end is read: what was known before costs nothing', async () => {
  const { host, ledger } = await ledgerOf(30, 500)
  const position = positionOf((await read(ledger)).at(-1))
  const touched: string[] = []
  host.disk.fault = (operation, path): HostErrorKind | undefined => {
    touched.push(`${operation} ${path}`)
    return undefined
  }
  await read(ledger, position)
  expect(touched).toEqual([`list ${DIRECTORY}`, `readRange ${DIRECTORY}/${position?.place.file}`])
})

test('a ledger that is no longer the one that was read is broken', async () => {
  const { host, ledger } = await ledgerOf(5)
  const steps = await read(ledger)
  const third = positionOf(steps[2])
  const last = positionOf(steps[4])
  const bytes = host.disk.files.get(SEGMENT) ?? new Uint8Array()
  const rewritten = { ok: false, failure: { kind: 'broken', broken: { kind: 'rewritten' } } }

  host.disk.files.set(SEGMENT, bytes.slice(0, steps[4]?.ok === true ? steps[4].place.byteOffset : 0))
  expect(await read(ledger, last)).toMatchObject([rewritten])
  expect(seqs(await read(ledger, third))).toEqual([4])
  host.disk.files.delete(SEGMENT)
  expect(await read(ledger, last)).toMatchObject([rewritten])

  const { host: other } = await ledgerOf(0)
  await openLedger(other, DIRECTORY).append([1, 2, 3, 4, 5, 6].map((i) => ({ kind: 'x', i })))
  host.disk.files.set(SEGMENT, other.disk.files.get(SEGMENT) ?? new Uint8Array())
  expect(await read(ledger, third)).toMatchObject([rewritten])

  // The known record stands, and one that does not follow on it comes after.
  const lines = new TextDecoder().decode(bytes).split('\n')
  const stranger = makeRecord(4, `sha256:${'1'.repeat(64)}`, { kind: 'e' }).line.trimEnd()
  host.disk.files.set(SEGMENT, new TextEncoder().encode(lines.with(3, stranger).join('\n')))
  expect(await read(ledger, third)).toMatchObject([{ ok: false, failure: { broken: { kind: 'broken-chain' } } }])

  host.disk.files.set(SEGMENT, bytes)
  host.disk.fault = (operation) => (operation === 'readRange' ? 'permission' : undefined)
  expect(await read(ledger, third)).toMatchObject([{ ok: false, failure: { kind: 'host' } }])
})

test('select reads on from what it has read, and sees what others wrote meanwhile', async () => {
  const { host } = await ledgerOf(300, 4000)
  const other = openLedger(host, DIRECTORY, { maxSegmentBytes: 4000 })
  let bytes = 0
  const { readFile, readRange } = host.files
  const counted = openLedger(
    {
      ...host,
      files: {
        ...host.files,
        readFile: async (path) => {
          const data = await readFile(path)
          if (data.ok) bytes += data.value.length
          return data
        },
        readRange: async (...args) => {
          const data = await readRange(...args)
          if (data.ok) bytes += data.value.length
          return data
        },
      },
    },
    DIRECTORY,
  )
  const numbers = async () => {
    const read = await counted.select(({ body }) => body['i'] !== 7)
    return read.ok ? read.value.map(({ seq }) => seq) : read.failure.kind
  }
  const all = (last: number) => Array.from({ length: last }, (_, i) => i + 1).filter((seq) => seq !== 7)
  // Two at once read once.
  expect(await Promise.all([numbers(), numbers()])).toEqual([all(300), all(300)])
  const first = bytes
  expect(first).toBeGreaterThan(50_000)
  await other.append([{ kind: 'e', i: 301 }])
  expect(await numbers()).toEqual(all(301))
  await counted.append([{ kind: 'e', i: 302 }])
  expect(await numbers()).toEqual(all(302))
  expect(bytes - first).toBeLessThan(first / 10)
  expect(await other.verify()).toMatchObject({ kind: 'ok', records: 302 })
})

test('select of a ledger that was replaced reads the new one; of one whose end was changed, fails', async () => {
  const { host, ledger } = await ledgerOf(5)
  expect(await ledger.select()).toMatchObject({ ok: true, value: { length: 5 } })
  const { host: another } = await ledgerOf(3)
  const replaced = another.disk.files.get(SEGMENT) ?? new Uint8Array()
  host.disk.files.set(SEGMENT, replaced)
  expect(await ledger.select()).toMatchObject({ ok: true, value: { length: 3 } })
  host.disk.files.set(
    SEGMENT,
    replaced.map((byte, at) => (at === replaced.length - 200 ? byte ^ 1 : byte)),
  )
  expect(await ledger.select()).toMatchObject({ ok: false, failure: { kind: 'broken' } })
})
