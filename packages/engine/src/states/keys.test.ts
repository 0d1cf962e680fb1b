import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson, digestBytes, stats } from '@plumbline/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planTest } from '../planning/data-plan.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { type DayRun, expectSame, keptIn, runDays } from './testing/days.ts'

// Keys of files that were measured one by one, against a scan of all files.

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-keys-'))
  await mkdir(join(root, 'data'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const CLAUSES: readonly TestClause[] = [
  { id: 'key', uniqueKey: ['id'] },
  { id: 'both', uniqueKey: ['id', 'at'], slices: { all: '', red: 'name == "red"' } },
  { id: 'low', of: 'd.low', uniqueKey: ['x'] },
  { id: 'twice', must: 'duplicates(id) == 0', slices: { all: '', red: 'name == "red"' }, confidence: 'none' },
  { id: 'twice-together', must: 'duplicates(name, x) <= 1 && count() > 0', confidence: 'none' },
]

const programOf = (clauses: readonly TestClause[] = CLAUSES) =>
  buildProgram(
    [
      {
        name: 'd',
        source: { path: 'data/*.csv', format: 'csv' },
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'at', type: 'integer' },
          { name: 'x', type: 'number' },
          { name: 'name', type: 'text' },
        ],
        key: ['id'],
        splits: { low: 'at < 5' },
      },
    ],
    clauses,
  )

type Cells = readonly [id: number | '', at: number | '', x: number | string, name: string]

const write = (day: string, rows: readonly Cells[]) =>
  writeFile(join(root, 'data', `${day}.csv`), `id,at,x,name\n${rows.map((row) => row.join(',')).join('\n')}\n`)

const states = () => keptIn(join(root, '.plumb/states'))
const program = programOf()
const again = () => runDays(root, program, states())
const scan = () => runDays(root, program)

/** Rows whose keys occur nowhere else. */
const own = (from: number, count = 6): readonly Cells[] =>
  Array.from({ length: count }, (_, i) => [from + i, i, (from + i) / 4, i % 2 === 0 ? 'red' : 'blue'] as const)

const said = (run: DayRun, clause: string) => run.statements.get(`d ${clause} [all]`)

async function keptFiles(kind: RegExp): Promise<readonly string[]> {
  const folder = join(root, '.plumb/states')
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => kind.test(name)).map((name) => join(folder, name))
}

/** Clauses of which the plan says that they read all rows. */
async function wholeInPlan(): Promise<readonly string[]> {
  const { relations } = await planTest({ program, root, stages: ['data'], states: { ...states(), toolVersion: '0' } })
  return relations.flatMap(({ merged }) => merged?.whole.map(({ clause }) => clause) ?? []).toSorted()
}

