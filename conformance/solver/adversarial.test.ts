import { analyseMetrics, countablePopulations, type LabelCounts } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { type AdversarialCase, CASES } from './adversarial-cases.ts'
import { compiledSpec } from '../../packages/core/src/testing/compiled-spec.ts'

const solver = createSolver()
afterAll(() => solver.close())

function programOf(clauses: readonly string[]) {
  const text = `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
data:
  rows:
    source: rows.csv
    columns:
      x: { type: number, range: [0, 1] }
      y: { type: number, optional: true }
      n: { type: integer, optional: true }
      k: { type: integer, range: [1, 5] }
      g: { type: category, values: [1, 2, 3] }
      t: { type: category, values: [1, 2] }
      age: { type: integer }
      bought: { type: boolean, role: label }
slices: { young: age < 30, one: t == 1, two: t == 2 }
models:
  m:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
${clauses.map((each, i) => `  k${i}: { says: One., ${each.includes('of: ') ? '' : 'of: rows, '}${each} }`).join('\n')}
`
  return compiledSpec(text)
}

function labelsOf(program: ReturnType<typeof programOf>, counts: NonNullable<AdversarialCase['counts']>): LabelCounts {
  const known = countablePopulations(program).flatMap(({ key }) => {
    const [, column, value] = /"name":"(\w+)".*"value":"?(\d+)"?/.exec(key) ?? []
    const count = counts[key === '' ? 'all' : `${column} == ${value}`]
    return count === undefined ? [] : [[key, { rows: count[0], positives: count[1] }] as const]
  })
  return new Map([['rows', new Map(known)]])
}

/** With `PLUMB_ADVERSARIAL=all` those, too, that take seconds. */
const asked = CASES.filter(({ slow }) => slow !== true || process.env['PLUMB_ADVERSARIAL'] === 'all')

test.each(asked.map((each) => [each.name, each] as const))('%s', async (_, { clauses, impossible, counts, missed }) => {
  const program = programOf(clauses)
  const labels = counts === undefined ? undefined : labelsOf(program, counts)
  const { findings } = await analyseMetrics(program, { solver, limits: { milliseconds: 20_000 } }, labels)
  const found = findings.flatMap((finding) =>
    finding.kind === 'impossible-metrics' ? [finding.clauses.map(({ id }) => id).toSorted()] : [],
  )
  expect(found).toEqual(missed === undefined ? (impossible ?? []).map((ids) => ids.toSorted()) : [])
})
