import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type FaultResult, type Program, sql } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession, type Session } from '../duckdb/session.ts'
import { cellOf, misfitOf, openBaseData, type RowTable } from './base-data.ts'
import { plantInData } from './data-fault.ts'
import type { MutationRun } from './run-mutation.ts'
import { runMutation } from './run-mutation.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const ROWS = 400
const SPEC = `plumbline: 1
system: { name: loans }
data:
  loans:
    source: loans.csv
    key: [id]
    splits: { train: 'part == "train"', test: 'part == "test"' }
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 99] }
      income: { type: number, optional: true }
      sex: { type: category, values: [f, m] }
      part: { type: category, values: [train, test], role: split }
      bad: { type: boolean, role: label }
clauses:
  enough: { says: Enough., of: loans, must: count() >= 250 }
  apart: { says: Apart., of: loans, must: "overlap(loans.train, loans.test, id) == 0" }
  exact: { says: Breaks when rows are drawn again., of: loans, must: mean(age) == 47.4, severity: info }
`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-mutation-'))
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const age = 18 + ((i * 37) % 60)
    return [
      i,
      age,
      1000 + ((i * 7919) % 5000),
      i % 3 === 0 ? 'f' : 'm',
      i % 4 === 0 ? 'test' : 'train',
      i % 5 === 0,
    ].join(',')
  })
  await writeFile(join(root, 'loans.csv'), `id,age,income,sex,part,bad\n${lines.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true, force: true }))

function programOf(text: string): Program {
  return compiledSpec(text)
}

const program = programOf(SPEC)

async function run(
  operators: readonly string[],
  more: {
    readonly controls?: number
    readonly signal?: AbortSignal
    readonly spec?: boolean
    readonly text?: string
    readonly seed?: string
  } = {},
): Promise<MutationRun> {
  const { text: written = SPEC } = more
  const ran = await runMutation({
    program: written === SPEC ? program : programOf(written),
    root,
    toolVersion: '0',
    versions: { others: {} },
    files: new Map(),
    budget: { seed: more.seed ?? 's', faults: 100, controls: more.controls ?? 0, operators: new Set(operators) },
    spec: more.spec ?? false,
    withClause: (yaml) => {
      const text = written.replace('clauses:\n', `clauses:\n${yaml}`)
      return compile({ main: { path: 'plumb.yaml', text }, others: [] }).value
    },
    signal: more.signal,
  })
  if (!ran.ok) throw new Error(ran.cause)
  return ran.value
}

const told = ({ fault, outcome, kills }: FaultResult): string =>
  `${fault.id}: ${outcome} ${[...new Set(kills.map(({ clause }) => clause))].filter((id) => id !== 'exact').join(' ')}`.trim()

describe('faults in data', () => {
  test('are noticed by the clauses that speak of them, and by no others', async () => {
    const { faults } = await run(['null-burst', 'duplicates', 'key-overlap', 'stale-partition', 'encoding'])
    expect(faults.map(told).toSorted()).toEqual(
      [
        'duplicates loans: killed loans.key',
        'encoding loans.age: killed loans.age.type',
        'encoding loans.income: killed loans.income.type',
        'key-overlap loans.test.train: killed loans.key apart',
        'key-overlap loans.train.test: killed loans.key apart',
        'null-burst loans.age: killed loans.age.required',
        'null-burst loans.income: survived',
        'null-burst loans.sex: killed loans.sex.required',
        'stale-partition loans.test.train: killed loans.key enough apart',
        'stale-partition loans.train.test: killed loans.key apart',
      ].toSorted(),
    )
  })

  test('that survive come with a clause that was measured to notice them', async () => {
    const { faults } = await run(['null-burst', 'category-swap', 'label-flip'], { controls: 3 })
    const yaml = new Map(
      faults.flatMap(({ fault, proposal }) => (proposal === undefined ? [] : [[fault.id, proposal.yaml] as const])),
    )
    expect([...yaml.keys()].toSorted()).toEqual(['category-swap loans.sex.f.m', 'null-burst loans.income'])
    expect(yaml.get('null-burst loans.income')).toMatch(/must: "null_share\(income\) <= 0\.0\d+"/)
    // Accepted, it notices the fault for which it was proposed.
    const accepted = programOf(SPEC.replace('clauses:\n', `clauses:\n${yaml.get('null-burst loans.income') ?? ''}`))
    const again = await runMutation({
      program: accepted,
      root,
      toolVersion: '0',
      versions: { others: {} },
      files: new Map(),
      budget: { seed: 's', faults: 100, controls: 5, operators: new Set(['null-burst']) },
      spec: false,
    })
    expect(again.ok && again.value.faults.map(told)).toContain('null-burst loans.income: killed loans-income-complete')
    expect(
      again.ok &&
        again.value.controls.flatMap(({ alarms }) => alarms.map(({ clause }) => clause)).filter((id) => id !== 'exact'),
    ).toEqual([])
  })

  test('are the same faults and verdicts for the same seed', async () => {
    const [first, second] = [await run(['null-burst', 'sampling-bias']), await run(['null-burst', 'sampling-bias'])]
    expect(second).toEqual(first)
  })
})

test('controls break no contract, and show a clause that is fragile', async () => {
  const { controls, baseline } = await run([], { controls: 5 })
  expect(baseline.satisfied).toBe(baseline.asked)
  expect(controls.map(({ cause }) => cause)).toEqual([undefined, undefined, undefined, undefined, undefined])
  const alarms = new Set(controls.flatMap((control) => control.alarms.map(({ clause }) => clause)))
  expect([...alarms]).toEqual(['exact'])
})

test('weaker clauses are noticed on the data as they are, or on a fault that they let pass', async () => {
  const { spec } = await run(['stale-partition', 'slice-drop'], { spec: true })
  const by = Object.fromEntries(spec.map(({ id, by: shown }) => [id, shown]))
  expect(by['flipped-operator apart.1']).toBe('as-is')
  expect(by['relaxed-bound enough.1']).toBe('stale-partition loans.test.train')
})

test('an interruption keeps what was measured', async () => {
  const stop = new AbortController()
  let asked = 0
  const ran = await runMutation({
    program,
    root,
    toolVersion: '0',
    versions: { others: {} },
    files: new Map(),
    budget: { seed: 's', faults: 100, controls: 5 },
    spec: false,
    signal: stop.signal,
    onEvent: ({ kind }) => {
      if (kind === 'asked' && ++asked === 4) stop.abort()
    },
  })
  if (!ran.ok) throw new Error(ran.cause)
  expect(ran.value.interrupted).toBe(true)
  expect(ran.value.faults).toHaveLength(3)
})

describe('the rows that are made', () => {
  let session: Session
  let base: RowTable
  beforeAll(async () => {
    const opened = await openSession()
    if (!opened.ok) throw new Error(opened.error.cause)
    session = opened.value
    const table = (await openBaseData(program, root, session)).tables.get('loans')
    if (table === undefined) throw new Error('The data could not be read.')
    base = table
  })
  afterAll(() => session.close())

  const count = async (rows: RowTable, where: Parameters<typeof sql>[1]): Promise<number> => {
    const read = await session.query(sql`SELECT count(*) AS "n" FROM ${rows.table} WHERE ${where}`)
    if (!read.ok) throw new Error(read.error.cause)
    return Number(read.value.columns.get('n')?.[0])
  }
  const plant = async (
    fault: Pick<Parameters<typeof plantInData>[2], 'operator' | 'columns' | 'wholeRows' | 'share'> &
      Partial<Parameters<typeof plantInData>[2]>,
  ) => {
    const planted = await plantInData(
      session,
      base,
      { group: 'data', dataset: 'loans', id: 'x', says: 'x', ...fault },
      'seed',
    )
    if (!planted.ok) throw new Error(planted.failure.cause)
    return planted.value
  }

  test('have as many changed cells as they say, and no others', async () => {
    const { rows, changed } = await plant({ operator: 'null-burst', columns: ['age'], wholeRows: false, share: 0.1 })
    expect(changed).toBe(await count(rows, sql`${cellOf(rows, 'age')} IS NULL`))
    expect(changed).toBeGreaterThan(ROWS * 0.05)
    expect(changed).toBeLessThan(ROWS * 0.16)
    expect(await count(rows, sql`${cellOf(rows, 'income')} IS NULL`)).toBe(0)
  })

  test('hold what cannot be read as a misfit', async () => {
    const { rows, changed } = await plant({ operator: 'encoding', columns: ['age'], wholeRows: false, share: 0.1 })
    expect(await count(rows, sql`${misfitOf(rows, 'age')} LIKE '%,0'`)).toBe(changed)
  })

  test('exchange two codes both ways, and two columns', async () => {
    const { rows, changed } = await plant({
      operator: 'category-swap',
      columns: ['sex'],
      wholeRows: false,
      share: 1,
      codes: ['f', 'm'],
    })
    expect(changed).toBe(ROWS)
    expect(await count(rows, sql`${cellOf(rows, 'sex')} = 'm'`)).toBe(134)
    const shifted = await plant({ operator: 'column-shift', columns: ['id', 'age'], wholeRows: false, share: 1 })
    expect(await count(shifted.rows, sql`${cellOf(base, 'age')} = "row" - 1`)).toBe(ROWS)
  })

  test('have wrong labels of every kind: truth values, codes and numbers', async () => {
    const wrong = async (column: string) =>
      await plant({ operator: 'label-flip', columns: [column], wholeRows: false, share: 1 })
    const sex = await wrong('sex')
    expect([sex.changed, await count(sex.rows, sql`${cellOf(sex.rows, 'sex')} = 'm'`)]).toEqual([ROWS, 134])
    const age = await wrong('age')
    const ends = await session.query(
      sql`SELECT min(a.x) = min(b.x) AND max(a.x) = max(b.x) AND avg(a.x) <> avg(b.x) AS "same" FROM (SELECT ${cellOf(age.rows, 'age')} AS x, row_number() OVER () AS n FROM ${age.rows.table}) a JOIN (SELECT ${cellOf(base, 'age')} AS x, row_number() OVER () AS n FROM ${base.table}) b USING (n)`,
    )
    expect(ends.ok && ends.value.columns.get('same')?.[0]).toBeTruthy()
    const leak = await plant({ operator: 'label-leak', columns: ['age', 'sex'], wholeRows: false, share: 1 })
    const told = await session.query(
      sql`SELECT count(DISTINCT ${cellOf(leak.rows, 'age')}) AS "n" FROM ${leak.rows.table} WHERE ${cellOf(leak.rows, 'sex')} = 'm'`,
    )
    expect(told.ok && Number(told.value.columns.get('n')?.[0])).toBe(1)
  })

  test('number themselves anew where rows are added or taken away', async () => {
    const { rows, changed } = await plant({
      operator: 'key-overlap',
      columns: [],
      wholeRows: true,
      share: 1,
      splits: ['test', 'train'],
    })
    expect(changed).toBe(100)
    expect(await count(rows, sql`${cellOf(rows, 'part')} = 'train'`)).toBe(400)
    const distinct = await session.query(sql`SELECT count(DISTINCT "row") AS "n" FROM ${rows.table}`)
    expect(distinct.ok && Number(distinct.value.columns.get('n')?.[0])).toBe(500)
    const dropped = await plant({ operator: 'slice-drop', columns: ['sex'], wholeRows: true, share: 1, codes: ['f'] })
    expect([dropped.changed, await count(dropped.rows, sql`${cellOf(rows, 'sex')} = 'f'`)]).toEqual([134, 0])
  })
})

test('what is proposed can be accepted together: the faults are noticed, and nothing else is', async () => {
  const operators = ['unit-change', 'sampling-bias', 'category-swap', 'column-shift', 'label-flip', 'label-leak']
  const bare = SPEC.replace(/ {2}exact: .*\n/, '')
  const { faults } = await run(operators, { controls: 4, text: bare })
  const proposed = faults.filter(({ proposal }) => proposal !== undefined)
  expect(proposed.map(({ fault }) => fault.id).toSorted()).toEqual(
    expect.arrayContaining(['category-swap loans.sex.f.m', 'sampling-bias loans.income', 'unit-change loans.income']),
  )
  const byId = new Map(
    proposed.flatMap(({ proposal }) => (proposal === undefined ? [] : [[proposal.id, proposal.yaml]])),
  )
  // Two faults on both sides of one number have a clause each.
  expect([...byId.keys()]).toEqual(expect.arrayContaining(['loans-income-level', 'loans-income-level-2']))
  const text = bare.replace('clauses:\n', `clauses:\n${[...byId.values()].join('')}`)
  for (const seed of ['s', 't']) {
    const again = await run(operators, { controls: 4, text, seed })
    const unnoticed = again.faults.filter(({ outcome }) => outcome !== 'killed').map(({ fault }) => fault.id)
    expect(proposed.map(({ fault }) => fault.id).filter((id) => unnoticed.includes(id))).toEqual([])
    const alarms = again.controls.flatMap((control) => control.alarms.map(({ clause }) => clause))
    expect(alarms.filter((clause) => byId.has(clause))).toEqual([])
  }
})
