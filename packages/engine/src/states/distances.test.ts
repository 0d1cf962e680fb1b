import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, stats } from '@plumbline/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { planTest } from '../planning/data-plan.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { csvOf, randomRows, tableColumns } from '../testing/random-tables.ts'
import { type DayFormat, expectSame, keptIn, runDays, writeDay } from './testing/days.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Distances of what days came to, against the same distances over all rows: numbers, intervals and verdicts.

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-parted-distances-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const DISTANCES = Object.keys(stats.histogramDistances) as stats.HistogramDistanceName[]
const TESTS = ['chi2_p', 'g_p'] as const
const SAMPLED = ['ks', 'wasserstein', 'shift_auc', 'ks_p', 'mann_whitney_p', 'energy_p', 'anderson_darling_p'] as const
const SLICES: Readonly<Record<string, string>> = { all: '', pos: 'x > 0.0', red: 'c == "red"' }

/** One clause of several estimates, as `max_over` and plain arithmetic make them, and one of each distance and test. */
const CLAUSES: readonly TestClause[] = [
  ...DISTANCES.flatMap((name): TestClause[] => [
    { id: name, must: `${name}(x, ref) < 0.3 && ${name}(c, ref) < 0.3 && ${name}(k, ref.low) < 0.3`, confidence: 0.9 },
    {
      id: `${name}-of-rows`,
      must: `${name}(i, ref) < 0.3 || ${name}(b, ref) < 0.3`,
      slices: SLICES,
      confidence: 'none',
    },
    { id: `${name}-within`, of: 'd.low', must: `${name}(c, d.high) < 0.3`, slices: SLICES, confidence: 'none' },
  ]),
  { id: 'slices', must: 'psi(y, ref) < 0.3', slices: SLICES, confidence: 0.9 },
  ...TESTS.map(
    (name): TestClause => ({ id: name, must: `${name}(y, ref) > 0.01 && ${name}(c, ref) > 0.01`, slices: SLICES }),
  ),
  { id: 'two-values', must: 'fisher_p(b, ref) > 0.01 && z_p(b, ref) > 0.01', slices: SLICES },
  ...SAMPLED.flatMap((name): TestClause[] => [
    {
      id: name,
      must: `${name}(x, ref) < 0.3 && ${name}(i, ref.low) < 0.3`,
      confidence: name.endsWith('_p') ? 'none' : 0.9,
    },
    { id: `${name}-within`, of: 'd.low', must: `${name}(y, d.high) < 0.3`, slices: SLICES, confidence: 'none' },
  ]),
  {
    id: 'moving-edges',
    of: 'd.low',
    must: 'psi(x, d.high) < 0.5 && chi2_p(y, d.high) > 0.01',
    slices: SLICES,
    confidence: 'none',
  },
  { id: 'several', must: 'psi(x, ref) + psi(y, ref) < 2.0 * js(c, ref)', confidence: 0.9 },
]

/** What the rows themselves decide. */
const WHOLE: readonly TestClause[] = [
  { id: 'order', must: 'psi(x, ref) < 0.5 && ascents(y) > 2', confidence: 'none' },
  { id: 'mixed', must: 'psi(x, ref) < mean(y)', confidence: 0.9 },
]

const programOf = (format: DayFormat, clauses: readonly TestClause[]): Program =>
  buildProgram(
    [
      {
        name: 'd',
        source: { path: `data/*/*.${format}`, format },
        columns: tableColumns,
        splits: { low: 'i < 1', high: 'i >= 1' },
      },
      { name: 'ref', source: { path: 'ref.csv', format: 'csv' }, columns: tableColumns, splits: { low: 'i < 2' } },
    ],
    clauses,
  )

const rowsOf = (random: stats.Random, tables: number) =>
  Array.from({ length: tables }, (_, i) => randomRows(i, random)).flat()

const writeReference = (random: stats.Random, tables = 4) =>
  writeFile(join(root, 'ref.csv'), csvOf(rowsOf(random, tables)))

const TABLES = Number(process.env['PLUMB_STATES_TABLES'] ?? 1)
const states = () => keptIn(join(root, '.plumb/states'))

