import { execFileSync } from 'node:child_process'
import { canonicalJson, digestBytes } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { memoryHost, type MemoryHost } from '../host/memory-host.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { GENESIS, makeRecord } from './record.ts'

const DIRECTORY = '/project/.plumb/ledger'
const SEGMENT = `${DIRECTORY}/00000001.jsonl`

async function ledgerOf(count: number, maxSegmentBytes?: number): Promise<{ host: MemoryHost; ledger: Ledger }> {
  const host = memoryHost()
  const ledger = openLedger(host, DIRECTORY, maxSegmentBytes === undefined ? {} : { maxSegmentBytes })
  for (let i = 1; i <= count; i++) await ledger.append([{ kind: 'evidence', i, says: 'é€😀' }])
  return { host, ledger }
}

const text = (host: MemoryHost, path: string): string => new TextDecoder().decode(host.disk.files.get(path))

describe('append and read', () => {
  test('what was appended is read back in order, with the acknowledged digests', async () => {
    const { host, ledger } = await ledgerOf(0)
    const first = await ledger.append([{ kind: 'run', a: 1 }])
    const more = await ledger.append([
      { kind: 'evidence', big: { $int64: '9223372036854775807' } },
      { kind: 'evidence', x: null },
    ])
    const records = await ledger.select()
    expect(records.ok && records.value.map(({ seq, body }) => [seq, body.kind])).toEqual([
      [1, 'run'],
      [2, 'evidence'],
      [3, 'evidence'],
    ])
    const acknowledged = [first, more].flatMap((result) => (result.ok ? result.value : []))
    expect(records.ok && records.value.map(({ seq, digest }) => ({ seq, digest }))).toEqual(acknowledged)
    expect(await ledger.verify()).toEqual({ kind: 'ok', records: 3, head: acknowledged[2] })
    expect(await ledger.head()).toEqual({ ok: true, value: acknowledged[2] })
    expect(text(host, SEGMENT).split('\n')).toHaveLength(4)
  })

  test('the format is what the documentation says, so that other tools can check it', async () => {
    const { host } = await ledgerOf(2)
    const [first = '', second = ''] = text(host, SEGMENT).split('\n')
    const covered = `{"body":{"i":1,"kind":"evidence","says":"é€😀"},"prev":"${GENESIS}","seq":1,"v":1}`
    const digest = digestBytes(covered)
    expect(first).toBe(covered.replace(',"prev"', `,"digest":"${digest}","prev"`))
    expect(first).toBe(canonicalJson(JSON.parse(first)))
    expect(JSON.parse(second)).toMatchObject({ seq: 2, prev: digest })
  })

  test('a ledger that does not exist is empty, and reading does not make it', async () => {
    const { host, ledger } = await ledgerOf(0)
    expect(await ledger.verify()).toEqual({ kind: 'ok', records: 0, head: { seq: 0, digest: GENESIS } })
    expect(await ledger.select()).toEqual({ ok: true, value: [] })
    expect(host.disk.files.size).toBe(0)
  })

  test('appends of one process queue, those of two ledgers interleave', async () => {
    const { host, ledger } = await ledgerOf(0)
    const other = openLedger(host, DIRECTORY)
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 3 === 0 ? other : ledger).append([
          { kind: 'e', i },
          { kind: 'e', i },
        ]),
      ),
    )
    const seqs = results.flatMap((result) => (result.ok ? result.value.map(({ seq }) => seq) : []))
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
    expect(results.every((result) => result.ok && result.value[1]?.seq === (result.value[0]?.seq ?? 0) + 1)).toBe(true)
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 80 })
  })

  test('segments rotate, also for a ledger opened later, and a batch stays in one', async () => {
    const { host, ledger } = await ledgerOf(12, 600)
    const names = [...host.disk.files.keys()].filter((path) => path.endsWith('.jsonl'))
    expect(names.length).toBeGreaterThan(4)
    const later = openLedger(host, DIRECTORY, { maxSegmentBytes: 600 })
    expect(await later.head()).toEqual(await ledger.head())
    await later.append(Array.from({ length: 9 }, (_, i) => ({ kind: 'e', i })))
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 21 })
    expect(text(host, `${DIRECTORY}/0000000${names.length + 1}.jsonl`).split('\n')).toHaveLength(10)
  })

  test('a body without canonical form is refused, and nothing of its batch is written', async () => {
    const { ledger } = await ledgerOf(1)
    const result = await ledger.append([{ kind: 'a' }, { kind: 'b', text: 'lone \ud800' }])
    expect(result).toMatchObject({ ok: false, failure: { kind: 'body' } })
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 1 })
    expect(await ledger.append([{ kind: 'c' }])).toMatchObject({ ok: true, value: [{ seq: 2 }] })
  })

  test('a record that must follow on a certain one is not written after another', async () => {
    const { ledger } = await ledgerOf(2)
    const head = await ledger.head()
    if (!head.ok) throw new Error('no head')
    const after = head.value.digest
    expect(await ledger.append([{ kind: 'a' }], { after })).toMatchObject({ ok: true, value: [{ seq: 3 }] })
    expect(await ledger.append([{ kind: 'b' }], { after })).toMatchObject({
      ok: false,
      failure: { kind: 'moved', seq: 3 },
    })
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 3 })
  })

  test('a member called __proto__ survives', async () => {
    const { ledger } = await ledgerOf(0)
    await ledger.append([{ kind: 'e', row: JSON.parse('{"__proto__":1,"\\"; DROP TABLE x; --":2}') }])
    const records = await ledger.select()
    expect(records.ok && Object.keys(records.value[0]?.body['row'] ?? {})).toEqual(['"; DROP TABLE x; --', '__proto__'])
  })
})

