import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../testing/naive.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { randomRows, tableColumns } from '../testing/random-tables.ts'
import { type DayFormat, expectSame, keptIn, runDays, writeDay } from './testing/days.ts'

const CONDITIONS = ['i >= 0', 'x < y', 'i * j <= 10', 'x / y > 0.5', 'b || i == 1', 's != null', 'c == "red"'] as const
const POLICIES = ['fail', 'pass', 'exclude'] as const
const SLICES: Readonly<Record<string, string>> = { all: '', pos: 'x > 0.0', red: 'c == "red"' }
const MUSTS = [
  'count() >= 0 && null_share(x) >= 0.0 && present(s) >= 0',
  'min(i) <= max(i) && min(x) <= max(x) && min(s) <= max(s) && min(at) <= max(at)',
  'mean(x) >= 0.0 && mean(i) >= 0.0',
  'variance(x) >= 0.0 && stddev(y) >= 0.0 && variance(j) >= 0.0',
  'correlation(x, y) >= -0.5',
  'share(x > 0.0) >= 0.2',
  'sum(i) >= 0',
  'sum(x) >= 0.0',
  'sum(i * j) >= 0',
  'mean(x * y) >= 0.0',
  'column_count() == 10',
  'distinct(c) <= 3',
  'approx_distinct(s) <= 9 && approx_distinct(x) >= 0 && approx_quantile(y, 0.3) > 0.0 && approx_quantile(i, 1.0) > 0.0',
  'median(x) > 0.0 && quantile(y, 0.37) < 1.0 && quantile(i, 0.9) < 4.0 && median(x * y) < 2.0',
  'duplicates(i) <= 4',
] as const

/** Decided by intervals. */
const ESTIMATED = [
  'mean(x) >= 0.0',
  'mean(i) < 1.0',
  'correlation(x, y) < 0.5',
  'share(x > 0.0) >= 0.2',
  'stddev(x) < 1.0',
  'variance(y) < 2.0 && sum(x) < 3.0 && sum(i) < 4',
  'median(x) > 0.0',
  'quantile(y, 0.9) < 2.0 && median(i) < 1.0',
  'median(j) < 2.0 * median(x)',
]

/** Of the rows of one split and those of another in the same files. */
const COMPARED = [
  'psi(x, d.high) < 0.2 && js(i, d.high) < 0.2 && kl(k, d.high) < 1.0',
  'ks(x, d.high) < 0.3 && wasserstein(y, d.high) < 0.5',
  'ks_p(y, d.high) > 0.05 && mann_whitney_p(x, d.high) > 0.05 && chi2_p(y, d.high) > 0.05',
]

function clausesOf(random: stats.Random): TestClause[] {
  const every = CONDITIONS.map((text, i): TestClause => {
    const missing = POLICIES[random.int(3)] ?? 'fail'
    const mostly = ['1', '0.5', '0.9'][random.int(3)] ?? '1'
    return { id: `every-${i}`, every: text, missing, mostly, slices: SLICES, allowEmpty: random.int(2) === 0 }
  })
  const must = [
    ...MUSTS.map((text, i): TestClause => ({ id: `must-${i}`, must: text, slices: SLICES, confidence: 'none' })),
    ...ESTIMATED.map((text, i): TestClause => ({ id: `estimate-${i}`, must: text, slices: SLICES, confidence: 0.9 })),
  ]
  const others: TestClause[] = [
    { id: 'castable', castable: 'i' },
    { id: 'key', uniqueKey: ['t', 'i'] },
    { id: 'splits', disjointSplits: true },
    { id: 'of-split', of: 'd.low', every: 'i < 2', slices: SLICES },
    ...COMPARED.map((must, i): TestClause => ({ id: `compared-${i}`, of: 'd.low', must, confidence: 0.9 })),
    { id: 'of-split-too', of: 'd.low', must: 'mean(x) > 0.0 && count() > 1' },
  ]
  return [...every, ...must, ...others]
}

function programOf(format: DayFormat, clauses: readonly TestClause[]) {
  return buildProgram(
    [
      {
        name: 'd',
        source: { path: `data/*/*.${format}`, format },
        columns: tableColumns,
        key: ['i'],
        splits: { low: 'i < 1', high: 'i > -2' },
      },
    ],
    clauses,
  )
}

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-states-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const TABLES = Number(process.env['PLUMB_STATES_TABLES'] ?? 4)

describe('what is measured file by file and merged says what a scan of all files says', () => {
  test.each([
    ['csv', 0],
    ['parquet', 1],
  ] as const)('generated tables of %s, and again with one more day', async (format, first) => {
    for (let table = first; table < TABLES; table += 2) {
      const random = stats.createRandom('days', String(table))
      const home = join(root, `table-${table}`)
      const day = async (name: string): Promise<Row[]> => {
        const rows = [...randomRows(1, random), ...randomRows(2, random)]
        await writeDay(home, name, rows, format)
        return rows
      }
      for (let at = 1; at <= 1 + random.int(5); at++) await day(`2026-01-0${at}`)
      const program = programOf(format, clausesOf(random))
      const states = keptIn(join(home, '.plumb/states'))
      const begun = await runDays(home, program, states)
      expectSame(begun, await runDays(home, program))
      await day('2026-01-09')
      const more = await runDays(home, program, states)
      expect(more.measured, `table ${table}`).toEqual([`data/day=2026-01-09/part.${format}`])
      expectSame(more, await runDays(home, program))
    }
  })
})
