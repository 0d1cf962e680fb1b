import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, identifier, sql } from '@plumbline/core'
import { type MemoryHost, memoryHost, nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fail } from '../duckdb/failure.ts'
import { pathList } from '../duckdb/paths.ts'
import { openSession } from '../duckdb/session.ts'
import type { LogColumns } from './columns.ts'
import type { Compact } from './compaction.ts'
import type { LogResult } from './failure.ts'
import { openRequestLog, type RequestLog, type RequestLogOptions } from './request-log.ts'
import type { LogCells, LoggedRow } from './row-text.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-requests-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const COLUMNS: LogColumns = { request: [{ name: 'n', kind: 'int' }], answer: [{ name: 'risk', kind: 'double' }] }
const AT = 1_767_744_000_000_000
const row = (n: number, more: Partial<LoggedRow> = {}): LoggedRow => ({
  requestId: `r${n}`,
  row: 0,
  at: AT + n,
  model: 'sha256:m',
  guard: 'accepted',
  clauses: [],
  request: { n },
  answer: { risk: n / 8 },
  ...more,
})
const valueOf = <T>(result: LogResult<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}
const opened = async (host: Host, directory: string, more: Partial<RequestLogOptions> = {}): Promise<RequestLog> =>
  valueOf(await openRequestLog({ host, directory, columns: COLUMNS, lockTimeoutMs: 0, ...more }))

/** The lines of all segments of a memory machine, headers left out; throws where one is no JSON. */
function linesOf(host: MemoryHost, directory: string): readonly { readonly _request_id: string; readonly n: number }[] {
  return [...host.disk.files]
    .filter(([path]) => path.startsWith(`${directory}/`) && path.endsWith('.jsonl'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, bytes]) => {
      const text = new TextDecoder().decode(bytes)
      if (text === '') return []
      expect(text.endsWith('\n')).toBe(true)
      const [header, ...rows] = text.trimEnd().split('\n')
      expect(JSON.parse(header ?? '')).toMatchObject({ format: 'plumbline/requests/1' })
      return rows.map((line) => JSON.parse(line) as { _request_id: string; n: number })
    })
}

async function parquetRows(directory: string, columns: readonly string[]): Promise<readonly (readonly unknown[])[]> {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const files = (await readdir(directory)).filter((name) => name.endsWith('.parquet')).toSorted()
  const found = await session.value.query(
    sql`SELECT * FROM read_parquet(${pathList(files.map((name) => join(directory, name)))}, union_by_name=true) ORDER BY ${identifier('_at')}`,
  )
  session.value.close()
  if (!found.ok) throw new Error(found.error.message)
  const cells = columns.map((name) => found.value.columns.get(name) ?? [])
  return Array.from({ length: found.value.rows }, (_, i) => cells.map((column) => column[i]))
}

