import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { render, sql, textLiteral } from '@plumbline/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { openDataset } from '../relations/open-dataset.ts'
import { heardSession } from '../testing/heard-session.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { countDistinct, countIf, countPresent, rowFilter, scopeOf } from './scope.ts'
import { scanOf } from './scan.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-grouped-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const columns = [
  { name: 'few', type: 'text' },
  { name: 'many', type: 'text' },
  { name: 'n', type: 'integer' },
  { name: 'digits', type: 'integer' },
  { name: 'b', type: 'boolean' },
] as const

const CLAUSES: readonly TestClause[] = [
  ...['few', 'many'].flatMap((name): readonly TestClause[] => [
    { id: `${name}-in`, every: `${name} in ["v1", "v2", "w13"]`, missing: 'exclude' },
    { id: `${name}-long`, every: `size(${name}) <= 2` },
    { id: `${name}-form`, every: `${name}.matches("^[vw][0-9]$")`, missing: 'pass' },
    { id: `${name}-there`, every: `${name} != null` },
    { id: `${name}-distinct`, must: `distinct(${name}) == 5` },
    { id: `${name}-share`, must: `share(${name} == "v1") > 0.2`, confidence: 'none' },
    { id: `${name}-nulls`, must: `null_share(${name}) < 0.01` },
    {
      id: `${name}-sliced`,
      must: `distinct(${name}) == 2`,
      slices: { all: 'true', ones: `${name} == "v1"`, low: 'n < 3' },
    },
  ]),
  { id: 'n-in', every: 'n in [0, 1, 2, 3]', missing: 'exclude' },
  { id: 'n-division', every: '10 / n >= 2' },
  { id: 'n-distinct', must: 'distinct(n) == 6' },
  { id: 'digits-castable', castable: 'digits' },
  { id: 'digits-small', every: 'digits < 3', missing: 'exclude' },
  { id: 'digits-distinct', must: 'distinct(digits) == 4' },
  { id: 'b-true', every: 'b' },
  { id: 'b-distinct', must: 'distinct(b) == 2' },
]

const made = (rows: number) => sql`SELECT
  CASE WHEN i % 11 > 0 THEN 'v' || (i % 5) END AS "few",
  CASE WHEN i % 7 > 0 THEN 'w' || (hash(i) % 100000) END AS "many",
  CASE WHEN i % 13 > 0 THEN i % 6 END AS "n",
  ['1', '2', '3', 'x', '2.5', '4'][1 + i % 6] AS "digits",
  CASE WHEN i % 17 > 0 THEN i % 2 = 0 END AS "b"
  FROM range(${sql`${textLiteral(String(rows))}::BIGINT`}) AS "r"(i)`

test('what is asked of the distinct cells of a Parquet column is what is true of the same rows in a CSV file', async () => {
  for (const rows of [0, 1, 5000]) {
    const session = await openSession({ threads: 1 })
    if (!session.ok) throw new Error(session.error.cause)
    const judged: unknown[][] = []
    for (const format of ['parquet', 'csv'] as const) {
      const path = `t${rows}.${format}`
      const how = format === 'csv' ? sql`(FORMAT csv, HEADER)` : sql`(FORMAT parquet, ROW_GROUP_SIZE 2048)`
      const wrote = await session.value.query(sql`COPY (${made(rows)}) TO ${textLiteral(join(root, path))} ${how}`)
      if (!wrote.ok) throw new Error(wrote.error.message)
      const program = buildProgram([{ name: 'd', source: { path, format }, columns }], CLAUSES)
      const found: unknown[] = []
      for await (const { digests: _digests, ...statement } of runDataStage({ program, root, toolVersion: '0' }))
        found.push(statement)
      judged.push(found)
    }
    session.value.close()
    const [parquet = [], csv = []] = judged
    expect(parquet.length).toBeGreaterThanOrEqual(CLAUSES.length)
    expect(parquet, `${rows} rows`).toEqual(csv)
  }
})

test('cells are grouped where they are few, or told apart anyway, and nothing but counts is asked', async () => {
  const session = await openSession({ threads: 1 })
  if (!session.ok) throw new Error(session.error.cause)
  const path = join(root, 'asked.parquet')
  await session.value.query(sql`COPY (${made(5000)}) TO ${textLiteral(path)} (FORMAT parquet)`)
  const program = buildProgram(
    [{ name: 'd', source: { path: 'asked.parquet', format: 'parquet' }, columns }],
    [{ id: 'any', every: 'b' }],
  )
  const dataset = program.datasets[0]
  if (dataset === undefined || !('path' in dataset.source)) throw new Error('a file')
  const opened = await openDataset(session.value, {
    dataset: { ...dataset, source: dataset.source },
    files: [{ path, name: 'asked.parquet', size: 1, modifiedMs: 0 }],
    ordinal: 0,
    needed: new Set(columns.map(({ name }) => name)),
  })
  if (!opened.ok) throw new Error(opened.failure.cause)
  const scope = scopeOf({
    ...opened.value,
    name: 'd',
    filter: null,
    key: [],
    declared: new Map(),
    digests: {},
    models: {},
  })
  const statements: string[] = []
  const listening = heardSession(session.value, (statement) => statements.push(statement))
  const asked = async (name: string, distinct: boolean, more = sql`count(*)`): Promise<boolean> => {
    const scan = scanOf(scope)
    const { cell } = scope.column(name)
    const all = rowFilter()
    scan.ask(countPresent(scope, all, cell), [name])
    scan.ask(countIf(scope, all, sql`${cell} IS NOT NULL`), [name])
    if (distinct) scan.ask(countDistinct(scope, all, cell), [name])
    if (render(more) !== 'count(*)') scan.ask(more, [name])
    await scan.run(listening)
    return /GROUP BY/.test(statements.pop() ?? '')
  }
  expect(await asked('few', false)).toBe(true)
  expect(await asked('many', false)).toBe(false)
  expect(await asked('many', true)).toBe(true)
  expect(await asked('few', false, sql`max(${scope.column('few').cell})`)).toBe(false)
  session.value.close()
})