describe('a writer that was killed', () => {
  test('an unfinished line is reported, moved aside by the next writer, and nothing acknowledged is lost', async () => {
    const { host } = await ledgerOf(3)
    const whole = host.disk.files.get(SEGMENT) ?? new Uint8Array()
    for (const kept of [whole.length - 1, whole.length - 60, whole.length - 200]) {
      const disk = memoryHost({ files: { [SEGMENT]: whole.slice(0, kept) } })
      const ledger = openLedger(disk, DIRECTORY)
      const lines = new TextDecoder().decode(whole.slice(0, kept)).split('\n').length
      const place = { file: '00000001.jsonl', line: lines }
      expect(await ledger.verify()).toMatchObject({ kind: 'broken', broken: { kind: 'torn-tail', place } })
      expect(await ledger.select()).toMatchObject({ ok: true, value: { length: lines - 1 } })
      expect(await ledger.append([{ kind: 'after' }])).toMatchObject({ ok: true, value: [{ seq: lines }] })
      expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: lines })
      const aside = [...disk.disk.files].filter(([path]) => path.endsWith('.torn'))
      expect(aside).toHaveLength(1)
      expect(
        text(disk, SEGMENT).split('\n').slice(0, -2).join('\n') + '\n' + new TextDecoder().decode(aside[0]?.[1]),
      ).toBe(new TextDecoder().decode(whole.slice(0, kept)))
    }
  })

  test('a torn first line of a new segment', async () => {
    const { host, ledger } = await ledgerOf(4, 600)
    const files = [...host.disk.files.keys()].filter((path) => path.endsWith('.jsonl'))
    host.disk.files.set(`${DIRECTORY}/0000000${files.length + 1}.jsonl`, new TextEncoder().encode('{"body":'))
    expect(await ledger.verify()).toMatchObject({ kind: 'broken', broken: { kind: 'torn-tail', place: { line: 1 } } })
    expect(await openLedger(host, DIRECTORY).append([{ kind: 'e' }])).toMatchObject({ ok: true, value: [{ seq: 5 }] })
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 5 })
  })
})

