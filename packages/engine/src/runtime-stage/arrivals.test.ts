import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import { declaredRequests, logColumnsOf } from '../requests/request-columns.ts'
import { openRequestLog, type RequestLog } from '../requests/request-log.ts'
import { BEGIN, DAY, requestProgram, requestRow } from '../testing/request-window.ts'
import { type Arrivals, lookForArrivals, nothingSeen, type SeenLog } from './arrivals.ts'

const host = nodeHost()
const program = requestProgram('  grown: { says: a, of: requests, every: age >= 18 }')
const declared = declaredRequests(program)
if (declared === undefined) throw new Error('no requests')
const columns = logColumnsOf(declared)
let base = ''
let directory = ''
let session: Session
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-arrivals-'))
  const opened = await openSession({ threads: 1 })
  if (!opened.ok) throw new Error(opened.error.cause)
  session = opened.value
})
beforeEach(() => {
  directory = join(base, String(count++))
})
afterAll(async () => {
  session.close()
  await rm(base, { recursive: true, force: true })
})

async function writing(segmentRows = 1000): Promise<RequestLog> {
  const log = await openRequestLog({ host, directory, columns, limits: { segmentRows } })
  if (!log.ok) throw new Error(JSON.stringify(log.failure))
  return log.value
}
async function add(log: RequestLog, ...days: readonly number[]): Promise<void> {
  for (const day of days) {
    const row = requestRow(0, { requestId: `r${Math.random()}`, at: Math.round(BEGIN + day * DAY) })
    if (!(await log.append([row])).ok) throw new Error('not written')
  }
}
async function look(seen: SeenLog = nothingSeen(DAY)): Promise<Arrivals> {
  const found = await lookForArrivals({ host, session, directory, columns }, seen)
  if (!found.ok) throw new Error(found.failure.cause)
  return found.value
}
const days = ({ touched }: Arrivals): Readonly<Record<string, number>> =>
  Object.fromEntries([...touched].map(([from, rows]) => [(from - BEGIN) / DAY, rows]))

describe('rows that came since the last look', () => {
  test('are found by day, each once, whatever becomes of their segments', async () => {
    expect(await look()).toEqual({ seen: nothingSeen(DAY), touched: new Map(), truncated: false, absent: 0 })
    const log = await writing(4)
    await add(log, 0, 0.5, 1)
    const first = await look()
    expect(days(first)).toEqual({ 0: 2, 1: 1 })
    expect(first).toMatchObject({ earliest: BEGIN, latest: BEGIN + DAY, truncated: false })
    expect(days(await look(first.seen))).toEqual({})
    // Late rows, and enough of others that the segment is closed and becomes Parquet.
    await add(log, 0.25, 2, 2, 2)
    const second = await look(first.seen)
    expect(days(second)).toEqual({ 0: 1, 2: 3 })
    await log.close()
    await (await writing()).close()
    expect((await readdir(directory)).filter((name) => name.endsWith('.jsonl'))).toEqual([])
    const third = await look(second.seen)
    expect(days(third)).toEqual({})
    expect(third.seen).toEqual({ width: DAY, upTo: 2, later: {} })
    expect(JSON.parse(JSON.stringify(second.seen))).toEqual(second.seen)
  })

  test('agree with counting, for every way to cut the log and the looks', async () => {
    let seed = 7
    const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n
    for (let round = 0; round < 6; round++) {
      directory = join(base, String(count++))
      const expected = new Map<number, number>()
      const found = new Map<number, number>()
      let seen = nothingSeen(DAY)
      for (let part = 0; part < 4; part++) {
        const log = await writing(1 + random(6))
        for (let burst = 0; burst < 3; burst++) {
          for (let i = random(8); i > 0; i--) {
            const day = random(5) - 2
            expected.set(BEGIN + day * DAY, (expected.get(BEGIN + day * DAY) ?? 0) + 1)
            await add(log, day + random(1000) / 1001)
          }
          const looked = await look(seen)
          seen = JSON.parse(JSON.stringify(looked.seen))
          for (const [from, rows] of looked.touched) found.set(from, (found.get(from) ?? 0) + rows)
        }
        await log.close()
      }
      expect(new Map([...found].toSorted())).toEqual(new Map([...expected].toSorted()))
      expect(new Map([...(await look()).touched].toSorted())).toEqual(new Map([...expected].toSorted()))
    }
  })

  test('a log whose oldest segments were removed says so, and what was seen of them is not missed', async () => {
    const log = await writing(2)
    await add(log, 0, 0, 1, 1, 2, 2)
    await log.close()
    const before = await look()
    const [oldest = ''] = (await readdir(directory)).filter((name) => name.startsWith('000000000001'))
    await unlink(join(directory, oldest))
    const after = await look(before.seen)
    expect(after).toMatchObject({ truncated: true, earliest: BEGIN + DAY, absent: 0 })
    expect(days(after)).toEqual({})
    const [middle = ''] = (await readdir(directory)).filter((name) => name.startsWith('000000000002'))
    await unlink(join(directory, middle))
    expect(await look(before.seen)).toMatchObject({ truncated: true, absent: 0 })
  })

  test('a log that was begun anew is seen anew', async () => {
    const log = await writing(1)
    await add(log, 0, 0, 1)
    await log.close()
    const before = await look()
    await rm(directory, { recursive: true })
    const other = await writing(1)
    await add(other, 0)
    await other.close()
    expect(days(await look(before.seen))).toEqual({ 0: 1 })
  })
})
