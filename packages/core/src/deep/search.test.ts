import { expect, test } from 'vitest'
import { askedRelations } from './asked.ts'
import { meets, onRow } from './confirm.ts'
import { findRow } from './search.ts'
import { compiledSpec } from '../testing/compiled-spec.ts'

const SPEC = `plumbline: 1
system: { name: loans, version: 1.0.0, purpose: A test. }
data:
  loans:
    source: loans.csv
    columns:
      months: { type: integer, range: [6, 84] }
      region: { type: category, values: [north, south] }
      rate: { type: number, optional: true }
      insured: { type: boolean }
clauses:
  southern: { says: s, of: loans, every: 'region in ["north"] || region == "south" && months >= 12' }
  insured: { says: i, of: loans, every: 'insured || months <= 24 || rate > 2.5' }
  not-north: { says: n, of: loans, every: 'region != "north"' }
`

test('cells of one demand that are of several types are changed each within its own', () => {
  const value = compiledSpec(SPEC)
  const asked = askedRelations(value)[0]?.asked ?? []
  const row = findRow(asked)
  expect(asked.length).toBeGreaterThan(2)
  expect(row && asked.every(({ demand }) => meets(demand, onRow(row)))).toBe(true)
  expect(typeof row?.get('region')).toBe('string')
  // What is violated is looked for, too: no cell takes another's type on the way.
  for (const each of asked) {
    const others = asked.filter((other) => other !== each)
    const violating = findRow([...others, { ...each, demand: { ...each.demand, holds: false } }])
    if (violating !== undefined) expect(['string', 'object']).toContain(typeof violating.get('region'))
  }
})
