import { expect, it } from 'vitest'
import { compile } from '../../compile.ts'
import { falseAlarmsOf } from './alarms-of-clause.ts'

const specOf = (always: string) => `plumbline: 1
system: { name: cases, version: 1.0.0 }
data:
  accounts: { source: a.csv, columns: { age: { type: integer, range: [18, 100] }, income: { type: number, range: [0, 9] }, late: { type: boolean } } }
models:
  champion: { artifact: m.onnx, input: { from: accounts, columns: [age, income] }, outputs: { risk: { type: number, range: [0, 1] } }, decision: risk >= 0.5, label: late }
monitor: { windows: [1d], min_rows: 500 }
clauses:
  it: { says: The population stays., of: requests, always: "${always}", window: 1d }
`

const alarmsOf = (always: string): number | undefined => {
  const { value } = compile({ main: { path: 'plumb.yaml', text: specOf(always) }, others: [] })
  const clause = value?.clauses.find(({ id }) => id === 'it')
  if (clause?.form !== 'always') throw new Error('The spec has no such clause.')
  return falseAlarmsOf(clause, 500, () => 10_000)
}

it('a bound on a p-value is a false alarm in that share of windows, whatever their size', () => {
  expect(alarmsOf('ks_p(age, accounts) >= 0.001')).toBeCloseTo(365.25 * 0.001, 9)
  expect(alarmsOf('min_over(columns, mann_whitney_p(column, accounts)) >= 0.001')).toBeCloseTo(365.25 * 0.002, 9)
})
it('what is no bound of this kind has no such figure', () => {
  expect(alarmsOf('ks(age, accounts) >= 0.1')).toBeUndefined()
  expect(alarmsOf('ks_p(age, accounts) <= 0.1')).toBeUndefined()
  expect(alarmsOf('max_over(columns, ks_p(column, accounts)) >= 0.1')).toBeUndefined()
})
