import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { render, type Sql, type Value } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSession, type Session, type SessionOptions } from '../duckdb/session.ts'
import { planTest } from '../planning/data-plan.ts'
import type { Row } from '../testing/naive.ts'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import { tableColumns } from '../testing/random-tables.ts'
import { type DayFormat, type DayRun, expectSame, keptIn, runDays as run, writeDay } from './testing/days.ts'

/** Every statement that reached the engine. */
const statements: string[] = []

/** Opens the engine, and notes what it is asked. */
async function watchedSession(options: SessionOptions = {}) {
  const opened = await openSession(options)
  if (!opened.ok) return opened
  const { query, numbers } = opened.value
  const noted = (statement: Sql): Sql => {
    statements.push(render(statement))
    return statement
  }
  const value: Session = {
    ...opened.value,
    query: (statement) => query(noted(statement)),
    numbers: (statement) => numbers(noted(statement)),
  }
  return { ok: true as const, value }
}

/** A run whose engine is watched. */
const runDays: typeof run = (home, program, kept, more) =>
  run(home, program, kept, { openSession: watchedSession, ...more })

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-once-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const rowsOf = (from: number, count = 20): Row[] =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i
    const cells: Readonly<Record<string, Value | null>> = {
      t: 1n,
      i: BigInt(n),
      j: BigInt(n % 7),
      x: n % 5 === 0 ? null : n / 4,
      y: (n * 37) % 11,
      b: n % 2 === 0,
      c: ['red', 'green', 'blue'][n % 3] ?? null,
      k: BigInt(1 + (n % 3)),
      s: `s${n % 4}`,
      at: { timestamp: BigInt(n) * 1_000_000n },
    }
    return new Map(Object.entries(cells))
  })

const CLAUSES: readonly TestClause[] = [
  { id: 'small', every: 'i < 1000' },
  { id: 'few', every: 'i < 25', missing: 'pass' },
  { id: 'mostly', every: 'j != 3', mostly: '0.5' },
  {
    id: 'values',
    must: 'distinct(c) == 3 && distinct(i) > 10 && distinct(at) > 10 && distinct(b) == 2',
    confidence: 'none',
  },
  {
    id: 'sketches',
    must: 'approx_distinct(i) > 10 && approx_distinct(s) == 4 && approx_quantile(y, 0.9) < 12.0',
    confidence: 'none',
  },
  { id: 'mean', must: 'mean(x) > 1.0', confidence: 0.95 },
  { id: 'moments', must: 'variance(y) > 0.0 && sum(i) > 0 && min(at) < max(at) && max(s) >= "a"', confidence: 'none' },
]

const programOf = (format: DayFormat, clauses: readonly TestClause[] = CLAUSES) =>
  buildProgram(
    [{ name: 'd', source: { path: `data/*/*.${format}`, format }, columns: tableColumns, key: ['i'] }],
    clauses,
  )

const DAYS = ['2026-01-01', '2026-01-02', '2026-01-03'] as const
const fileOf = (day: string, format: DayFormat): string => `data/day=${day}/part.${format}`
const states = () => keptIn(join(root, '.plumb/states'))

async function threeDays(format: DayFormat): Promise<DayRun> {
  for (const [i, day] of DAYS.entries()) await writeDay(root, day, rowsOf(i * 20), format)
  return runDays(root, programOf(format), states())
}