describe('a ledger that was tampered with', () => {
  test('is not written to', async () => {
    const { host, ledger } = await ledgerOf(3)
    host.disk.files.set(SEGMENT, new TextEncoder().encode(text(host, SEGMENT).replace('"i":2', '"i":7')))
    expect(await openLedger(host, DIRECTORY).append([{ kind: 'e' }])).toMatchObject({
      ok: false,
      failure: { kind: 'broken', broken: { kind: 'changed', place: { line: 2 } } },
    })
    expect(await ledger.select()).toMatchObject({ ok: false })
  })

  test('a record replaced together with its digest breaks the chain at the next one', async () => {
    const { host, ledger } = await ledgerOf(3)
    const lines = text(host, SEGMENT).split('\n')
    const old = JSON.parse(lines[1] ?? '')
    lines[1] = makeRecord(2, old.prev, { kind: 'evidence', i: 7 }).line.trimEnd()
    host.disk.files.set(SEGMENT, new TextEncoder().encode(lines.join('\n')))
    expect(await ledger.verify()).toMatchObject({
      kind: 'broken',
      broken: { kind: 'broken-chain', place: { line: 3 } },
    })
  })

  test('absent and strange segments', async () => {
    const { host, ledger } = await ledgerOf(8, 600)
    const second = host.disk.files.get(`${DIRECTORY}/00000002.jsonl`) ?? new Uint8Array()
    host.disk.files.delete(`${DIRECTORY}/00000002.jsonl`)
    expect(await ledger.verify()).toMatchObject({
      kind: 'broken',
      broken: { kind: 'missing-segment', place: { file: '00000002.jsonl' } },
    })
    host.disk.files.set(`${DIRECTORY}/00000002.jsonl`, second)
    host.disk.files.set(`${DIRECTORY}/copy.jsonl`, second)
    expect(await ledger.verify()).toMatchObject({
      kind: 'broken',
      broken: { kind: 'unknown-file', place: { file: 'copy.jsonl' } },
    })
  })
})

describe('a head kept elsewhere', () => {
  test('is found at the end and as an ancestor; a cut tail and a rewrite are told apart', async () => {
    const { host, ledger } = await ledgerOf(3)
    const head = await ledger.head()
    if (!head.ok) throw new Error('no head')
    const expectHead = head.value
    expect(await ledger.verify({ expectHead })).toMatchObject({ kind: 'ok', unchangedSince: expectHead })
    await ledger.append([{ kind: 'e' }])
    expect(await ledger.verify({ expectHead: { digest: expectHead.digest } })).toMatchObject({
      kind: 'ok',
      records: 4,
      unchangedSince: expectHead,
    })
    const cut = text(host, SEGMENT).split('\n').slice(0, 2).join('\n')
    host.disk.files.set(SEGMENT, new TextEncoder().encode(`${cut}\n`))
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 2 })
    const place = { file: '00000001.jsonl', line: 2 }
    expect(await ledger.verify({ expectHead })).toMatchObject({ kind: 'broken', broken: { kind: 'cut-tail', place } })
    expect(await ledger.verify({ expectHead: { digest: expectHead.digest } })).toMatchObject({
      kind: 'broken',
      broken: { kind: 'cut-tail' },
    })
    const { ledger: other } = await ledgerOf(0)
    await other.append([1, 2, 3, 4].map((i) => ({ kind: 'other', i })))
    expect(await other.verify({ expectHead })).toMatchObject({ kind: 'broken', broken: { kind: 'rewritten' } })
    expect(await other.verify({ expectHead: { seq: 0, digest: GENESIS } })).toMatchObject({ kind: 'ok' })
  })
})

test('an independent program agrees on every digest and link', async (context) => {
  const { host } = await ledgerOf(5)
  const check = `
import sys, json, hashlib
prev = "sha256:" + "0" * 64
for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
    r = json.loads(line)
    rest = {k: v for k, v in r.items() if k != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert r["digest"] == "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert r["prev"] == prev
    prev = r["digest"]
print(prev)
`
  let output: string
  try {
    output = execFileSync('python3', ['-c', check], { input: text(host, SEGMENT), encoding: 'utf8' })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      return context.skip('there is no Python here')
    throw cause
  }
  expect(output.trim()).toBe(JSON.parse(text(host, SEGMENT).trim().split('\n').at(-1) ?? '').digest)
})
