import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EveryClause, type Program, type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { changedFiles, sourceFiles } from '../relations/source-files.ts'
import { buildProgram, type TestClause, type TestDataset } from '../testing/program-builder.ts'
import { atLeastShare } from './exact.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-plan-'))
  await writeFile(
    join(root, 'd.csv'),
    'id,part,x,s,at\n1,a,1,5,2024-01-01\n1,b,2,5,2024-01-02\n1,a,3,x,2024-01-03\n,a,4,x,2024-01-04\n2,,5,x,2024-01-05\n3,c,,x,\n',
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const dataset: TestDataset = {
  name: 'd',
  source: { path: 'd.csv', format: 'csv' },
  key: ['id', 'part'],
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'part', type: 'category', values: ['a', 'b', 'c'] },
    { name: 'x', type: 'number' },
    { name: 's', type: 'text' },
    { name: 'at', type: 'timestamp' },
  ],
  splits: { early: 'part in ["a", "b"]', late: 'part in ["b", "c"]' },
}

async function run(program: Program, select?: (slice: string) => boolean): Promise<Map<string, Statement>> {
  const found = new Map<string, Statement>()
  const request = { program, root, toolVersion: '0', session: { threads: 1 } }
  const all = runDataStage(
    select === undefined ? request : { ...request, select: (instance) => select(instance.slice.name) },
  )
  for await (const each of all) found.set(each.slice === 'all' ? each.clause : `${each.clause}[${each.slice}]`, each)
  return found
}

const decide = (clauses: readonly TestClause[]) => run(buildProgram([dataset], clauses))

describe('contracts of a relation', () => {
  test('a key is unique and complete', async () => {
    const found = await decide([
      { id: 'key', uniqueKey: ['id', 'part'] },
      { id: 'pass', uniqueKey: ['id', 'part'], missing: 'pass' },
      { id: 'late', of: 'd.late', uniqueKey: ['id', 'part'] },
    ])
    expect(found.get('key')).toMatchObject({ verdict: 'violated', n: 6, failing: 4, missing: 2 })
    expect(found.get('key')).toMatchObject({
      witnesses: [
        { row: 1, key: { id: 1, part: 'a' }, because: 'false' },
        { row: 3, key: { id: 1, part: 'a' }, because: 'false' },
        { row: 5, key: { id: 2, part: null }, because: 'missing' },
        { row: 4, key: { id: null, part: 'a' }, because: 'missing' },
      ],
    })
    expect(found.get('pass')).toMatchObject({ verdict: 'violated', failing: 2 })
    expect(found.get('late')).toMatchObject({ verdict: 'satisfied', n: 2, unassigned_rows: 1 })
  })

  test('splits do not overlap, and a row that cannot be placed is in none', async () => {
    const found = await decide([
      { id: 'splits', disjointSplits: true },
      { id: 'early', of: 'd.early', must: 'count() == 4' },
      { id: 'leak', must: 'overlap(d.early, d.late, id) == 0' },
    ])
    expect(found.get('splits')).toMatchObject({
      verdict: 'violated',
      failing: 1,
      witnesses: [{ row: 2, because: 'false' }],
    })
    expect(found.get('early')).toMatchObject({ verdict: 'satisfied', n: 4, unassigned_rows: 1 })
    expect(found.get('leak')).toMatchObject({ verdict: 'violated', measured: 1 })
    expect(Object.keys(found.get('leak')?.digests.data ?? {})).toEqual(['d', 'd.early', 'd.late'])
  })
})

test('slices and splits count what they cannot place', async () => {
  const found = await decide([
    { id: 'big', every: 'x >= 2.0', slices: { all: '', big: 'x > 1.5', part: 'part == "a"' } },
    { id: 'both', of: 'd.early', must: 'count() == 3', slices: { big: 'x > 1.5' } },
  ])
  expect(found.get('big')).toMatchObject({ n: 6, failing: 2, unassigned_rows: 0 })
  expect(found.get('big[big]')).toMatchObject({ n: 4, failing: 0, unassigned_rows: 1 })
  expect(found.get('big[part]')).toMatchObject({ n: 3, failing: 1, unassigned_rows: 1 })
  expect(found.get('both[big]')).toMatchObject({ verdict: 'satisfied', n: 3, unassigned_rows: 1 })
})