/** The files that a run touched: those that its statements name, and those whose bytes it digested. */
async function touchedBy(
  again: () => Promise<DayRun>,
): Promise<{ readonly run: DayRun; readonly files: readonly string[] }> {
  statements.length = 0
  const done = await again()
  const named = statements.flatMap((text) =>
    [...text.matchAll(/data\/day=[^']*?part\.(csv|parquet)/g)].map(([path]) => path),
  )
  return { run: done, files: [...new Set([...named, ...done.digested])].sort() }
}

describe.each(['csv', 'parquet'] as const)('files of %s', (format) => {
  const program = programOf(format)
  const again = () => touchedBy(() => runDays(root, program, states()))
  const scan = () => runDays(root, program)

  test('are read once: the second run touches none, and says the same', async () => {
    const first = await threeDays(format)
    expect(first.measured).toHaveLength(3)
    const { run, files } = await again()
    expect(files).toEqual([])
    expect(run.merged).toBe(CLAUSES.length)
    expectSame(run, first)
    expectSame(run, await scan())
  })

  test('a new day costs a new day', async () => {
    await threeDays(format)
    await writeDay(root, '2026-01-04', rowsOf(60), format)
    const { run, files } = await again()
    expect(files).toEqual([fileOf('2026-01-04', format)])
    expect(run.merged).toBe(CLAUSES.length)
    expectSame(run, await scan())
  })

  test('what would be read is known before', async () => {
    await threeDays(format)
    const foreseen = async () => {
      const kept = { ...states(), toolVersion: '0' }
      const { relations } = await planTest({ program, root, stages: ['data'], states: kept })
      return relations[0]
    }
    const none = await foreseen()
    expect(none?.merged).toMatchObject({ files: 3, kept: 3, whole: [] })
    expect(none?.passes).toMatchObject([{ kind: 'files', questions: 0, bytes: 0 }])
    await writeDay(root, '2026-01-04', rowsOf(60), format)
    const one = await foreseen()
    expect(one?.merged).toMatchObject({ files: 4, kept: 3 })
    expect(one?.passes).toMatchObject([{ kind: 'files', questions: 1, clauses: CLAUSES.map(({ id }) => id) }])
  })

  test('a changed day costs that day, a removed one nothing', async () => {
    await threeDays(format)
    await writeDay(root, DAYS[1], rowsOf(100, 30), format)
    const changed = await again()
    expect(changed.files).toEqual([fileOf(DAYS[1], format)])
    expectSame(changed.run, await scan())
    await rm(join(root, 'data', `day=${DAYS[0]}`), { recursive: true })
    const removed = await again()
    expect(removed.files).toEqual([])
    expect(removed.run.statements.get('d small [all]')).toMatchObject({ n: 50 })
    expectSame(removed.run, await scan())
  })

  test('distinct cells are asked for once', async () => {
    await writeDay(root, DAYS[0] ?? '', rowsOf(0), format)
    statements.length = 0
    await again()
    expect(statements.filter((text) => /count\(DISTINCT/i.test(text))).toEqual([])
    expect(statements.filter((text) => /SELECT DISTINCT/.test(text))).toHaveLength(4)
  })

  test('a new clause costs itself: what is known of the others stays', async () => {
    await threeDays(format)
    const more = programOf(format, [...CLAUSES, { id: 'new', every: 'k < 3' }])
    const { run, files } = await touchedBy(() => runDays(root, more, states()))
    expect(files).toEqual(DAYS.map((day) => fileOf(day, format)))
    expect(statements.filter((text) => /var_samp|"c9"/.test(text))).toEqual([])
    expectSame(run, await runDays(root, more))
    expect((await touchedBy(() => runDays(root, more, states()))).files).toEqual([])
  })

  test('a file of the same bytes at other times is digested, and not measured', async () => {
    await threeDays(format)
    await utimes(join(root, fileOf(DAYS[2], format)), 1, 1)
    const { run, files } = await again()
    expect(files).toEqual([fileOf(DAYS[2], format)])
    expect(run.measured).toEqual([])
    expect(run.digested).toEqual([fileOf(DAYS[2], format)])
  })

  test('other bytes under the same size and time are seen', async () => {
    await threeDays(format)
    const path = join(root, fileOf(DAYS[0], format))
    await utimes(path, 1000, 1000)
    await again()
    const bytes = await readFile(path)
    await writeDay(root, DAYS[0], rowsOf(3), format)
    const other = await readFile(path)
    if (other.length === bytes.length) await utimes(path, 1000, 1000)
    const { run } = await again()
    expect(run.measured).toEqual([fileOf(DAYS[0], format)])
    expectSame(run, await scan())
  })

  test('a clause that needs all rows reads them, and the others do not change', async () => {
    await threeDays(format)
    const more = programOf(format, [...CLAUSES, { id: 'order', must: 'ascents(x) > 0', confidence: 'none' }])
    const { run, files } = await touchedBy(() => runDays(root, more, states()))
    expect(files).toHaveLength(3)
    expect([run.merged, run.measured]).toEqual([CLAUSES.length, []])
    expectSame(run, await runDays(root, more))
  })

  test('anew: nothing that was kept is believed', async () => {
    await threeDays(format)
    const anew = { ...states(), anew: true as const }
    const { run } = await touchedBy(() => runDays(root, program, anew))
    expect([run.measured.length, run.digested.length]).toEqual([3, 3])
    expectSame(run, await scan())
  })
})

describe('what is kept', () => {
  const program = programOf('parquet')
  const again = () => runDays(root, program, states())

  async function keptFiles(kind: RegExp): Promise<readonly string[]> {
    const folder = join(root, '.plumb/states')
    const names = await readdir(folder, { recursive: true })
    return names.filter((name) => kind.test(name)).map((name) => join(folder, name))
  }

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['one byte changed', (bytes: Buffer) => (bytes.writeUInt8((bytes[200] ?? 0) ^ 1, 200), bytes)],
    ['not JSON', () => Buffer.from('sha256:00\nno\n')],
    [
      'of other bytes, with the digest it had',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace(/"rows":20/g, '"rows":21')),
    ],
  ])('a state that is %s is refused, and its file measured again', async (_, spoil) => {
    const first = await threeDays('parquet')
    const [state = ''] = await keptFiles(/\/sha256-[^/]*\.json$/)
    await writeFile(state, spoil(await readFile(state)))
    const run = await again()
    expect([run.measured, run.refused]).toEqual([[expect.any(String)], run.measured])
    expectSame(run, first)
    const next = await again()
    expect([next.measured, next.refused]).toEqual([[], []])
  })

  test('a state under the name of another is refused', async () => {
    const first = await threeDays('parquet')
    const [one = '', other = ''] = await keptFiles(/\/sha256-[^/]*\.json$/)
    await writeFile(one, await readFile(other))
    const run = await again()
    expect(run.measured).toHaveLength(1)
    expectSame(run, first)
  })

  test('spoilt failing rows are not shown: the clause reads all rows', async () => {
    const first = await threeDays('parquet')
    for (const path of await keptFiles(/\.parquet$/)) await writeFile(path, 'PAR1')
    const run = await again()
    expect(run.merged).toBeLessThan(CLAUSES.length)
    expectSame(run, first)
  })

  test('what is known of the files is believed only whole', async () => {
    await threeDays('parquet')
    const [known = ''] = await keptFiles(/files-[^/]*\.json$/)
    await writeFile(known, (await readFile(known, 'utf8')).replace(/[0-9a-f]{64}"\]/, `${'0'.repeat(64)}"]`))
    const run = await again()
    expect([run.digested.length, run.measured.length]).toEqual([3, 0])
  })

  test('a disk that takes nothing changes nothing but the cost', async () => {
    for (const [i, day] of DAYS.entries()) await writeDay(root, day, rowsOf(i * 20), 'parquet')
    const host = nodeHost()
    const refuse = () =>
      Promise.resolve({
        ok: false,
        error: { kind: 'no-space', operation: 'write', path: '', message: 'full' },
      } as const)
    const files = { ...host.files, writeAtomic: refuse, rename: refuse }
    const run = await runDays(root, program, { ...states(), host: { ...host, files } })
    expectSame(run, await runDays(root, program))
    expect((await again()).measured).toHaveLength(3)
  })

  test('a run that ends in the middle leaves whole states: the next measures the rest', async () => {
    for (const [i, day] of DAYS.entries()) await writeDay(root, day, rowsOf(i * 20), 'parquet')
    const host = nodeHost()
    const stop = new AbortController()
    const files: typeof host.files = {
      ...host.files,
      async writeAtomic(path, data, options) {
        const written = await host.files.writeAtomic(path, data, options)
        stop.abort()
        return written
      },
    }
    const cut = await runDays(root, program, { ...states(), host: { ...host, files } }, { signal: stop.signal })
    expect([...cut.statements.values()].map(({ verdict }) => verdict)).toEqual(CLAUSES.map(() => 'skipped'))
    const run = await again()
    expect(run.measured).toHaveLength(2)
    expectSame(run, await runDays(root, program))
  })

  test('is bounded: what no file and no clause needs any more is removed', async () => {
    await threeDays('parquet')
    const before = await keptFiles(/./)
    await rename(join(root, 'data', `day=${DAYS[0]}`), join(root, 'gone'))
    await again()
    const after = await keptFiles(/./)
    expect(after.length).toBeLessThan(before.length)
    expect(await keptFiles(/\/sha256-[^/]*\.json$/)).toHaveLength(2)
  })

  test('of many new days only the first keep rows that are tolerated; where those are gone, another is read for them', async () => {
    const clauses: readonly TestClause[] = [{ id: 'mostly', every: 'j != 3', mostly: '0.5' }, CLAUSES[3] as TestClause]
    const program = programOf('csv', clauses)
    const days = Array.from({ length: 12 }, (_, i) => `2026-02-${String(i + 1).padStart(2, '0')}`)
    for (const [i, day] of days.entries()) await writeDay(root, day, rowsOf(i * 20), 'csv')
    expectSame(await runDays(root, program, states()), await runDays(root, program))
    expect(await keptFiles(/\.parquet$/)).toHaveLength(8)
    for (const day of days.slice(0, 9)) await rm(join(root, 'data', `day=${day}`), { recursive: true })
    const { relations } = await planTest({ program, root, stages: ['data'], states: { ...states(), toolVersion: '0' } })
    expect(relations[0]?.merged).toMatchObject({ files: 3, kept: 1 })
    const { run, files } = await touchedBy(() => runDays(root, program, states()))
    expect(files).toEqual(days.slice(9, 11).map((day) => fileOf(day, 'csv')))
    expect(run.merged).toBe(2)
    expectSame(run, await runDays(root, program))
    expect((await touchedBy(() => runDays(root, program, states()))).files).toEqual([])
  })

  test('cells of sensitive columns are kept nowhere', async () => {
    const clauses: readonly TestClause[] = [{ id: 'few', every: 'i < 25' }]
    const open = programOf('parquet', clauses)
    const program = {
      ...open,
      datasets: open.datasets.map((dataset) => ({
        ...dataset,
        columns: dataset.columns.map((column) =>
          column.name === 'i' ? { ...column, sensitive: true as const } : column,
        ),
      })),
    }
    for (const [i, day] of DAYS.entries()) await writeDay(root, day, rowsOf(i * 20), 'parquet')
    const run = await runDays(root, program, states())
    expect(await keptFiles(/\.parquet$/)).toEqual([])
    expectSame(run, await runDays(root, program))
  })
})

describe('files that are not alike', () => {
  test('columns that differ: all files are read, as ever', async () => {
    await threeDays('csv')
    const path = join(root, fileOf(DAYS[1], 'csv'))
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('t,i,j', 't,j,i'))
    const run = await runDays(root, programOf('csv'), states())
    expect(run.merged).toBe(0)
    expectSame(run, await runDays(root, programOf('csv')))
  })
})