describe('a row', () => {
  const columns: LogColumns = {
    request: [
      { name: 'Age', kind: 'int' },
      { name: 'age', kind: 'int' },
      { name: 'a "b"\n\',', kind: 'string' },
      { name: 'when', kind: 'timestamp' },
      { name: '_row', kind: 'int' },
    ],
    answer: [
      { name: 'risk', kind: 'double' },
      { name: 'decision', kind: 'bool' },
    ],
  }
  const text = 'a "b"\n\','
  const cases: readonly (readonly [LogCells, LogCells | null, readonly unknown[]])[] = [
    [
      { Age: 9223372036854775807n, age: -5, [text]: 'it\'s "q"\r\n\u2028\u2029\t\\', when: -1 },
      { risk: 5e-324, decision: true },
      [9223372036854775807n, -5n, 'it\'s "q"\r\n\u2028\u2029\t\\', -1n, 5e-324, true, null],
    ],
    [
      { Age: -(2n ** 63n), [text]: '\ud83d\ude00\u0000end', when: 253402300799999999n, _row: 7 },
      { risk: -0, decision: false },
      [-(2n ** 63n), null, '\ud83d\ude00\u0000end', 253402300799999999n, -0, false, 7n],
    ],
    [{ Age: null, [text]: '' }, { risk: Infinity, decision: null }, [null, null, '', null, Infinity, null, null]],
    [
      { [text]: '{"_request_id":"x"}' },
      { risk: -Infinity },
      [null, null, '{"_request_id":"x"}', null, -Infinity, null, null],
    ],
    // Half a surrogate pair is no text.
    [{ [text]: 'a\ud800b' }, { risk: Number.NaN }, [null, null, 'a\ufffdb', null, null, null, null]],
    [{ Age: 1 }, null, [1n, null, null, null, null, null, null]],
    [{ Age: 1 }, { risk: 0.1 + 0.2 }, [1n, null, null, null, 0.1 + 0.2, null, null]],
    [{ Age: 1 }, { risk: 1.7976931348623157e308 }, [1n, null, null, null, 1.7976931348623157e308, null, null]],
  ]

  test('comes back from Parquet as it was, whatever it holds', async () => {
    const directory = join(root, 'hostile [x]*')
    const log = await opened(nodeHost(), directory, { columns, limits: { segmentRows: cases.length } })
    const ids = cases.map((_, i) => `id "${i}"\u2028\ud800`)
    for (const [i, [request, answer]] of cases.entries()) {
      const more = {
        requestId: ids[i] ?? '',
        guard: 'withheld',
        clauses: ['a"b', 'c'],
        misfits: { age: 'x\n\udc00' },
      } as const
      valueOf(await log.append([row(i, { ...more, request, answer, model: i === 0 ? null : 'sha256:m' })]))
    }
    await log.close()
    expect(log.state()).toMatchObject({ rows: cases.length, closed: { uncompacted: 0, unreadable: 0 } })
    const cells = ['Age', 'age#2', text, 'when', 'risk', 'decision', '_row#2']
    expect(await parquetRows(directory, cells)).toEqual(cases.map(([, , expected]) => expected))
    const own = ['_at', '_request_id', '_row', '_model', '_guard', '_clauses', '_misfits']
    expect(await parquetRows(directory, own)).toEqual(
      cases.map((_, i) => [
        BigInt(AT + i),
        ids[i]?.toWellFormed(),
        0n,
        i === 0 ? null : 'sha256:m',
        'withheld',
        '["a\\"b","c"]',
        '{"age":"x\\n\ufffd"}',
      ]),
    )
  })

  test('longer than what can be read back is refused, with the others of its request', async () => {
    const host = memoryHost()
    const log = await opened(host, '/log')
    const long = row(1, { requestId: 'x'.repeat(5_000_000) })
    expect(await log.append([row(0), long])).toMatchObject({ ok: false, failure: { kind: 'too-large' } })
    valueOf(await log.append([row(2)]))
    expect(linesOf(host, '/log').map(({ n }) => n)).toEqual([2])
    expect(log.state()).toMatchObject({ rows: 1, refused: 2, failures: 1 })
  })
})

