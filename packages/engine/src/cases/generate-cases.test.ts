import { type Program } from '@plumbline/core'
import type { CaseSet, RelationCase, RowCase } from '@plumbline/core/cases'
import { describe, expect, it } from 'vitest'
import { nextAfter } from '../release/columns.ts'
import { betweenRows } from './between.ts'
import { columnsOfDataset } from './columns.ts'
import { generateCases } from './generate-cases.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const SPEC = `plumbline: 1
system: { name: loans, version: 0.1.0 }
data:
  loans:
    source: loans.csv
    columns:
      amount: { type: number, range: [100, 50_000] }
      income: { type: number, range: [0, 1_000_000] }
      months: { type: integer, range: [6, 84] }
      grade: { type: category, values: [1, 2, 5] }
      insured: { type: boolean }
      open: { type: integer, range: [0, 3], optional: true }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: loans, columns: [amount, income, months, grade, insured, open] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  affordable: { says: a, of: [loans, requests], every: "amount <= 2.0 * income" }
  cautious: { says: a, of: requests, every: "!decision || risk > 0.4" }
  longer-is-riskier:
    says: a
    of: champion
    forall: { x: loans, g: loans.columns.grade }
    assume: x.amount >= 1_000.0 && g != 5
    let: { y: "x.with({'open': x.open + 1, 'grade': g})" }
    holds: champion(y).risk >= champion(x).risk
  mostly-low: { says: a, of: champion.loans, every: risk <= 0.9, mostly: 97% }
  rounded-down: { says: a, of: loans, every: "math.round(income) == math.trunc(income)" }
  near-alike: { says: a, of: champion, forall: { x: "near(loans.rows, 0.01)" }, holds: champion(x).risk >= 0.0 }
`

const programOf = (text: string): Program => {
  return compiledSpec(text)
}

const OPTIONS = { strength: 2, seed: 'test', moves: 200, emit: [] }
const made = generateCases(programOf(SPEC), OPTIONS)
const rowsOf = (set: CaseSet, clause: string): readonly RowCase[] =>
  set.cases.filter((each) => each.kind === 'row').filter((each) => each.clause === clause)

describe('generateCases', () => {
  it('gives the same cases for the same program and options', () => {
    expect(generateCases(programOf(SPEC), OPTIONS)).toEqual(made)
  })

  it('asks a condition that rounds where rounding turns over', () => {
    const halves = rowsOf(made, 'rounded-down').map(({ row, satisfied }) => [row['income'], satisfied])
    expect(halves).toEqual(
      expect.arrayContaining([
        [0.5, false],
        [0.49999999999999994, true],
        [1, true],
      ]),
    )
  })

  it('gives each case one id', () => {
    expect(new Set(made.cases.map(({ id }) => id)).size).toBe(made.cases.length)
  })

  it('touches the ends of a range, and what lies just beyond', () => {
    const cells = rowsOf(made, 'loans.amount.range').map(({ row, satisfied }) => [row['amount'], satisfied])
    for (const inside of [100, 50_000]) expect(cells).toContainEqual([inside, true])
    for (const outside of [99, 50_001, nextAfter(50_000, 1), nextAfter(100, -1)])
      expect(cells).toContainEqual([outside, false])
  })

  it('takes every code of a category, and one that is none', () => {
    const cells = rowsOf(made, 'loans.grade.values').map(({ row, satisfied }) => [row['grade'], satisfied])
    expect(cells).toEqual(expect.arrayContaining([1, 2, 5].map((code) => [code, true])))
    expect(cells.some(([, satisfied]) => satisfied === false)).toBe(true)
  })

  it('finds the two rows at the border of a condition', () => {
    const border = rowsOf(made, 'affordable').filter(({ reason }) => reason === 'boundary')
    expect(border.map(({ satisfied }) => satisfied).toSorted()).toEqual([false, true])
    const margins = border.map(({ row }) => 2 * Number(row['income']) - Number(row['amount']))
    expect(Math.abs((margins[0] ?? 1) - (margins[1] ?? 0))).toBeLessThan(1e-6)
  })

  it('finds the two texts at the border of a size', () => {
    const set = generateCases(
      programOf(`plumbline: 1
system: { name: notes, version: 0.1.0 }
data: { notes: { source: notes.csv, columns: { note: { type: text }, vip: { type: boolean } } } }
clauses:
  short: { says: a, of: notes, every: size(note) <= 80 }
  longer: { says: a, of: notes, every: "!vip || size(note) > 4" }
