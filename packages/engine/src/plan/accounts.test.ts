import { expect, test } from 'vitest'
import type { Statement } from '@plumbline/core'
import { runDataStage } from '../data-stage.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'

const root = new URL('../../../../examples/credit-default', import.meta.url).pathname

const columns = [
  { name: 'id', type: 'integer', role: 'key' },
  { name: 'limit_bal', type: 'number' },
  { name: 'sex', type: 'category', values: [1, 2] },
  { name: 'education', type: 'category', values: [1, 2, 3, 4] },
  { name: 'marriage', type: 'category', values: [1, 2, 3] },
  { name: 'age', type: 'integer' },
  { name: 'pay_0', type: 'integer' },
  { name: 'bill_amt1', type: 'number' },
  { name: 'split', type: 'category', values: ['train', 'test', 'later', 'fresh'], role: 'split' },
  { name: 'default', type: 'boolean', role: 'label' },
] as const

async function decide(clauses: readonly TestClause[]): Promise<Map<string, Statement>> {
  const program = buildProgram(
    [
      {
        name: 'accounts',
        source: { path: 'data/accounts.parquet', format: 'parquet' },
        key: ['id'],
        columns,
        splits: { train: 'split == "train"', test: 'split == "test"', fresh: 'split == "fresh"' },
      },
      {
        name: 'codes',
        source: { path: 'data/accounts.parquet', format: 'parquet' },
        columns: [{ name: 'education', type: 'integer' }],
      },
    ],
    clauses,
  )
  const found = new Map<string, Statement>()
  for await (const each of runDataStage({ program, root, toolVersion: '0', session: { threads: 1 } })) {
    found.set(each.slice === 'all' ? each.clause : `${each.clause}[${each.slice}]`, each)
  }
  return found
}

test('the documented codes do not hold on the real accounts, and the rows are shown', async () => {
  const found = await decide([
    { id: 'education', every: 'education in [1, 2, 3, 4]' },
    { id: 'zero', of: 'codes', every: 'education != 0' },
    { id: 'five', of: 'codes', every: 'education != 5' },
    { id: 'six', of: 'codes', every: 'education != 6' },
    { id: 'marriage', every: 'marriage in [1, 2, 3]' },
    { id: 'pay', every: 'pay_0 >= 1 || pay_0 == -1' },
    { id: 'ids', uniqueKey: ['id'] },
    { id: 'splits', disjointSplits: true },
    { id: 'label', castable: 'default' },
    { id: 'mostly', every: 'marriage in [1, 2, 3]', mostly: '0.998' },
    { id: 'too-strict', every: 'marriage in [1, 2, 3]', mostly: '0.9983' },
  ])
  expect(found.get('education')).toMatchObject({ verdict: 'violated', n: 30_000, failing: 345 })
  expect(found.get('zero')).toMatchObject({ failing: 14 })
  expect(found.get('five')).toMatchObject({ failing: 280 })
  expect(found.get('six')).toMatchObject({ failing: 51 })
  expect(found.get('marriage')).toMatchObject({ verdict: 'violated', failing: 54, measured: 29_946 / 30_000 })
  expect(found.get('ids')).toMatchObject({ verdict: 'satisfied', n: 30_000, failing: 0 })
  expect(found.get('splits')).toMatchObject({ verdict: 'satisfied' })
  expect(found.get('label')).toMatchObject({ verdict: 'satisfied', failing: 0 })
  expect(found.get('mostly')).toMatchObject({ verdict: 'satisfied', failing: 54 })
  expect(found.get('too-strict')).toMatchObject({ verdict: 'violated' })
  const education = found.get('education')
  const witnesses = education !== undefined && 'witnesses' in education ? (education.witnesses ?? []) : []
  expect(witnesses).toHaveLength(20)
  for (const witness of witnesses) {
    expect([0, 5, 6]).toContain(witness.cells.education)
    expect(witness.because).toBe('false')
  }
  const positions = witnesses.map((each) => each.row)
  expect(positions).toEqual(positions.toSorted((a, b) => a - b))
})

test('must clauses over splits and slices of the real accounts', async () => {
  const found = await decide([
    { id: 'rows', must: 'count() >= 20_000 && distinct(id) == count()' },
    { id: 'leak', must: 'overlap(accounts.train, accounts.test, id) == 0' },
    { id: 'alike', of: 'accounts.test', must: 'max_over(columns, psi(column, accounts.train)) < 0.1' },
    { id: 'ks', of: 'accounts.test', must: 'ks(age, accounts.train) < 0.05' },
    {
      id: 'rate',
      must: 'share(default) >= 0.2',
      confidence: 0.95,
      slices: { all: '', young: 'age < 25', big: 'limit_bal >= 500_000.0', nobody: 'age > 200' },
    },
    { id: 'mean', must: 'mean(limit_bal) > 160_000.0', confidence: 0.95 },
    { id: 'median', must: 'median(age) >= 33.0', confidence: 0.95 },
    { id: 'edge', must: 'median(age) >= 34.0', confidence: 0.95 },
    { id: 'spread', must: 'stddev(age) < 9.5', confidence: 0.95 },
    { id: 'twice', must: 'mean(bill_amt1) / mean(limit_bal) < 0.35', confidence: 0.95 },
  ])
  expect(found.get('rows')).toMatchObject({ verdict: 'satisfied', method: 'exact' })
  expect(found.get('leak')).toMatchObject({ verdict: 'satisfied', measured: 0 })
  expect(found.get('alike')).toMatchObject({ verdict: 'satisfied', method: 'interval' })
  expect(found.get('ks')).toMatchObject({ verdict: 'satisfied' })
  expect(found.get('rate')).toMatchObject({ n: 30_000, measured: 0.2212, verdict: 'satisfied' })
  expect(found.get('rate[nobody]')).toMatchObject({ n: 0, verdict: 'inconclusive', reason: 'empty-relation' })
  expect(found.get('rate[big]')).toMatchObject({ verdict: 'violated' })
  expect(found.get('mean')).toMatchObject({ verdict: 'satisfied' })
  expect(found.get('median')).toMatchObject({ verdict: 'satisfied', terms: [{ value: 34 }] })
  expect(found.get('edge')).toMatchObject({ verdict: 'inconclusive', reason: 'too-close-to-call' })
  expect(found.get('spread')).toMatchObject({ verdict: 'satisfied' })
  expect(found.get('twice')).toMatchObject({ verdict: 'satisfied', comparisons: [{ margin: { method: 'jackknife' } }] })
})
