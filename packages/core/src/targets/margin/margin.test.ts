import { expect, test } from 'vitest'
import { evaluate } from '../../expr/evaluate/evaluate.ts'
import { rowEnvironment } from '../../expr/testing/accounts.ts'
import { readRow } from '../../expr/index.ts'
import type { Value } from '../../expr/value.ts'
import { marginOf } from './margin.ts'

const row = new Map<string, Value | null>([
  ['age', 30n],
  ['limit_bal', 5000],
  ['bill_amt1', 4000],
  ['pay_0', 0n],
  ['sex', 2n],
])

function margin(text: string, cells = row): number | undefined {
  const { value, diagnostics } = readRow(text, rowEnvironment(), {
    span: (start, end) => ({ file: 'test', start, end }),
  })
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return marginOf(value, (part) => evaluate(part, { row: cells }))
}

test.each([
  ['age >= 18', 12],
  ['age < 30', -0],
  ['age <= 30', -0],
  ['18 < age && age < 33', 3],
  ['age > 40 || age > 29', 1],
  ['!(age > 40)', 10],
  ['bill_amt1 <= 2.0 * limit_bal', 6000],
  ['age == 31', -1],
  ['age != 31', 1],
  ['age in [10, 27, 40]', -3],
  ['age in [30]', -0],
  ['age > 20 ? bill_amt1 < 4001.0 : true', 1],
  ['age > 29 ? bill_amt1 < 9999.0 : true', 1],
  ['sex == 2', -0],
  ['has(sex)', Number.POSITIVE_INFINITY],
  ['false', Number.NEGATIVE_INFINITY],
])('%s', (text, expected) => {
  expect(margin(text)).toBeCloseTo(expected, 12)
})

test('a side that decides wins over an error; otherwise an error has no margin', () => {
  const cells = new Map(row).set('bill_amt1', null)
  expect(margin('bill_amt1 > 0.0', cells)).toBeUndefined()
  expect(margin('bill_amt1 > 0.0 && age > 40', cells)).toBe(-10)
  expect(margin('bill_amt1 > 0.0 && age > 20', cells)).toBeUndefined()
  expect(margin('age > 20 || bill_amt1 > 0.0', cells)).toBe(10)
})

test('different numbers are never 0 apart, however near', () => {
  const cells = new Map<string, Value | null>(row).set('age', 2n ** 53n + 1n)
  expect(margin('age > 9007199254740992', cells)).toBe(1)
  expect(margin('age > 9007199254740992.0', cells)).toBeGreaterThan(0)
})