`),
      OPTIONS,
    )
    const sizes = (clause: string) =>
      rowsOf(set, clause).map(({ row, satisfied }) => [String(row['note']).length, row['vip'] ?? null, satisfied])
    expect(sizes('short')).toEqual(
      expect.arrayContaining([
        [80, null, true],
        [81, null, false],
      ]),
    )
    expect(sizes('longer')).toEqual(
      expect.arrayContaining([
        [5, true, true],
        [4, true, false],
      ]),
    )
  })

  it('asks the model of rows that the clauses on requests allow only', () => {
    const asked = made.cases.filter((each) => each.kind === 'answer')
    expect(new Set(asked.map(({ clause }) => clause))).toEqual(
      new Set(['champion.risk.required', 'champion.risk.range', 'cautious']),
    )
    for (const { row } of asked) expect(Number(row['amount'])).toBeLessThanOrEqual(2 * Number(row['income']))
    const array = made.arrays.find(({ clauses }) => clauses.includes('cautious'))
    expect(array?.infeasible).toBeGreaterThan(0)
  })

  it('relates inputs that the clause speaks of only, the moved column at each of its values', () => {
    const related = made.cases.filter((each): each is RelationCase => each.clause === 'longer-is-riskier')
    const pairs = related.map(
      ({ inputs }) => inputs as { x: Record<string, number>; y: Record<string, number>; g: number },
    )
    expect(new Set(pairs.map(({ x }) => x['open']))).toEqual(new Set([0, 1, 2]))
    for (const { x, y, g } of pairs) {
      expect(y['open']).toBe(Number(x['open']) + 1)
      expect([y['grade'], y['amount']]).toEqual([g, x['amount']])
      expect(x['amount']).toBeGreaterThanOrEqual(1000)
      expect([1, 2]).toContain(g)
    }
  })

  it('says of each clause without cases why it has none', () => {
    const spoken = new Set([...Object.keys(made.clauses), ...made.omitted.map(({ clause }) => clause)])
    for (const { id } of programOf(SPEC).clauses) expect(spoken, id).toContain(id)
    expect(made.omitted).toContainEqual({
      clause: 'mostly-low',
      why: expect.stringContaining('share of answers') as string,
    })
    expect(made.omitted).toContainEqual({ clause: 'near-alike', why: expect.stringContaining('actual rows') as string })
  })

  it('keeps the cases of clauses that do not change when another one does', () => {
    const other = generateCases(
      programOf(SPEC.replace('months: { type: integer, range: [6, 84] }', 'months: { type: integer, range: [6, 60] }')),
      OPTIONS,
    )
    const ids = (set: CaseSet) => rowsOf(set, 'loans.amount.range').map(({ id }) => id)
    expect(ids(other)).toEqual(ids(made))
    expect(rowsOf(other, 'loans.months.range')).not.toEqual(rowsOf(made, 'loans.months.range'))
  })

  it('says so of what reads a list, and goes on without', () => {
    const text = SPEC.replace('      insured:', '      tags: { type: list(text) }\n      insured:').replace(
      'clauses:\n',
      'clauses:\n  tagged: { says: a, of: loans, every: size(tags) > 0 }\n',
    )
    const set = generateCases(programOf(text), OPTIONS)
    expect(set.omitted).toContainEqual({ clause: 'tagged', why: expect.stringContaining('list') as string })
    expect(rowsOf(set, 'loans.amount.range').map(({ id }) => id)).toEqual(
      rowsOf(made, 'loans.amount.range').map(({ id }) => id),
    )
  })

  it('says so where no row satisfies all clauses', () => {
    const set = generateCases(
      programOf(
        SPEC.replace(
          'clauses:\n',
          'clauses:\n  never: { says: a, of: loans, every: "amount > 2.0 * income && income > 40_000.0" }\n',
        ),
      ),
      OPTIONS,
    )
    expect(set.omitted).toContainEqual({ clause: 'never', why: expect.stringContaining('no row') as string })
  })
})

describe('betweenRows', () => {
  const columns = columnsOfDataset(programOf(SPEC), 'loans')

  it('ends at neighbours among the whole numbers', () => {
    const holds = (row: Readonly<Record<string, unknown>>): boolean => Number(row['months']) <= 37
    const found = betweenRows({ months: 6 }, { months: 84 }, columns, holds)
    expect(found?.map(({ row }) => row['months'])).toEqual([37, 38])
  })

  it('gives nothing where the answer changes at a truth value', () => {
    expect(
      betweenRows({ insured: true }, { insured: false }, columns, (row) => row['insured'] === true),
    ).toBeUndefined()
  })
})