test('selecting one slice decides it as a member of its family', async () => {
  const program = buildProgram(
    [dataset],
    [{ id: 'c', must: 'mean(x) > 0.5', confidence: 0.95, slices: { all: '', a: 'part == "a"', b: 'id == 1' } }],
  )
  const all = await run(program)
  const some = await run(program, (slice) => slice === 'a')
  expect([...some.keys()]).toEqual(['c[a]'])
  expect(some.get('c[a]')).toEqual(all.get('c[a]'))
})

test('a row that SQL fails and the reference evaluator lets pass is a fault of ours, and says so', async () => {
  const program = buildProgram([dataset], [{ id: 'odd', every: 'id != 5' }])
  const [clause] = program.clauses as [EveryClause]
  // A tree that no checker makes: a text looked for among integers, which the two read differently.
  const type = { kind: 'bool' } as const
  const operand = { node: 'column', name: 's', type: { kind: 'string' } } as const
  const five = { node: 'literal', value: '5', type: { kind: 'int' } } as const
  const expr = { node: 'call', fn: 'not', type, args: [{ node: 'in-list', type, operand, elements: [five] }] } as const
  const planted: EveryClause = { ...clause, condition: { kind: 'expr', text: '!(s in [5])', expr } }
  await writeFile(join(root, 'odd.csv'), 'id,part,x,s,at\n1,a,1,5,2024-01-01\n')
  const found = await run({
    ...program,
    datasets: program.datasets.map((each) => ({ ...each, source: { ...each.source, path: 'odd.csv' } })),
    clauses: [planted],
  })
  expect(found.get('odd')).toMatchObject({
    verdict: 'error',
    reason: 'engine-failed',
    cause: expect.stringMatching(/SQL finds row 1 failing and the reference evaluator does not/),
  })
})

test('intervals of a data relation: the same numbers at every run, and another clause changes none', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `${i},a,${(i * 7919) % 101},x,2024-01-01`)
  await writeFile(join(root, 'many.csv'), `id,part,x,s,at\n${rows.join('\n')}\n`)
  const many = { ...dataset, source: { path: 'many.csv', format: 'csv' } as const }
  const clauses: readonly TestClause[] = [
    { id: 'sum', must: 'sum(x) > 10_000.0', confidence: 0.95 },
    { id: 'stddev', must: 'stddev(x) > 10.0', confidence: 0.95 },
    { id: 'ratio', must: 'mean(x) / stddev(x) > 1.0', confidence: 0.9 },
  ]
  const first = await run(buildProgram([many], clauses))
  const again = await run(buildProgram([many], clauses))
  const alone = await run(buildProgram([many], clauses.slice(2)))
  expect([...again.values()].map((each) => ({ ...each, digests: null }))).toEqual(
    [...first.values()].map((each) => ({ ...each, digests: null })),
  )
  const margin = (from: Map<string, Statement>) => {
    const statement = from.get('ratio')
    return statement !== undefined && 'comparisons' in statement ? statement.comparisons?.[0]?.margin : undefined
  }
  expect(margin(alone)).toEqual(margin(first))
  expect(margin(first)).toMatchObject({ method: 'bca', level: 0.9 })
  // The bootstrap of a sum is close to n times the t interval of the mean.
  const sum = first.get('sum')
  const interval = sum !== undefined && 'terms' in sum ? sum.terms?.[0]?.interval : undefined
  const x = rows.map((_, i) => (i * 7919) % 101)
  const mean = x.reduce((a, b) => a + b, 0) / 300
  const sd = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / 299)
  const t = stats.tInterval(mean, sd, 300, 0.95)
  expect(interval?.low).toBeGreaterThan(300 * t.low - 150)
  expect(interval?.low).toBeLessThan(300 * t.low + 150)
})

test('mostly is exact arithmetic', () => {
  expect(atLeastShare(999, 1000, '0.999')).toBe(true)
  expect(atLeastShare(998_999_999, 1_000_000_000, '0.999')).toBe(false)
  // 0.1 + 0.2 of anything: float64 would say 0.30000000000000004.
  expect(atLeastShare(3, 10, '0.3')).toBe(true)
  expect(atLeastShare(29_999_999_999_999, 100_000_000_000_000, '0.3')).toBe(false)
  expect(atLeastShare(0, 0, '1')).toBe(true)
})

test('a file that changes while it is read is noticed', async () => {
  await writeFile(join(root, 'moving.csv'), 'a\n1\n')
  const files = await sourceFiles(root, 'moving.csv')
  if (!files.ok) throw new Error(files.failure.cause)
  expect(await changedFiles(files.value)).toEqual([])
  await utimes(join(root, 'moving.csv'), new Date(0), new Date(0))
  expect(await changedFiles(files.value)).toEqual(['moving.csv'])
})