describe.each(['csv', 'parquet'] as const)('distances of days of %s', (format) => {
  test('are those of all rows, and a new day costs a new day', async () => {
    for (let table = 0; table < TABLES; table++) {
      const random = stats.createRandom('distances of days', `${format} ${table}`)
      const program = programOf(format, CLAUSES)
      await writeReference(random, random.int(5))
      for (let at = 1; at <= 2 + random.int(4); at++)
        await writeDay(root, `2026-01-0${at}`, rowsOf(random, 1 + random.int(3)), format)
      const first = await runDays(root, program, states())
      expect(first.merged, `table ${table}`).toBe(first.statements.size)
      expectSame(first, await runDays(root, program))
      await writeDay(root, '2026-01-09', rowsOf(random, 2), format)
      const more = await runDays(root, program, states())
      expect(more.measured).toEqual([`data/day=2026-01-09/part.${format}`])
      expect(more.merged).toBe(more.statements.size)
      expectSame(more, await runDays(root, program))
      await rm(join(root, 'data'), { recursive: true })
    }
  })

  test('are the same in any order of the days', async () => {
    const random = stats.createRandom('distances of days', 'orders')
    const program = programOf(
      format,
      // What is drawn follows the digest of the files, and with it their order.
      CLAUSES.filter(({ id, confidence }) => confidence === 'none' && !id.startsWith('energy')),
    )
    await writeReference(random)
    const days = Array.from({ length: 4 }, () => rowsOf(random, 2))
    const measured: (string | undefined)[] = []
    for (const order of [
      [0, 1, 2, 3],
      [3, 1, 0, 2],
      [2, 3, 1, 0],
    ]) {
      for (const [at, day] of order.entries()) await writeDay(root, `2026-01-0${at + 1}`, days[day] ?? [], format)
      const { statements, merged } = await runDays(root, program, states())
      expect(merged).toBe(statements.size)
      measured.push(JSON.stringify([...statements.values()].map((each) => ('measured' in each ? each.measured : null))))
    }
    expect(new Set(measured).size).toBe(1)
  })
})

describe('what bins rest on', () => {
  const program = programOf('parquet', CLAUSES)
  const random = () => stats.createRandom('distances of days', 'reference')

  async function days(): Promise<void> {
    const own = random()
    await writeReference(own)
    for (const day of ['2026-01-01', '2026-01-02']) await writeDay(root, day, rowsOf(own, 3), 'parquet')
  }

  test('a reference whose edges moved: the files are counted again by them', async () => {
    await days()
    await runDays(root, program, states())
    const other = stats.createRandom('distances of days', 'another reference')
    await writeFile(join(root, 'ref.csv'), csvOf(rowsOf(other, 6)))
    const again = await runDays(root, program, states())
    expect(again.measured).toHaveLength(2)
    expect(again.merged).toBe(again.statements.size)
    expectSame(again, await runDays(root, program))
    expect((await runDays(root, program, states())).measured).toEqual([])
  })

  test('a reference of other bytes with the same edges: what was counted stays', async () => {
    await writeReference(random())
    for (const day of ['2026-01-01', '2026-01-02']) await writeDay(root, day, rowsOf(random(), 3), 'parquet')
    await runDays(root, program, states())
    await writeFile(join(root, 'ref.csv'), csvOf(rowsOf(random(), 4).toReversed()))
    const again = await runDays(root, program, states())
    expect(again.measured).toEqual([])
    expectSame(again, await runDays(root, program))
  })

  test('a reference that cannot be read is an error of its clauses, as ever', async () => {
    await days()
    await rm(join(root, 'ref.csv'))
    const run = await runDays(root, program, states())
    expectSame(run, await runDays(root, program))
    expect(run.statements.get('d psi [all]')?.verdict).toBe('error')
    expect(run.statements.get('d.low psi-within [all]')?.verdict).not.toBe('error')
  })

  test('what the values themselves decide reads them, and says so before', async () => {
    await days()
    const both = programOf('parquet', [...CLAUSES, ...WHOLE])
    const run = await runDays(root, both, states())
    expect(run.statements.size - run.merged).toBe(WHOLE.length)
    expectSame(run, await runDays(root, both))
    const kept = { ...states(), toolVersion: '0' }
    const { relations } = await planTest({ program: both, root, stages: ['data'], states: kept })
    const [d, low] = relations
    expect(d?.merged?.whole).toEqual([
      { clause: 'order', because: '`ascents(y)` needs the rows themselves' },
      { clause: 'mixed', because: 'several estimates in one comparison are resampled row by row' },
    ])
    expect(d?.merged).toMatchObject({ files: 2, kept: 2, compared: ['ref', 'ref.low'] })
    expect(low?.merged?.whole).toEqual([])
  })
})

test('the distance of all columns, as a spec asks it', async () => {
  const random = stats.createRandom('distances of days', 'all columns')
  await writeReference(random, 9)
  for (const day of ['2026-01-01', '2026-01-02']) await writeDay(root, day, rowsOf(random, 6), 'csv')
  const columns =
    '{ x: { type: number, optional: true }, i: { type: integer, optional: true }, c: { type: category, values: [red, green, blue], optional: true } }'
  const text = `plumbline: 1
system: { name: drift, version: 1.0.0 }
data:
  d: { source: "data/*/*.csv", columns: ${columns} }
  ref: { source: ref.csv, columns: ${columns} }
clauses:
  alike: { of: d, must: "max_over(columns, psi(column, ref)) < 0.5" }
  each: { of: d, must: "all_over(columns, js(column, ref) < 0.5)" }
`
  const program = compiledSpec(text)
  const select = ({ clause }: { readonly clause: { readonly id: string } }) => ['alike', 'each'].includes(clause.id)
  const run = await runDays(root, program, states(), { select })
  expect(run.merged).toBe(2)
  expectSame(run, await runDays(root, program, undefined, { select }))
})
