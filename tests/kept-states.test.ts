import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Program, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSame, keptIn, runDays, type DayRun, writeDay } from '../packages/engine/src/states/testing/days.ts'
import { buildProgram, type TestClause } from '../packages/engine/src/testing/program-builder.ts'
import type { Row } from '../packages/engine/src/testing/naive.ts'
import { csvOf, randomRows, tableColumns } from '../packages/engine/src/testing/random-tables.ts'
import { schemaJudge } from './support/schemas.ts'

// Files that `plumb test` keeps of a source: as their schema says; and what comes of files that are not.

/** A question of every kind of state. */
const CLAUSES: readonly TestClause[] = [
  { id: 'rows', every: 'i < 3', missing: 'pass' },
  { id: 'kept', every: 'x < 1.0', mostly: '0.1' },
  {
    id: 'counts',
    must: 'count() > 0 && null_share(x) < 0.9 && share(b) > 0.1 && distinct(c) == 3 && distinct(x) > 1',
    confidence: 'none',
  },
  { id: 'sums', must: 'sum(i) > 0 && sum(x) > 0.0 && mean(i) > 0.0 && mean(y) > 0.0', confidence: 'none' },
  { id: 'ends', must: 'min(i) < max(i) && min(x) < max(x) && min(s) < max(s) && min(at) < max(at)' },
  { id: 'moments', must: 'variance(x) > 0.0 && correlation(x, y) > 0.0', confidence: 'none' },
  {
    id: 'sketches',
    must: 'approx_distinct(s) > 2 && approx_quantile(y, 0.5) > 0.0 && approx_quantile_by_rank(y, 0.5) > 0.0',
    confidence: 'none',
  },
  { id: 'key', uniqueKey: ['at'], slices: { timed: 'at != null' } },
  { id: 'twice', must: 'duplicates(at) == 0', slices: { timed: 'at != null' }, confidence: 'none' },
  { id: 'bins', must: 'psi(x, ref) < 0.3 && js(c, ref) < 0.3', confidence: 'none' },
  {
    id: 'within',
    of: 'd.low',
    must: 'psi(c, d.high) < 0.3 && psi(x, d.high) < 0.3 && ks(y, d.high) < 0.4',
    confidence: 'none',
  },
  { id: 'numbers', must: 'median(x) > 0.0 && stddev(x) < 1.0 && ks(y, ref) < 0.3', confidence: 0.9 },
]

const program: Program = buildProgram(
  [
    {
      name: 'd',
      source: { path: 'data/*/*.csv', format: 'csv' },
      columns: tableColumns,
      splits: { low: 'i < 1', high: 'i >= 1' },
    },
    { name: 'ref', source: { path: 'ref.csv', format: 'csv' }, columns: tableColumns },
  ],
  CLAUSES,
)

/** No cell that leaves int64 or float64 when it is added or squared: then every question is merged. */
const isTame = (row: Row): boolean => ['i', 'j', 'x', 'y'].every((name) => Math.abs(Number(row.get(name) ?? 0)) < 100)

let root = ''
let first: DayRun
let whole: DayRun
const kept = () => keptIn(join(root, '.plumb/states'))
const again = () => runDays(root, program, kept())

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-kept-'))
  const random = stats.createRandom('kept states', 'test')
  const rows = (tables: number) =>
    Array.from({ length: tables }, (_, i) => randomRows(i, random))
      .flat()
      .filter(isTame)
  await writeFile(join(root, 'ref.csv'), csvOf(rows(5)))
  for (const day of ['2026-01-01', '2026-01-02', '2026-01-03']) await writeDay(root, day, rows(12), 'csv')
  first = await again()
  whole = await runDays(root, program)
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function stateFiles(): Promise<readonly string[]> {
  const folder = join(root, '.plumb/states')
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => /\/sha256-[^/]*\.json$/.test(name)).map((name) => join(folder, name))
}

const bodyOf = (text: string): string => text.split('\n')[1] ?? ''
/** A state with the digest that it has. */
const signed = (body: string): string => `sha256:${createHash('sha256').update(body).digest('hex')}\n${body}\n`

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Every place of a value, as the steps that lead to it. */
function placesOf(value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  // The registers of a sketch or the cells of a set are alike: the first few stand for all.
  return [path, ...inside.slice(0, 12).flatMap(([step, each]) => placesOf(each, [...path, step]))]
}

