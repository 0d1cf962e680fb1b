import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { planTest } from '../planning/data-plan.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { MOST_NUMBERS } from './counted-numbers.ts'
import { expectSame, keptIn, runDays } from './testing/days.ts'

// What is read from the numbers of days that were measured one by one, against a scan of all days.

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-numbers-'))
  await mkdir(join(root, 'data'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const CLAUSES: readonly TestClause[] = [
  { id: 'middle', must: 'median(x) > 0.0 && quantile(n, 0.25) < 3.0', confidence: 'none' },
  { id: 'middles', must: 'median(x) > 0.0', slices: { all: '', few: 'n < 4' }, confidence: 0.95 },
  { id: 'resampled', must: 'stddev(x) < 9.0 && sum(n) > 3 && variance(x * 2.0) < 90.0', confidence: 0.9 },
  { id: 'drift', of: 'd.low', must: 'ks(x, d.high) < 0.9 && psi(x, d.high) < 9.0', confidence: 0.9 },
  { id: 'rows', must: 'count() > 0' },
]
const program = buildProgram(
  [
    {
      name: 'd',
      source: { path: 'data/*.csv', format: 'csv' },
      columns: [
        { name: 'n', type: 'integer' },
        { name: 'x', type: 'number' },
      ],
      splits: { low: 'n < 3', high: 'n >= 3' },
    },
  ],
  CLAUSES,
)
const QUESTIONS = CLAUSES.length + 1

/** Rows of a day: few numbers, some of them missing. */
const write = (day: number, rows = 40, number = (i: number) => ((i * 7 + day) % 19) / 4) => {
  const line = (_: unknown, i: number) => `${i % 7},${i % 11 === 0 ? '' : number(i)}`
  return writeFile(join(root, 'data', `${day}.csv`), `n,x\n${Array.from({ length: rows }, line).join('\n')}\n`)
}
const states = () => keptIn(join(root, '.plumb/states'))
const again = () => runDays(root, program, states())
const scan = () => runDays(root, program)

test('medians, quantiles, resampled intervals and drift within the same files: as of all rows, and a new day costs a new day', async () => {
  for (const day of [1, 2, 3]) await write(day)
  const first = await again()
  expect(first.merged).toBe(QUESTIONS)
  expectSame(first, await scan())
  await write(4, 31)
  const more = await again()
  expect([more.measured, more.merged]).toEqual([['data/4.csv'], QUESTIONS])
  expectSame(more, await scan())
})

test('a number that several terms are read from is written once', async () => {
  await write(1)
  await again()
  const [folder = ''] = (await readdir(join(root, '.plumb/states'))).filter((name) => !name.endsWith('.json'))
  const names = await readdir(join(root, '.plumb/states', folder))
  const [, body = ''] = (await readFile(join(root, '.plumb/states', folder, names[0] ?? ''), 'utf8')).split('\n')
  const { numbers, answers } = JSON.parse(body) as { readonly numbers: readonly unknown[]; readonly answers: object }
  // x and n of all rows, x of a slice, 2x, x of either split.
  expect(numbers).toHaveLength(6)
  expect(JSON.stringify(answers).match(/"numbers":\d/g)?.length).toBeGreaterThan(numbers.length)
})

test('numbers of a sensitive column are kept nowhere', async () => {
  await write(1)
  await write(2)
  const hidden = {
    ...program,
    datasets: program.datasets.map((dataset) => ({
      ...dataset,
      columns: dataset.columns.map((each) => (each.name === 'x' ? { ...each, sensitive: true as const } : each)),
    })),
  }
  const run = await runDays(root, hidden, states())
  expect(run.merged).toBe(1)
  expectSame(run, await runDays(root, hidden))
})

test('more distinct numbers than are kept: all rows are read, and the plan says so', async () => {
  await write(1)
  await write(2, 2 * MOST_NUMBERS, (i) => i / 8)
  const first = await again()
  // What reads few numbers, and what reads none, is merged all the same.
  expect(first.merged).toBe(1)
  expectSame(first, await scan())
  const kept = { ...states(), toolVersion: '0' }
  const { relations } = await planTest({ program, root, stages: ['data'], states: kept })
  const d = relations.find(({ relation }) => relation === 'd')
  expect(d?.merged).toMatchObject({ files: 2, kept: 2, clauses: ['rows'] })
  expect(d?.merged?.whole.map(({ clause }) => clause)).toEqual(['middle', 'middles', 'resampled'])
  expect(d?.merged?.whole[0]?.because).toContain('very many distinct values')
  await rm(join(root, 'data/2.csv'))
  const fewer = await again()
  expect([fewer.digested, fewer.merged]).toEqual([[], QUESTIONS])
})
