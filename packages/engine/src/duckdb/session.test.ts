import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integerLiteral, sql, textLiteral } from '@plumbline/core'
import { expect, test } from 'vitest'
import { parseFailure } from './failure.ts'
import { openSession, type Session } from './session.ts'

async function opened(signal?: AbortSignal): Promise<Session> {
  const session = await openSession({ threads: 1, ...(signal === undefined ? {} : { signal }) })
  if (!session.ok) throw new Error(session.error.cause)
  return session.value
}

test('values come exact, by column', async () => {
  const session = await opened()
  const result = await session.query(
    sql`SELECT 9223372036854775807 AS "big", 170141183460469231731687303715884105727::HUGEINT AS "huge", 'NaN'::DOUBLE AS "nan",
        '-inf'::DOUBLE AS "inf", NULL AS "none", TRUE AS "yes", 'a''b' AS "text", TIMESTAMP '1969-12-31 23:59:59.5' AS "at"`,
  )
  expect(result.ok && Object.fromEntries([...result.value.columns].map(([name, cells]) => [name, cells[0]]))).toEqual({
    big: 9223372036854775807n,
    huge: 170141183460469231731687303715884105727n,
    nan: Number.NaN,
    inf: -Infinity,
    none: null,
    yes: true,
    text: "a'b",
    at: -500_000n,
  })
  const none = await session.query(sql`SELECT 1 AS "a" WHERE FALSE`)
  expect(none).toMatchObject({ ok: true, value: { rows: 0 } })
  const numbers = await session.numbers(sql`SELECT range::DOUBLE, CASE WHEN range < 2 THEN range END FROM range(5000)`)
  expect(
    numbers.ok && [numbers.value[0]?.length, numbers.value[0]?.[4999], numbers.value[1]?.[1], numbers.value[1]?.[2]],
  ).toEqual([5000, 4999, 1, Number.NaN])
  session.close()
})

test('a statement that fails is a value with the place; the session goes on', async () => {
  const session = await opened()
  const failed = await session.query(sql`SELECT nope FROM (SELECT 1 AS "a")`)
  expect(failed).toMatchObject({ ok: false, error: { code: 'query', offset: 7 } })
  expect(failed.ok ? '' : failed.error.cause).toMatch(/"nope" not found/)
  expect(await session.query(sql`SELECT 'x'::INTEGER`)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  expect(await session.query(sql`SELECT 1 AS "a"`)).toMatchObject({ ok: true })
  session.close()
})

test('an extension that is not built in is refused at once, not fetched', async () => {
  const session = await opened()
  const began = performance.now()
  const result = await session.query(sql`SELECT * FROM 'https://localhost:1/x.parquet'`)
  expect(result.ok).toBe(false)
  expect(performance.now() - began).toBeLessThan(30_000)
  session.close()
})

test('aborting interrupts the statement that runs and refuses later ones', async () => {
  const stop = new AbortController()
  const session = await opened(stop.signal)
  const running = session.query(sql`SELECT sum(sqrt(a.range * b.range)) FROM range(100000) a, range(1000000) b`)
  setTimeout(() => stop.abort(), 50)
  const began = performance.now()
  expect(await running).toMatchObject({ ok: false, error: { code: 'interrupted' } })
  expect(performance.now() - began).toBeLessThan(60_000)
  expect(await session.query(sql`SELECT 1`)).toMatchObject({ ok: false, error: { code: 'interrupted' } })
  session.close()
  expect(await openSession({ signal: stop.signal })).toMatchObject({ ok: false, error: { code: 'interrupted' } })
})

test('several statements at once: answers in their order, each failure its own, one zone for all; aborting ends them all', async () => {
  const stop = new AbortController()
  const opening = await openSession({ threads: 3, signal: stop.signal })
  if (!opening.ok) throw new Error(opening.error.cause)
  const session = opening.value
  const wanted = Array.from({ length: 9 }, (_, i) => integerLiteral(BigInt(i)))
  const counts = await session.abreast?.([
    ...wanted.map((i) => sql`SELECT ${i} AS "n", strftime(TIMESTAMPTZ '2026-01-01 12:00:00+02', '%H') AS "hour"`),
    sql`SELECT CAST('x' AS INTEGER)`,
  ])
  expect(counts?.slice(0, 9)).toEqual(
    wanted.map((_, i) => ({
      ok: true,
      value: {
        rows: 1,
        columns: new Map<string, unknown>([
          ['n', [i]],
          ['hour', ['10']],
        ]),
      },
    })),
  )
  expect(counts?.[9]).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  expect((await session.query(sql`SELECT 1 AS "n"`)).ok).toBe(true)
  setTimeout(() => stop.abort(), 50)
  const long = sql`SELECT count(*) FROM range(1000000) AS a(i), range(1000000) AS b(j) WHERE i + j = -1`
  for (const each of (await session.abreast?.([long, long, long, long])) ?? [])
    expect(each).toMatchObject({ ok: false, error: { code: 'interrupted' } })
  session.close()
})

test('messages are read without the advice about the engine itself', () => {
  const error = parseFailure(
    new Error('Conversion Error: bad cell\n\nPossible fixes:\n* Do that\n\nLINE 1: SELECT x\n               ^'),
  )
  expect(error).toMatchObject({ code: 'invalid-input', cause: 'Conversion Error: bad cell', offset: 7 })
})

test('takes one thread until it is told of much data, and never more than it may', async () => {
  const threads = async (session: Session): Promise<number> => {
    const found = await session.query(sql`SELECT current_setting('threads') AS "n"`)
    return found.ok ? Number(found.value.columns.get('n')?.[0]) : Number.NaN
  }
  const free = await openSession()
  const held = await openSession({ threads: 1 })
  if (!free.ok || !held.ok) throw new Error('DuckDB could not be opened.')
  await free.value.expect(1_000)
  expect(await threads(free.value)).toBe(1)
  for (const session of [free.value, held.value]) await session.expect(2 ** 30)
  expect(await threads(held.value)).toBe(1)
  // DuckDB's own default, as an engine has it that nobody told anything.
  const found = await held.value.query(sql`RESET threads`)
  expect(found.ok).toBe(true)
  expect(await threads(free.value)).toBe(await threads(held.value))
  free.value.close()
  held.value.close()
})

test('one that keeps little has no blocks of the files it has read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumb-session-'))
  const file = textLiteral(join(folder, 'rows.parquet'))
  const cached = async (keeping: { readonly keepsLittle?: true }): Promise<number> => {
    const session = await openSession({ threads: 1, ...keeping })
    if (!session.ok) throw new Error(session.error.cause)
    await session.value.query(sql`COPY (SELECT range AS "id", random() AS "r" FROM range(200000)) TO ${file}`)
    const sum = await session.value.query(sql`SELECT count("r") AS "n" FROM read_parquet(${file})`)
    expect(sum.ok && sum.value.columns.get('n')).toEqual([200_000n])
    const blocks = await session.value.query(sql`SELECT count(*) AS "n" FROM duckdb_external_file_cache()`)
    session.value.close()
    return blocks.ok ? Number(blocks.value.columns.get('n')?.[0]) : Number.NaN
  }
  expect(await cached({})).toBeGreaterThan(0)
  expect(await cached({ keepsLittle: true })).toBe(0)
  rmSync(folder, { recursive: true })
})