describe('keys that are unique', () => {
  beforeEach(async () => {
    await write('1', own(0))
    await write('2', own(10))
    await write('3', own(20))
  })

  test('are decided from hashes; a new day costs a new day', async () => {
    const first = await again()
    expect(first.merged).toBe(7)
    expectSame(first, await scan())
    await write('4', own(30))
    const more = await again()
    expect([more.measured, more.merged]).toEqual([['data/4.csv'], 7])
    expectSame(more, await scan())
    await rm(join(root, 'data/2.csv'))
    const fewer = await again()
    expect([fewer.digested, fewer.merged]).toEqual([[], 7])
    expectSame(fewer, await scan())
  })

  test.each([
    ['a row of another file', [[13, 0, 100, 'x']]],
    ['the other zero', [[40, 0, '-0.0', 'red']]],
    ['a key without a part', [['', 1, 5, 'a']]],
    ['twice in one file', [...own(50), [50, 9, 1000, 'b']]],
    ['a whole file again', own(10)],
    ['an empty file', []],
  ] as const)(
    'a new day that repeats something is what all rows say of it, and then the plan says so: %s',
    async (_, rows) => {
      await again()
      await write('4', rows as readonly Cells[])
      const found = await again()
      expectSame(found, await scan())
      const facts = await Promise.all((await keptFiles(/fact-.*\.json$/)).map((path) => readFile(path, 'utf8')))
      const planned = await wholeInPlan()
      const known = await again()
      expectSame(known, found)
      // Of a clause all slices are planned together.
      const slices = planned.map((id) => Object.keys(CLAUSES.find((clause) => clause.id === id)?.slices ?? { all: '' }))
      expect(7 - known.merged).toBeGreaterThanOrEqual(planned.length)
      expect(7 - known.merged).toBeLessThanOrEqual(slices.flat().length)
      expect(await Promise.all((await keptFiles(/fact-.*\.json$/)).map((path) => readFile(path, 'utf8')))).toEqual(
        facts,
      )
    },
  )

  test('where a key occurs twice, its rows are shown; and no more once they are gone', async () => {
    await again()
    await write('4', own(12, 1))
    const twice = await again()
    expect(said(twice, 'key')).toMatchObject({ verdict: 'violated', failing: 2 })
    await write('4', own(90, 1))
    const once = await again()
    expect(said(once, 'key')).toMatchObject({ verdict: 'satisfied', failing: 0 })
    expect(once.merged).toBe(7)
  })

  test('hashes and facts that are not what was kept are not believed', async () => {
    await again()
    // The key of the fourth day is one of the first.
    await write('4', own(3, 1))
    const hashes = await keptFiles(/\.parquet$/)
    for (const path of hashes) await writeFile(path, await readFile(hashes[0] as string))
    const facts = await keptFiles(/fact-.*\.json$/)
    expect(facts).toHaveLength(7)
    const found = await again()
    expect(found.merged).toBeLessThan(7)
    expectSame(found, await scan())
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
    ['of other files', (text: string) => text.replaceAll(/sha256:[0-9a-f]{8}/g, 'sha256:00000000')],
    ['no JSON', () => 'sha256:00\n{\n'],
  ])('a fact that is %s costs its question, and nothing else', async (_, spoil) => {
    await again()
    for (const path of await keptFiles(/fact-.*\.json$/)) await writeFile(path, spoil(await readFile(path, 'utf8')))
    const found = await again()
    expect(found.merged).toBe(7)
    await write('4', own(3, 1))
    for (const path of await keptFiles(/fact-.*\.json$/)) await writeFile(path, spoil(await readFile(path, 'utf8')))
    expectSame(await again(), await scan())
  })

  test('hashes without their fact are compared again, and one that is gone makes the clause read all rows', async () => {
    const first = await again()
    for (const path of await keptFiles(/fact-.*\.json$/)) await rm(path)
    for (const path of (await keptFiles(/\.parquet$/)).slice(0, 1)) await rm(path)
    const found = await again()
    expect(found.merged).toBeLessThan(7)
    expectSame(found, first)
  })

  test('a forged fact is not believed by a run that measures anew', async () => {
    await again()
    await write('4', own(3, 1))
    const truth = await again()
    const hashes = (await keptFiles(/\.parquet$/)).map((path) => path.replace(/^.*sha256-(.*)\.parquet$/, 'sha256:$1'))
    for (const path of await keptFiles(/fact-.*\.json$/)) {
      const [, body = ''] = (await readFile(path, 'utf8')).split('\n')
      const forged = canonicalJson({ ...(JSON.parse(body) as object), files: hashes.toSorted() })
      await writeFile(path, `${digestBytes(forged)}\n${forged}\n`)
    }
    expect(said(truth, 'key')).toMatchObject({ verdict: 'violated' })
    expectSame(await runDays(root, program, { ...states(), anew: true }), truth)
  })

  test('what no file needs any more is removed', async () => {
    await again()
    const before = await keptFiles(/\.parquet$/)
    await rm(join(root, 'data/1.csv'))
    await again()
    expect((await keptFiles(/\.parquet$/)).length).toBeLessThan(before.length)
  })
})

test('of a sensitive key nothing is kept, and all rows are read', async () => {
  await write('1', own(0))
  await write('2', own(10))
  const hidden = {
    ...program,
    datasets: program.datasets.map((dataset) => ({
      ...dataset,
      columns: dataset.columns.map((each) => (each.name === 'id' ? { ...each, sensitive: true as const } : each)),
    })),
  }
  const run = await runDays(root, hidden, states())
  expect(run.merged).toBe(2)
  expectSame(run, await runDays(root, hidden))
})

const TABLES = Number(process.env['PLUMB_STATES_TABLES'] ?? 3)

test('generated days, with more and more that repeats: what all rows say, in every order of the days', async () => {
  for (let table = 0; table < TABLES; table++) {
    const random = stats.createRandom('keys of days', String(table))
    await rm(root, { recursive: true, force: true })
    await mkdir(join(root, 'data'), { recursive: true })
    const spread = [10_000, 300, 40][table % 3] as number
    const ids = new Set<number>()
    for (let day = 0; day < 4; day++) {
      const rows = Array.from({ length: 1 + random.int(12) }, (): Cells => {
        const id = random.int(spread)
        ids.add(id)
        const isLost = random.int(spread) === 0
        return [isLost ? '' : id, random.int(9), random.int(spread) / 2, ['red', 'blue', ''][random.int(3)] ?? '']
      })
      // Days arrive in any order.
      await write(String(random.int(1000)), rows)
      expectSame(await again(), await scan())
    }
  }
})
