import { expect, test } from 'vitest'
import { requestRowsOf } from './request-rows.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const SPEC = (clause: string): string => `plumbline: 1
system: { name: credit, version: 1.2.0 }
data:
  accounts:
    source: data/accounts.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 100] }
      sex: { type: category, values: { 1: male, 2: female } }
      default: { type: boolean, role: label }
slices: { sure: risk >= 0.9, young: age < 25 }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: accounts, columns: [age, sex] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: default
    decision: risk >= 0.5
clauses:
  it: { says: x., of: requests, ${clause} }
`

function program(clause: string) {
  return compiledSpec(SPEC(clause))
}

test.each([
  ['every: age >= 18', 'all'],
  ['every: "!(_guard == \\"rejected\\")"', 'all'],
  ['every: \'_at > timestamp("2020-01-01T00:00:00Z")\'', 'served'],
  ['every: \'_model != "x" || _guard == "rejected"\'', 'all'],
  ['every: risk <= 0.99', 'served'],
  ['every: decision || age > 20', 'served'],
  ['every: default || risk < 0.5', 'labelled'],
  ['must: "psi(age, accounts) < 0.2"', 'all'],
  ['must: "share(_guard == \\"fallback\\") < 0.1"', 'all'],
  ['must: "mean(risk) < 0.5"', 'served'],
  ['must: "positive_rate() < 0.5"', 'served'],
  ['must: "share(default) < 0.5"', 'labelled'],
  ['must: "roc_auc() >= 0.7"', 'labelled'],
  ['must: "ratio_across(sex, recall()) >= 0.7"', 'labelled'],
  ['must: "mean(age) < 50.0", slices: [young]', 'all'],
  ['must: "mean(age) < 50.0", slices: [young, sure]', 'served'],
  ['always: "max_over(columns, psi(column, accounts)) < 0.2", window: 1d, for: 2', 'all'],
  ['always: "recall() > 0.5", window: 1d, for: 2', 'labelled'],
])('%s ranges over %s', (clause, rows) => {
  const compiled = program(clause)
  const it = compiled.clauses.find(({ id }) => id === 'it')
  expect(it === undefined ? undefined : requestRowsOf(compiled, it)).toBe(rows)
})

test('contracts of inputs range over all requests, those of outputs over the answered ones', () => {
  const compiled = program('every: age >= 18')
  const rows = compiled.clauses
    .filter(({ of, origin }) => origin === 'contract' && of.some(({ relation }) => relation === 'requests'))
    .map((clause) => [clause.id, requestRowsOf(compiled, clause)] as const)
  expect(rows.length).toBeGreaterThan(3)
  for (const [id, asked] of rows) expect(asked, id).toBe(id.includes('risk') ? 'served' : 'all')
})