describe('group commit', () => {
  test('all rows of a turn of the event loop are one write', async () => {
    const host = memoryHost()
    let writes = 0
    host.disk.fault = (operation) => void (writes += operation === 'append' ? 1 : 0)
    const log = await opened(host, '/log')
    const opening = await log.append([row(0)])
    expect(opening.ok).toBe(true)
    writes = 0
    const results = await Promise.all(Array.from({ length: 500 }, (_, i) => log.append([row(i + 1), row(i + 501)])))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(writes).toBe(1)
    expect(linesOf(host, '/log')).toHaveLength(1001)
  })

  test('what waits for a disk that hangs is bounded, and written when it goes on', async () => {
    const host = memoryHost()
    const gate = Promise.withResolvers<void>()
    let hangs = false
    const slow: Host = {
      ...host,
      files: {
        ...host.files,
        async openAppend(path) {
          const file = await host.files.openAppend(path)
          if (!file.ok) return file
          const append: typeof file.value.append = async (data) => {
            if (hangs) await gate.promise
            return file.value.append(data)
          }
          return { ok: true, value: { ...file.value, append } }
        },
      },
    }
    const log = await opened(slow, '/log', { limits: { waiting: 5_000 } })
    valueOf(await log.append([row(0)]))
    hangs = true
    const appends = Array.from({ length: 200 }, (_, i) => log.append([row(i + 1)]))
    const refused = (await Promise.all(appends.slice(-50))).filter(({ ok }) => !ok)
    expect(refused).toHaveLength(50)
    expect(refused[0]).toMatchObject({ failure: { kind: 'overloaded' } })
    gate.resolve()
    const kept = (await Promise.all(appends)).filter(({ ok }) => ok).length
    expect(kept).toBeGreaterThan(10)
    expect(linesOf(host, '/log')).toHaveLength(kept + 1)
    expect(log.state()).toMatchObject({ rows: kept + 1, refused: 200 - kept, waitingRows: 0 })
  })
})

describe('a disk that refuses', () => {
  test('full: a value, nothing acknowledged is lost, no half line stays, and the log goes on when there is room', async () => {
    const host = memoryHost()
    const log = await opened(host, '/log')
    const acknowledged: number[] = []
    for (let n = 0; n < 300; n++) {
      // From the first row on now and then: also the header may be what does not fit.
      host.disk.capacity = n % 7 < 3 ? n * 60 : Number.POSITIVE_INFINITY
      const result = await log.append([row(n)])
      if (result.ok) acknowledged.push(n)
      else expect(result.failure).toMatchObject({ kind: 'host', error: { kind: 'no-space' } })
      expect(linesOf(host, '/log').map((line) => line.n)).toEqual(acknowledged)
    }
    expect(acknowledged.length).toBeGreaterThan(150)
    expect(acknowledged.length).toBeLessThan(290)
    expect(log.state()).toMatchObject({ rows: acknowledged.length, refused: 300 - acknowledged.length })
  })

  test('failing anywhere, also while it is cleaned up: acknowledged rows are there once, in order, and no other', async () => {
    let seed = 7
    const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647
    for (let round = 0; round < 40; round++) {
      const host = memoryHost()
      const sync = round % 2 === 1
      const log = await opened(host, '/log', { sync, compact: 'off', limits: { segmentRows: 9 } })
      const acknowledged: number[] = []
      let failed = 0
      for (let n = 0; n < 60; n++) {
        host.disk.fault = () => (random() < 0.3 ? 'io' : undefined)
        host.disk.capacity = random() < 0.3 ? n * 50 : Number.POSITIVE_INFINITY
        const results = await Promise.all([log.append([row(n)]), log.append([row(n + 1000), row(n + 2000)])])
        // Both wait in the same turn: they share their fate.
        expect(results[0]?.ok).toBe(results[1]?.ok)
        if (results[0]?.ok === true) acknowledged.push(n, n + 1000, n + 2000)
        else failed++
      }
      host.disk.fault = undefined
      host.disk.capacity = Number.POSITIVE_INFINITY
      valueOf(await log.append([row(9999)]))
      await log.close()
      expect(failed).toBeGreaterThan(5)
      expect(linesOf(host, '/log').map(({ n }) => n)).toEqual([...acknowledged, 9999])
    }
  })
})

