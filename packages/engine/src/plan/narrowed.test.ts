import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { render, sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession, type Session } from '../duckdb/session.ts'
import { openDataset } from '../relations/open-dataset.ts'
import { heardSession } from '../testing/heard-session.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { scanOf } from './scan.ts'
import { countPresent, narrowed, rowFilter, scopeOf } from './scope.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-narrowed-'))
  const session = await opened()
  const rows = sql`(SELECT i AS "id", i % 7 AS "day", CASE WHEN i % 10 > 0 THEN i % 100 END AS "x", hash(i) % 1000 / 10.0 AS "y", 'v' || (i % 5) AS "t" FROM range(2000) AS t(i))`
  for (const name of ['now', 'then'])
    await session.query(sql`COPY ${rows} TO ${textLiteral(join(root, `${name}.parquet`))} (FORMAT parquet)`)
  for (const name of ['now', 'then'])
    await session.query(sql`COPY ${rows} TO ${textLiteral(join(root, `${name}.csv`))} (FORMAT csv, HEADER true)`)
  session.close()
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function opened(): Promise<Session> {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  return session.value
}

const columns = [
  { name: 'id', type: 'integer' },
  { name: 'day', type: 'integer' },
  { name: 'x', type: 'integer' },
  { name: 'y', type: 'number' },
  { name: 't', type: 'category', values: ['v0', 'v1', 'v2', 'v3', 'v4'] },
] as const

test('a statement over Parquet binds the columns it asks for, those of the split, and no other', async () => {
  const session = await opened()
  const source = { path: 'now.parquet', format: 'parquet' } as const
  const [dataset] = buildProgram([{ name: 'd', source, columns, splits: { first: 'day == 0' } }], []).datasets
  if (dataset === undefined || !('path' in dataset.source)) throw new Error('a file')
  const files = [{ path: join(root, 'now.parquet'), name: 'now.parquet', size: 1, modifiedMs: 0 }]
  const needed = new Set(columns.map(({ name }) => name))
  const open = await openDataset(session, {
    dataset: { ...dataset, source: dataset.source },
    files,
    ordinal: 0,
    needed,
  })
  if (!open.ok) throw new Error(open.failure.cause)
  const relation = { ...open.value, name: 'd', key: [], declared: new Map(), digests: {}, models: {} }
  const statements: string[] = []
  const listening = heardSession(session, (statement) => statements.push(statement))
  for (const filter of [null, dataset.splits[0]?.condition ?? null]) {
    const scope = scopeOf({ ...relation, filter })
    const scan = scanOf(scope)
    const ticket = scan.ask(countPresent(scope, rowFilter(), scope.column('x').cell), ['x'])
    await scan.run(listening)
    const answer = scan.answer(ticket)
    expect(answer.ok && Number(answer.value)).toBe(filter === null ? 1800 : 257)
    const statement = statements.pop() ?? ''
    expect(statement).toContain('"x"')
    expect(statement.includes('"day"')).toBe(filter !== null)
    for (const other of ['"id"', '"y"', '"t"']) expect(statement).not.toContain(other)
  }
  // Rows that are replaced by others (a table of drawn ones) are not those that could be narrowed.
  const table = sql`"drawn"`
  expect(render(narrowed(scopeOf({ ...relation, from: table, filter: null }), ['x']).relation.from)).toBe('"drawn"')
  session.close()
})

/** One clause of each kind of statement that reads rows by itself. */
const CLAUSES: readonly TestClause[] = [
  { id: 'range', every: 'x < 90', missing: 'exclude' },
  { id: 'two', every: 'x <= id || y < 0.0', missing: 'exclude', slices: { few: 't == "v1"', first: 'day == 0' } },
  { id: 'mean', must: 'mean(x) > 49.0' },
  { id: 'gap', must: 'mean(x) - mean(y) < 10.0' },
  { id: 'median', must: 'median(y) < 60.0', slices: { few: 't == "v1"' } },
  { id: 'sum', must: 'sum(x) < 2.0 * sum(y)' },
  { id: 'correlation', must: 'correlation(x, y) < 0.5' },
  { id: 'modes', must: 'mode_count(t) == 400' },
  { id: 'order', must: 'descents(id) == 0' },
  { id: 'outliers', must: 'above_stddevs(y, 3.0) == 0' },
  { id: 'nearest', must: 'quantile_nearest(y, 0.5) < 60.0' },
  { id: 'duplicates', must: 'duplicates(day, t) == 2000' },
  { id: 'orphans', must: 'orphans(x, then, id) == 0' },
  { id: 'overlap', must: 'overlap(now, then, id) == 2000' },
  { id: 'later', must: 'not_after(id, then) == 2000' },
  { id: 'rows', must: 'count_of(then) == 2000' },
  { id: 'ks', must: 'ks(y, then) < 0.2' },
  { id: 'psi', must: 'psi(t, then) < 0.2' },
  { id: 'information', must: 'mutual_information(t, day) < 0.1' },
  { id: 'listed', must: 'kl_values(t, ["v0", "v1"], [0.3, 0.3], 0.4) < 1.0' },
  { id: 'sketch', must: 'approx_distinct(y) > 500' },
  { id: 'apart', must: 'classifier_auc(then, x, y) < 0.6' },
  { id: 'change', must: 'correlation_change(x, y, then) < 0.5' },
  { id: 'split', of: 'now.monday', must: 'median(x) < 60.0' },
]

test('whatever reads rows by itself finds the columns it needs: Parquet as CSV', async () => {
  const decided = async (kind: 'csv' | 'parquet') => {
    const program = buildProgram(
      ['now', 'then'].map((name) => ({
        name,
        source: { path: `${name}.${kind}`, format: kind },
        columns,
        key: ['id'],
        ...(name === 'now' ? { splits: { monday: 'day == 1' } } : {}),
      })),
      CLAUSES.map((clause) => ({ of: 'now', ...clause })),
    )
    const said = new Map<string, unknown>()
    for await (const statement of runDataStage({ program, root, toolVersion: 'test', session: { threads: 1 } })) {
      const { clause, slice, verdict } = statement
      const measured = 'measured' in statement ? statement.measured : 'cause' in statement ? statement.cause : null
      said.set(`${clause} ${slice ?? ''}`, [verdict, measured])
    }
    return said
  }
  const [parquet, csv] = [await decided('parquet'), await decided('csv')]
  expect(csv.size).toBeGreaterThanOrEqual(CLAUSES.length)
  expect([...csv.values()].map((each) => (each as readonly unknown[])[0])).not.toContain('error')
  expect([...parquet]).toEqual([...csv])
})
