import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program, Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDataStage } from './data-stage.ts'
import { buildProgram, type TestClause, type TestDataset } from './testing/program-builder.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-data-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function run(program: Program): Promise<Map<string, Statement>> {
  const statements = new Map<string, Statement>()
  for await (const each of runDataStage({ program, root, toolVersion: '0.0.0', session: { threads: 1 } })) {
    statements.set(each.slice === 'all' ? each.clause : `${each.clause}[${each.slice}]`, each)
  }
  return statements
}

const people: TestDataset = {
  name: 'people',
  source: { path: 'people.csv', format: 'csv' },
  key: ['id'],
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'age', type: 'integer' },
    { name: 'income', type: 'number' },
    { name: 'city', type: 'text' },
  ],
}

async function csv(text: string, clauses: readonly TestClause[], dataset: Partial<TestDataset> = {}) {
  await writeFile(join(root, 'people.csv'), text)
  return run(buildProgram([{ ...people, ...dataset }], clauses))
}

describe('a CSV file', () => {
  const text = 'id,age,income,city\n1,20,1000.5,Ulm\n2,,2000,Köln\n3,17,NaN,Ulm\n4,90,40,"a, b"\n'

  test('every, count, mean and share agree with the rows', async () => {
    const found = await csv(text, [
      { id: 'adult', every: 'age >= 18' },
      { id: 'adult-pass', every: 'age >= 18', missing: 'pass' },
      { id: 'adult-exclude', every: 'age >= 18', missing: 'exclude' },
      { id: 'mostly', every: 'age >= 18', mostly: '0.5' },
      { id: 'rows', must: 'count() == 4' },
      { id: 'mean', must: 'mean(income) > 1013.0 && mean(income) < 1014.0' },
      { id: 'share', must: 'share(age >= 18) >= 0.5' },
      { id: 'nulls', must: 'null_share(age) <= 0.25' },
      { id: 'cities', must: 'distinct(city) == 3' },
    ])
    expect(found.get('adult')).toMatchObject({
      verdict: 'violated',
      n: 4,
      failing: 2,
      missing: 1,
      measured: 0.5,
      witnesses: [
        { row: 3, key: { id: 3 }, cells: { age: 17 }, because: 'false' },
        { row: 2, key: { id: 2 }, cells: { age: null }, because: 'missing' },
      ],
    })
    expect(found.get('adult-pass')).toMatchObject({ verdict: 'violated', n: 4, failing: 1, excluded: 0, missing: 1 })
    expect(found.get('adult-exclude')).toMatchObject({ verdict: 'violated', n: 3, failing: 1, excluded: 1 })
    expect(found.get('mostly')).toMatchObject({ verdict: 'satisfied', failing: 2 })
    expect(found.get('rows')).toMatchObject({ verdict: 'satisfied', measured: 4, method: 'exact' })
    expect(found.get('mean')).toMatchObject({
      verdict: 'satisfied',
      missing: 1,
      terms: [{ value: 3040.5 / 3, missing: 1 }],
    })
    expect(found.get('share')).toMatchObject({ verdict: 'satisfied', measured: 0.5, missing: 1 })
    expect(found.get('nulls')).toMatchObject({ verdict: 'satisfied', measured: 0.25 })
    expect(found.get('cities')).toMatchObject({ verdict: 'satisfied', measured: 3 })
  })
})
