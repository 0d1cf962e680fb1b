import { analyseMetrics, countablePopulations, type LabelCount, type LabelCounts } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())

const programOf = (clauses: readonly string[]) => {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows:
    source: rows.csv
    columns:
      sex: { type: category, values: [1, 2] }
      age: { type: integer }
      bought: { type: boolean, role: label }
slices: { young: age < 30 }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
${clauses.map((each, i) => `  k${i}: { says: One., of: champion.rows, ${each} }`).join('\n')}
`
  return compiledSpec(text)
}

/** Counts by what makes a row one of the counted: `sex == 2`. */
async function found(clauses: readonly string[], counts: Readonly<Record<string, LabelCount>>) {
  const program = programOf(clauses)
  const known = new Map(
    countablePopulations(program).flatMap(({ key }) => {
      const name = /"value":"?([12])"?/.exec(key)?.[1]
      const count = counts[key === '' ? 'all' : name === undefined ? 'young' : `sex == ${name}`]
      return count === undefined ? [] : [[key, count] as const]
    }),
  )
  const labels: LabelCounts = new Map([['rows', known]])
  const { findings, undecided } = await analyseMetrics(program, { solver, limits: { milliseconds: 20_000 } }, labels)
  expect(undecided).toBe(0)
  return findings
}

const FAIR = [
  'must: "gap_across(sex, positive_rate()) <= 0.02"',
  'must: "gap_across(sex, recall()) <= 0.02"',
  'must: "gap_across(sex, specificity()) <= 0.02"',
  'must: "accuracy() >= 0.8"',
] as const

test('demographic parity, equalised odds and accuracy exclude one another where base rates differ', async () => {
  const counts = {
    all: { rows: 1000, positives: 350 },
    'sex == 1': { rows: 500, positives: 250 },
    'sex == 2': { rows: 500, positives: 100 },
  }
  const [finding, ...more] = await found(FAIR, counts)
  expect(more).toEqual([])
  expect(finding).toMatchObject({
    kind: 'impossible-metrics',
    clauses: [{ id: 'k0' }, { id: 'k1' }, { id: 'k2' }, { id: 'k3' }],
    given: [
      { relation: 'rows', condition: 'sex == 1', rows: 500, positives: 250 },
      { relation: 'rows', condition: 'sex == 2', rows: 500, positives: 100 },
      { relation: 'rows', condition: '', rows: 1000, positives: 350 },
    ],
  })
  // The theorem speaks of different base rates: where they are equal, a good decision meets all four.
  const equal = { rows: 500, positives: 175 }
  expect(await found(FAIR, { ...counts, 'sex == 1': equal, 'sex == 2': equal })).toEqual([])
  // Nothing known, nothing said.
  expect(await found(FAIR, {})).toEqual([])
  // A decision that ignores everything is fair in each of these ways, and of no use.
  expect(await found(FAIR.slice(0, 3), counts)).toEqual([])
})

test('the prevalence of the data bounds what metrics can be', async () => {
  const clauses = ['must: recall() >= 0.9', 'must: precision() >= 0.9', 'must: positive_rate() <= 0.05']
  const counts = { all: { rows: 1000, positives: 200 } }
  const [finding] = await found(clauses, counts)
  expect(finding).toMatchObject({ given: [{ rows: 1000, positives: 200 }] })
  expect(finding).toMatchObject({ repair: { moves: [{ name: 'k2', to: { value: 0.18 } }] } })
  expect(await found(clauses, { all: { rows: 1000, positives: 45 } })).toEqual([])
})

test('a slice has a prevalence of its own', async () => {
  const clauses = ['must: recall() >= 0.9, slices: [young]', 'must: positive_rate() <= 0.3, slices: [young]']
  const all = { rows: 1000, positives: 100 }
  expect(await found(clauses, { all, young: { rows: 100, positives: 60 } })).toMatchObject([
    { clauses: [{ id: 'k0' }, { id: 'k1' }] },
  ])
  expect(await found(clauses, { all, young: { rows: 100, positives: 20 } })).toEqual([])
  // Of a slice without rows nothing follows.
  expect(await found(clauses, { all, young: { rows: 0, positives: 0 } })).toEqual([])
})

test('bounds of counts and means are moved, too, and two at once where one is not enough', async () => {
  const [counts] = await found(['must: count() >= 1000', 'must: count() <= 400'], {})
  expect(counts).toMatchObject({ repair: { moves: [{ name: 'k0', from: { value: '1000' }, to: { value: '400' } }] } })
  const [means] = await found(['must: mean(age) >= 50.0', 'must: 40.0 >= mean(age)'], {})
  expect(means).toMatchObject({ repair: { moves: [{ name: 'k0', to: { value: 40 } }] } })
  const two = ['must: recall() >= 0.9 && specificity() >= 0.9', 'must: recall() <= 0.5 && specificity() <= 0.5']
  const [both] = await found(two, { all: { rows: 1000, positives: 500 } })
  expect(both).toMatchObject({ kind: 'impossible-metrics', repair: { moves: [{}, {}] } })
  expect(both?.kind === 'impossible-metrics' && both.repair?.distance).toBeCloseTo(0.8, 6)
})
