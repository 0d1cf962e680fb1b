import { compile, type ForallClause } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { provable } from './provable.ts'

/** The lowered `forall` clause of a small spec. */
function clause(forall: string): ForallClause {
  const text = `plumbline: 1
system: { name: forall, version: 1.0.0 }
data:
  accounts:
    source: accounts.csv
    columns:
      age: { type: integer, range: [18, 100] }
      income: { type: number, range: [0, 1_000] }
      sex: { type: category, values: [1, 2] }
models:
  champion:
    artifact: model.onnx
    input: { from: accounts, columns: [age, income, sex] }
    outputs: { risk: { type: number } }
    decision: risk >= 0.5
clauses:
  it: { says: It., of: champion, ${forall} }
`
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const found = value?.clauses.find((c) => c.id === 'it')
  if (found?.form !== 'forall') throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return found
}

const x = 'forall: { x: accounts }'

describe('provable', () => {
  it.each([
    [`${x}, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk >= champion(x).risk`, 'non-decreasing'],
    [`${x}, let: { y: "x.with({'age': 1 + x.age})" }, holds: champion(x).risk <= champion(y).risk`, 'non-decreasing'],
    [`${x}, let: { y: "x.with({'age': x.age - 1})" }, holds: champion(y).risk >= champion(x).risk`, 'non-increasing'],
    [
      `${x}, let: { y: "x.with({'income': x.income + 2.5})" }, holds: champion(y).risk <= champion(x).risk`,
      'non-increasing',
    ],
    [
      `${x}, let: { y: "x.with({'income': x.income - 2.5})" }, holds: champion(x).risk >= champion(y).risk`,
      'non-decreasing',
    ],
  ])('%s is monotone', (forall, direction) => {
    expect(provable(clause(forall))).toMatchObject({ kind: 'monotone', direction })
  })

  it('sees independence of replaced columns', () => {
    const forall = `forall: { x: accounts, s: accounts.columns.sex }, let: { y: "x.with({'sex': s})" }, holds: champion(x).decision == champion(y).decision`
    expect(provable(clause(forall))).toEqual({
      kind: 'independent',
      model: 'champion',
      outputs: ['decision'],
      columns: ['sex'],
    })
  })

  it.each([
    // A step of another column is no order of this one; the next best is that nothing changes.
    [`${x}, let: { y: "x.with({'age': x.age * 2})" }, holds: champion(y).risk >= champion(x).risk`],
    [`${x}, let: { y: "x.with({'age': x.age + 1, 'income': 0.0})" }, holds: champion(y).risk >= champion(x).risk`],
    [`${x}, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk == champion(x).risk`],
  ])('%s is at most independent', (forall) => {
    expect(provable(clause(forall))?.kind).toBe('independent')
  })

  it.each([
    [`${x}, holds: champion(x).risk >= 0.0`],
    [`${x}, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk > champion(x).risk`],
    [`${x}, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk + 0.1 >= champion(x).risk`],
    [`${x}, let: { y: "x.with({'age': x.age + 1})" }, holds: champion(y).risk >= champion(y).risk`],
    [
      `${x}, let: { y: "x.with({'age': x.age + 1})", z: "y.with({'age': x.age + 1})" }, holds: champion(z).risk >= champion(x).risk`,
    ],
  ])('%s is left to the search', (forall) => {
    expect(provable(clause(forall))).toBeUndefined()
  })
})
