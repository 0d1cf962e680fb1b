import { tableFromArrays, tableToIPC } from 'apache-arrow'
import { sql } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { loadArrowReading } from './arrow-result.ts'
import type { ExecuteOptions, SparkClient } from './client.ts'
import type { SessionRules } from '../engines/queued-session.ts'
import { sessionOn } from './session.ts'

/** A session whose statements are answered here. */
async function session(
  execute: (statement: string, options: ExecuteOptions) => Promise<readonly Uint8Array[]>,
  rules: SessionRules = {},
) {
  const arrow = await loadArrowReading()
  if (arrow === undefined) throw new Error('apache-arrow is not installed.')
  const client: SparkClient = { configure: () => Promise.resolve(), execute, close: () => Promise.resolve() }
  return sessionOn(client, arrow, rules)
}

const part = (columns: Record<string, readonly unknown[]>) =>
  tableToIPC(tableFromArrays(columns as Record<string, unknown[]>), 'stream')

/** Never answers; fails once it is aborted, as a stream that is cut does. */
const never = (_: string, { signal }: ExecuteOptions) =>
  new Promise<readonly Uint8Array[]>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(new Error('cut')), { once: true }),
  )

/** An error as the transport raises it. */
const raised = (message: string, code: number) => Object.assign(new Error(message), { code, rawMessage: message })

describe('results', () => {
  test('of several parts: cells as they are, 64-bit integers exact, missing ones null or NaN', async () => {
    const parts = [part({ n: [2n ** 60n, null], x: [0.5, null] }), part({ n: [-1n], x: [3] })]
    const on = await session(() => Promise.resolve(parts))
    const table = await on.query(sql`SELECT 1`)
    expect(table).toMatchObject({ ok: true, value: { rows: 3 } })
    if (!table.ok) return
    expect(table.value.columns.get('n')?.map(String)).toEqual([String(2n ** 60n), 'null', '-1'])
    expect(table.value.columns.get('x')).toEqual([0.5, null, 3])
    const numbers = await on.numbers(sql`SELECT 1`)
    expect(numbers.ok && numbers.value.map((column) => [...column])).toEqual([
      [2 ** 60, Number.NaN, -1],
      [0.5, Number.NaN, 3],
    ])
  })

  test('how far a statement is reaches whoever asks', async () => {
    const heard: unknown[] = []
    const on = await session(
      (_, { onProgress }) => {
        onProgress?.({ tasks: 8, done: 3 })
        return Promise.resolve([])
      },
      { onProgress: (progress) => heard.push(progress) },
    )
    await on.query(sql`SELECT 1`)
    expect(heard).toEqual([{ tasks: 8, done: 3 }])
  })

  test('statements run one after another, whoever asks first', async () => {
    let running = 0
    const most: number[] = []
    const on = await session(async () => {
      most.push(++running)
      await Promise.resolve()
      running--
      return []
    })
    await Promise.all([on.query(sql`SELECT 1`), on.numbers(sql`SELECT 2`), on.query(sql`SELECT 3`)])
    expect(most).toEqual([1, 1, 1])
  })
})

describe('failures are values', () => {
  test('what the server says of the statement concerns that statement only', async () => {
    const on = await session((statement) =>
      statement.includes('bad')
        ? Promise.reject(raised('[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012', 13))
        : Promise.resolve([]),
    )
    expect(await on.query(sql`SELECT bad`)).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', cause: 'Spark: Division by zero' },
    })
    expect((await on.query(sql`SELECT good`)).ok).toBe(true)
  })

  test('a lost connection answers no more, and is not asked again', async () => {
    let asked = 0
    const on = await session(() => {
      asked++
      return Promise.reject(raised('ECONNRESET', 14))
    })
    for (const _ of [1, 2])
      expect(await on.query(sql`SELECT 1`)).toMatchObject({ ok: false, error: { code: 'connection-lost' } })
    expect(asked).toBe(1)
  })

  test('a statement that takes too long, one that is interrupted, one that runs when the session ends', async () => {
    const slow = await session(never, { statementTimeoutMs: 5 })
    expect(await slow.query(sql`SELECT 1`)).toMatchObject({
      ok: false,
      error: { code: 'timeout', cause: expect.stringMatching(/longer than 5 ms.*statement_timeout/) },
    })
    const stop = new AbortController()
    const stopped = await session(never, { signal: stop.signal })
    const running = stopped.query(sql`SELECT 1`)
    stop.abort()
    expect(await running).toMatchObject({ ok: false, error: { code: 'interrupted' } })
    expect(await stopped.query(sql`SELECT 2`)).toMatchObject({ ok: false, error: { code: 'interrupted' } })
    const open = await session(never)
    const last = open.query(sql`SELECT 1`)
    await Promise.resolve()
    await open.close()
    expect(await last).toMatchObject({ ok: false, error: { code: 'interrupted' } })
  })
})
