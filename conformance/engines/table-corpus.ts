import type { ProgramEngine, Sql, Statement } from '@plumbline/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { statementsOf, tableOf, type TableOptions } from './run.ts'

/** A database that the corpus is asked of. */
export interface Warehouse {
  readonly address: string
  readonly dialect: ProgramEngine['dialect']
  /** Connects as whoever makes the views below. */
  readonly connect: () => Promise<{ query(statement: Sql): Promise<unknown>; close?(): Promise<void> }>
  /**
   * Makes two views: `things` of the columns `id` (1 to 5, integers), `x` (half of it, float64) and `note` (a text); `slow` of
   * one row with the columns `id` and `x`, for which nobody would wait.
   */
  readonly views: readonly Sql[]
}

const MINUTES = 600_000
const causeOf = (statement: Statement | undefined) =>
  statement?.verdict === 'error' ? { reason: statement.reason, cause: statement.cause } : statement

/** What holds of a table of any database: verdicts and witnesses, names that are not there, statements that take too long. */
export function tableCorpus({ address, dialect, connect, views }: Warehouse): void {
  const source = (table: string, more: TableOptions = {}) => tableOf(table, { dialect, ...more })
  const things: TestDataset = {
    name: 'rows',
    source: source('things'),
    key: ['id'],
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'x', type: 'number' },
    ],
  }
  const run = (dataset: Partial<TestDataset>, clauses: readonly TestClause[], signal?: AbortSignal) => {
    const program = buildProgram([{ ...things, ...dataset }], clauses)
    return statementsOf({ program, root: '.', ...(signal === undefined ? {} : { signal }) }, address)
  }
  let session: Awaited<ReturnType<Warehouse['connect']>>
  beforeAll(async () => {
    session = await connect()
    for (const view of views) await session.query(view)
  }, MINUTES)
  afterAll(() => session.close?.())

  it(
    'clauses are decided there; failing rows come with their keys',
    async () => {
      const found = await run({}, [
        { id: 'positive', every: 'id > 0' },
        { id: 'low', every: 'x < 2.0' },
        { id: 'sum', must: 'sum(id) == 15 && max(x) == 2.5', confidence: 'none' },
        { id: 'key', uniqueKey: ['id'] },
      ])
      expect(found.map(({ clause, verdict }) => [clause, verdict])).toEqual([
        ['positive', 'satisfied'],
        ['low', 'violated'],
        ['sum', 'satisfied'],
        ['key', 'satisfied'],
      ])
      const low = found[1] as Statement & { readonly witnesses: readonly { readonly key: unknown }[] }
      expect(low.witnesses.map(({ key }) => key)).toEqual([{ id: 4 }, { id: 5 }])
      expect(JSON.stringify(found[0]?.digests)).toContain('snapshot:rows:sha256:')
    },
    MINUTES,
  )

  it(
    'no such table, no such column: of the source, and the nearest name is offered',
    async () => {
      expect(causeOf((await run({ source: source('thing') }, [{ id: 'a', every: 'id > 0' }]))[0])).toEqual({
        reason: 'source-missing',
        cause: expect.stringMatching(/has no table thing\. Did you mean things\?/),
      })
      const columns = [...things.columns, { name: 'ID', type: 'number' } as const]
      const found = await run({ columns, source: source('things', { pinned: false }) }, [
        { id: 'a', every: 'ID > 0.0' },
      ])
      expect(causeOf(found[0])).toEqual({
        reason: 'column-missing',
        cause: expect.stringMatching(/has no column "ID"\. It has: id, x, note/),
      })
    },
    MINUTES,
  )

  it(
    'a statement that takes too long is ended there, and an interrupted one, too',
    async () => {
      const late = source('slow', { pinned: false, statementTimeoutMs: 4_000 })
      expect(causeOf((await run({ source: late }, [{ id: 'a', every: 'id > 0' }]))[0])).toMatchObject({
        cause: expect.stringMatching(/longer than 4000 ms, which `statement_timeout`/),
      })
      const clauses = [{ id: 'a', every: 'id > 0' }]
      const found = await run({ source: source('slow', { pinned: false }) }, clauses, AbortSignal.timeout(4_000))
      expect(found.map(({ verdict }) => verdict)).toEqual(['skipped'])
    },
    MINUTES,
  )
}
