import { integerLiteral, type Sql, sql } from '@plumbline/core'
import { expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { rowFilter, type Scope, scopeOf } from './scope.ts'
import { valueCounts } from './value-counts.ts'

const ALL = rowFilter()
/** Numbers that are hard to tell apart, and what is none. */
const HOSTILE: readonly Sql[] = [
  sql`(CASE range % 7 WHEN 0 THEN NULL WHEN 1 THEN 'NaN'::DOUBLE WHEN 2 THEN 'inf'::DOUBLE WHEN 3 THEN -'inf'::DOUBLE WHEN 4 THEN -0.0::DOUBLE WHEN 5 THEN 0.0::DOUBLE ELSE range / 3 END)`,
  sql`(CASE WHEN range % 5 > 0 THEN 9223372036854775807 - range % 4 END)`,
  sql`(range % 3 = 1)`,
  sql`(NULL::DOUBLE)`,
]

async function opened(): Promise<{ readonly session: Session; readonly statements: string[] }> {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const statements: string[] = []
  const numbers: Session['numbers'] = (statement) => {
    statements.push('numbers')
    return session.value.numbers(statement)
  }
  return { session: { ...session.value, numbers }, statements }
}

function rows(count: number): Scope {
  const from = sql`(SELECT * FROM range(${integerLiteral(BigInt(count))}))`
  const relation: OpenRelation = {
    name: 'r',
    from,
    numbered: from,
    columnar: false,
    columns: new Map(),
    failures: new Map(),
    filter: null,
    key: [],
    declared: new Map(),
    digests: {},
    models: {},
  }
  return scopeOf(relation)
}

test.each([700, 11_000] as const)('%i rows: counted together or one by one, the counts are the same', async (count) => {
  const { session, statements } = await opened()
  const scope = rows(count)
  const together = valueCounts(session)
  together.expect(scope, ALL, HOSTILE)
  for (const value of HOSTILE) {
    const one = await valueCounts(session).numbers(scope, ALL, value)
    expect(await together.numbers(scope, ALL, value)).toEqual(one)
    expect(one.ok && one.value.total + one.value.missing).toBe(count)
  }
  // Few rows are read once for all; of more the columns are counted one by one, after one look that found them many.
  expect(statements).toHaveLength(HOSTILE.length + (count === 700 ? 1 : HOSTILE.length + 1))
  session.close()
})

test('what was counted is not counted again; what failed is', async () => {
  const { session, statements } = await opened()
  const scope = rows(700)
  const counts = valueCounts(session)
  const [value = sql``] = HOSTILE
  expect(await counts.numbers(scope, ALL, value)).toEqual(await counts.numbers(scope, ALL, value))
  expect(statements).toHaveLength(1)
  for (let attempt = 0; attempt < 2; attempt++) expect((await counts.numbers(scope, ALL, sql`nope`)).ok).toBe(false)
  expect(statements).toHaveLength(3)
  session.close()
})