function replaced(value: Json, [step, ...rest]: readonly (string | number)[], by: Json): Json {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((each: Json, i) => (i === step ? replaced(each, rest, by) : each))
  return Object.fromEntries(
    Object.entries(value as { readonly [name: string]: Json }).map(([name, each]) => [
      name,
      name === step ? replaced(each, rest, by) : each,
    ]),
  )
}

const HOSTILE: readonly Json[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 53,
  '',
  '../../etc/passwd',
  'sha256:00',
  [],
  [null],
  {},
  { $number: 'NaN' },
  { int: '9'.repeat(70) },
  { kind: 'none' },
  { $int64: '9223372036854775807' },
  '"; DROP TABLE d; --',
]

describe('what is kept of a file', () => {
  const judge = schemaJudge()

  test('is what its schema says, for states of every kind', async () => {
    expect(first.merged).toBe(CLAUSES.length)
    const kinds = new Set<string>()
    for (const path of await stateFiles()) {
      const text = await readFile(path, 'utf8')
      const state: Json = JSON.parse(bodyOf(text))
      expect(judge('partition-state', state)).toEqual([])
      for (const [, kind = ''] of text.matchAll(/"kind":"([a-z-]+)"/g)) kinds.add(kind)
    }
    expect([...kinds].toSorted()).toEqual(
      [
        'none',
        'whole',
        'sum',
        'least',
        'greatest',
        'moments',
        'co-moments',
        'set',
        'keys',
        'registers',
        'log-histogram',
        'ranks',
        'bins',
      ].toSorted(),
    )
    const [path = ''] = await stateFiles()
    const state: { readonly [name: string]: Json } = JSON.parse(bodyOf(await readFile(path, 'utf8')))
    expect(judge('partition-state', { ...state, more: 1 })).not.toEqual([])
    expect(judge('partition-state', { ...state, rows: -1 })).not.toEqual([])
  })

  test('of another shape under its right digest never reaches a verdict, and is said to be refused', async () => {
    const [path = ''] = await stateFiles()
    const text = await readFile(path, 'utf8')
    const state: Json = JSON.parse(bodyOf(text))
    const random = stats.createRandom('hostile states', 'test')
    const places = placesOf(state)
    const rounds = Number(process.env['PLUMB_STATES_HOSTILE'] ?? 12)
    for (let round = 0; round < rounds; ) {
      const place = places[random.int(places.length)] ?? []
      const by = HOSTILE[random.int(HOSTILE.length)] as Json
      const changed = replaced(state, place, by)
      if (judge('partition-state', changed).length === 0) continue
      round++
      await writeFile(path, signed(JSON.stringify(changed)))
      const run = await again()
      const what = `${place.join('.')} = ${JSON.stringify(by)}`
      expect(
        [run.refused, run.measured].map(({ length }) => length),
        what,
      ).toEqual([1, 1])
      expectSame(run, whole)
    }
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, text.length / 3)],
    ['empty', () => ''],
    ['a line too many', (text: string) => `${text}\n`],
    ['without its digest', bodyOf],
    [
      'in another order of members',
      (text: string) =>
        signed(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(bodyOf(text)) as object).toReversed()))),
    ],
    ['deeply nested', () => signed('['.repeat(200_000))],
    ['with a member twice', (text: string) => signed(bodyOf(text).replace('{', '{"rows":1,'))],
    [
      'of answers of other kinds',
      (text: string) => signed(bodyOf(text).replace(/\{"kind":"whole"[^}]*\}/g, '{"kind":"none"}')),
    ],
  ])('%s is refused, said to be, and made again', async (_, spoil) => {
    const [path = ''] = await stateFiles()
    const text = await readFile(path, 'utf8')
    await writeFile(path, spoil(text))
    const run = await again()
    expect([run.refused.length, run.measured]).toEqual([1, run.refused])
    expectSame(run, whole)
    expect((await readFile(path, 'utf8')) === text).toBe(true)
  })
})
