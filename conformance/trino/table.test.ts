import type { Statement } from '@plumbline/core'
import { beforeAll, expect, it } from 'vitest'
import { identifier, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { buildProgram, type TestClause, type TestDataset } from '../../packages/engine/src/testing/program-builder.ts'
import { statementsOf } from '../engines/run.ts'
import { connectTrino } from './client.ts'
import { tableOf } from './run.ts'
import { describeWithServer } from './with-server.ts'

const things: TestDataset = {
  name: 'rows',
  source: tableOf('things'),
  key: ['id'],
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'x', type: 'number' },
  ],
}
const causeOf = (statement: Statement | undefined) =>
  statement?.verdict === 'error' ? { reason: statement.reason, cause: statement.cause } : statement
const MINUTES = 600_000

describeWithServer('a table of Trino', (address) => {
  beforeAll(async () => {
    const trino = await connectTrino(address)
    for (const view of ['things', 'slow']) await trino.query(sql`DROP VIEW IF EXISTS ${identifier(view)}`)
    await trino.query(
      sql`CREATE VIEW things AS SELECT id, CAST(id AS DOUBLE) / 2 AS x, 'it''s' AS note FROM (VALUES BIGINT '1', 2, 3, 4, 5) AS t(id)`,
    )
    // A sum over more pairs than anybody waits for.
    await trino.query(
      sql`CREATE VIEW slow AS SELECT sum(a.id * b.id % 7) AS id, 0.5e0 AS x FROM UNNEST(sequence(1, 10000)) AS a(id) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(id) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(id)`,
    )
  }, MINUTES)
  const run = (
    dataset: Partial<TestDataset>,
    clauses: readonly TestClause[],
    where: string | undefined = address,
    signal?: AbortSignal,
  ) =>
    statementsOf(
      {
        program: buildProgram([{ ...things, ...dataset }], clauses),
        root: '.',
        ...(signal === undefined ? {} : { signal }),
      },
      where,
    )

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
      expect(causeOf((await run({ source: tableOf('thing') }, [{ id: 'a', every: 'id > 0' }]))[0])).toEqual({
        reason: 'source-missing',
        cause: expect.stringMatching(/has no table thing\. Did you mean things\?/),
      })
      const columns = [...things.columns, { name: 'ID', type: 'number' } as const]
      const found = await run({ columns, source: tableOf('things', { pinned: false }) }, [
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
      const source = tableOf('slow', { pinned: false, statementTimeoutMs: 4_000 })
      expect(causeOf((await run({ source }, [{ id: 'a', every: 'id > 0' }]))[0])).toMatchObject({
        cause: expect.stringMatching(/longer than 4000 ms, which `statement_timeout`/),
      })
      const stop = AbortSignal.timeout(4_000)
      const found = await run(
        { source: tableOf('slow', { pinned: false }) },
        [{ id: 'a', every: 'id > 0' }],
        address,
        stop,
      )
      expect(found.map(({ verdict }) => verdict)).toEqual(['skipped'])
    },
    MINUTES,
  )
})