describe('segments', () => {
  test('are closed at rows, bytes, seconds and midnight, and read as one', async () => {
    const host = nodeHost()
    let now = 0
    let time = Date.parse('2026-01-01T23:59:59.999Z')
    const clocked: Host = { ...host, clock: { now: () => time, monotonic: () => now } }
    const directory = join(root, 'rolled')
    const log = await opened(clocked, directory, {
      limits: { segmentRows: 4, segmentBytes: 2_000, segmentSeconds: 60 },
    })
    for (let n = 0; n < 4; n++) valueOf(await log.append([row(n)]))
    valueOf(await log.append([row(4, { requestId: 'x'.repeat(3_000) })]))
    valueOf(await log.append([row(5)]))
    now = 60_000
    valueOf(await log.append([row(6)]))
    time++
    valueOf(await log.append([row(7)]))
    await log.close()
    expect((await readdir(directory)).filter((name) => name !== 'writer.lock')).toEqual([
      `000000000001_${AT}_${AT + 3}_4.parquet`,
      `000000000002_${AT + 4}_${AT + 4}_1.parquet`,
      `000000000003_${AT + 5}_${AT + 5}_1.parquet`,
      `000000000004_${AT + 6}_${AT + 6}_1.parquet`,
      '000000000005.jsonl',
    ])
    const again = await opened(clocked, directory)
    await again.close()
    expect((await parquetRows(directory, ['n'])).flat()).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n])
  })

  test('that cannot become Parquet stay lines, are counted, and are tried again', async () => {
    const host = memoryHost()
    let failing = 2
    const compact: Compact = async ({ target, rows }) => {
      await host.files.writeAtomic(target, 'parquet')
      return failing-- > 0
        ? fail('io', 'No space left on device')
        : { ok: true, value: { rows: rows ?? 0, from: 1, to: 2, unreadable: 0 } }
    }
    const log = await opened(host, '/log', { compact, limits: { segmentRows: 2 } })
    for (let n = 0; n < 2; n++) valueOf(await log.append([row(n)]))
    await log.close()
    const lastFailure = { kind: 'compaction', file: '000000000001.jsonl', cause: 'No space left on device' }
    expect(log.state().closed).toMatchObject({ uncompacted: 1, compactionFailures: 1, lastFailure })
    expect(linesOf(host, '/log').map(({ n }) => n)).toEqual([0, 1])
    expect([...host.disk.files.keys()].filter((path) => path.endsWith('.tmp'))).toEqual([])
    // The second failure is at opening; the next segment makes it try again.
    const again = await opened(host, '/log', { compact, limits: { segmentRows: 2 } })
    for (let n = 2; n < 4; n++) valueOf(await again.append([row(n)]))
    await again.close()
    expect(again.state().closed).toMatchObject({ segments: 2, uncompacted: 0, compactionFailures: 1 })
    expect(linesOf(host, '/log')).toEqual([])
  })

  test('are removed from the oldest on above the bound, and counted', async () => {
    const directory = join(root, 'bounded')
    const limits = { segmentRows: 20, bytes: 20_000 }
    const log = await opened(nodeHost(), directory, { limits })
    for (let n = 0; n < 400; n++) valueOf(await log.append([row(n)]))
    await log.close()
    const state = log.state()
    expect(state.bytes).toBeLessThanOrEqual(limits.bytes)
    expect(state.closed.removed.segments).toBeGreaterThan(2)
    expect(state.closed.removed.rows).toBe(state.closed.removed.segments * 20)
    const kept = (await parquetRows(directory, ['n'])).flat()
    expect(kept).toEqual(
      Array.from({ length: 400 - state.closed.removed.rows }, (_, i) => BigInt(i + state.closed.removed.rows)),
    )
  })
})

