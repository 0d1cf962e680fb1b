import { integerLiteral, sql } from '@plumbline/core'
import { expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { heardSession } from '../testing/heard-session.ts'
import { type Scan, scanOf } from './scan.ts'
import { scopeOf } from './scope.ts'

async function scanWith(columnar: boolean): Promise<{ scan: Scan; session: Session; statements: string[] }> {
  const opened = await openSession({ threads: 1 })
  if (!opened.ok) throw new Error(opened.error.cause)
  const from = sql`(SELECT range AS "a", -range AS "b", range % 2 AS "c" FROM range(10))`
  const relation: OpenRelation = {
    name: 'r',
    from,
    numbered: from,
    columnar,
    columns: new Map(),
    failures: new Map(),
    filter: null,
    key: [],
    declared: new Map(),
    digests: {},
    models: {},
  }
  const statements: string[] = []
  const session = heardSession(opened.value, (statement) => statements.push(statement))
  return { scan: scanOf(scopeOf(relation)), session, statements }
}

test('equal questions are asked once, and all in one statement of a table', async () => {
  const { scan, session, statements } = await scanWith(false)
  const first = scan.ask(sql`sum("a")`, ['a'])
  const second = scan.ask(sql`sum("a")`, ['a'])
  const third = scan.ask(sql`min(CASE WHEN "c" = 0 THEN "b" END)`, ['b', 'c'])
  await scan.run(session)
  expect(first.key).toBe(second.key)
  expect(scan.answer(second)).toEqual({ ok: true, value: 45n })
  expect(scan.answer(third)).toEqual({ ok: true, value: -8n })
  expect(statements).toHaveLength(1)
  await scan.run(session)
  expect(statements).toHaveLength(1)
})

test('very many questions of a table are asked some at a time: planning them all at once is quadratic', async () => {
  const { scan, session, statements } = await scanWith(false)
  const tickets = Array.from({ length: 450 }, (_, k) =>
    scan.ask(sql`count_if("a" >= ${integerLiteral(BigInt(k))})`, ['a']),
  )
  await scan.run(session)
  expect(statements).toHaveLength(3)
  tickets.forEach((ticket, k) => expect(scan.answer(ticket)).toEqual({ ok: true, value: BigInt(Math.max(0, 10 - k)) }))
})

test('Parquet columns have statements of their own, and none is read by two', async () => {
  const { scan, session, statements } = await scanWith(true)
  scan.ask(sql`count(*)`, [])
  scan.ask(sql`sum("a")`, ['a'])
  scan.ask(sql`sum("b")`, ['b'])
  scan.ask(sql`sum("c")`, ['c'])
  scan.ask(sql`sum("a" * "b")`, ['a', 'b'])
  await scan.run(session)
  expect(statements).toHaveLength(3)
})

test('a statement that fails takes only the measure at fault with it', async () => {
  const { scan, session } = await scanWith(false)
  const good = Array.from({ length: 9 }, (_, i) =>
    scan.ask(sql`sum(CASE WHEN ${i % 2 === 0 ? sql`"c" = 0` : sql`"a" > 3`} THEN "a" END)`, ['a']),
  )
  const bad = scan.ask(sql`sum(error('poisoned'))`, ['a'])
  const after = scan.ask(sql`max("b")`, ['b'])
  await scan.run(session)
  expect(good.map((ticket) => scan.answer(ticket).ok)).not.toContain(false)
  expect(scan.answer(after)).toEqual({ ok: true, value: 0n })
  const failed = scan.answer(bad)
  expect(failed.ok ? '' : failed.error.cause).toMatch(/poisoned/)
})