describe('opening', () => {
  test('a directory that another writes into is refused in words, and had when it is free', async () => {
    const directory = join(root, 'locked')
    const first = await opened(nodeHost(), directory)
    const second = await openRequestLog({ host: nodeHost(), directory, columns: COLUMNS, lockTimeoutMs: 20 })
    expect(second).toEqual({ ok: false, failure: { kind: 'in-use', directory } })
    await first.close()
    expect(await first.append([row(0)])).toMatchObject({ ok: false, failure: { kind: 'closed' } })
    await (await opened(nodeHost(), directory)).close()
  })

  test('puts in order what a crash left: torn lines, half-made files, lines that are in Parquet already', async () => {
    const directory = join(root, 'crashed')
    const host = nodeHost()
    const log = await opened(host, directory, { limits: { segmentRows: 3 } })
    for (let n = 0; n < 8; n++) valueOf(await log.append([row(n)]))
    await log.close()
    const open = join(directory, '000000000003.jsonl')
    await host.files.append(open, '{"_at":1,"_request_id":"torn","n":9')
    await writeFile(join(directory, '000000000003.tmp'), 'half')
    await writeFile(join(directory, '000000000001.jsonl'), '{"_request_id":"doubled"}\n')
    await writeFile(join(directory, '000000000004.jsonl'), '{"format":"plum')
    await writeFile(join(directory, 'notes.txt'), 'not ours')
    const again = await opened(host, directory, { limits: { segmentRows: 3 } })
    valueOf(await again.append([row(8)]))
    await again.close()
    expect(again.state()).toMatchObject({ recovered: { torn: 2, leftovers: 2 } })
    expect((await readdir(directory)).toSorted()).toEqual([
      `000000000001_${AT}_${AT + 2}_3.parquet`,
      `000000000002_${AT + 3}_${AT + 5}_3.parquet`,
      `000000000003_${AT + 6}_${AT + 7}_2.parquet`,
      '000000000004.jsonl',
      'notes.txt',
      'writer.lock',
    ])
    expect((await parquetRows(directory, ['n'])).flat()).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n])
  })

  test('after a crash at any byte: every whole line is kept, nothing else, and the next row is a line of its own', async () => {
    const host = memoryHost()
    const log = await opened(host, '/log', { compact: 'off' })
    for (let n = 0; n < 3; n++) valueOf(await log.append([row(n, { requestId: `é\u2028${n}` })]))
    await log.close()
    const path = '/log/000000000001.jsonl'
    const whole = host.disk.files.get(path) ?? new Uint8Array()
    const ends = [...whole].flatMap((byte, i) => (byte === 10 ? [i + 1] : []))
    for (let size = 0; size <= whole.length; size++) {
      for (const file of host.disk.files.keys()) host.disk.files.delete(file)
      host.disk.files.set(path, whole.slice(0, size))
      const again = await opened(host, '/log', { compact: 'off' })
      valueOf(await again.append([row(9)]))
      await again.close()
      const kept = Math.max(0, ends.filter((end) => end <= size).length - 1)
      expect([size, linesOf(host, '/log').map(({ n }) => n)]).toEqual([size, [...[0, 1, 2].slice(0, kept), 9]])
      expect(again.state().recovered.torn).toBe(size === 0 || ends.includes(size) ? 0 : 1)
    }
  })

  test('a segment keeps the columns it was written with; lines that are none are left out, and counted', async () => {
    const directory = join(root, 'changed')
    const host = nodeHost()
    const log = await opened(host, directory)
    valueOf(await log.append([row(0)]))
    await log.close()
    // What a loss of power can leave in the middle of a file.
    await host.files.append(join(directory, '000000000001.jsonl'), `${'\0'.repeat(50)}\n{"_at":}\n`)
    const columns: LogColumns = { request: [{ name: 'other', kind: 'string' }], answer: [] }
    const again = await opened(host, directory, { columns, limits: { segmentRows: 1 } })
    valueOf(await again.append([row(1, { request: { other: 'x' }, answer: {} })]))
    await again.close()
    expect(again.state().closed).toMatchObject({ uncompacted: 0, unreadable: 2 })
    expect(await parquetRows(directory, ['n', 'risk', 'other'])).toEqual([
      [0n, 0, null],
      [null, null, 'x'],
    ])
  })

  test('a directory that cannot be made or read is a value', async () => {
    const fault = () => 'permission' as const
    expect(await openRequestLog({ host: memoryHost({ fault }), directory: '/log', columns: COLUMNS })).toMatchObject({
      ok: false,
      failure: { kind: 'host', error: { kind: 'permission' } },
    })
  })
})
