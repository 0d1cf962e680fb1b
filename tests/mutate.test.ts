import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Mutated } from '../packages/cli/src/verbs/mutate.ts'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: loans }
data:
  loans:
    source: loans.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: integer, range: [18, 99] }
      income: { type: number, optional: true }
clauses:
  enough: { says: Enough., of: loans, must: count() >= 100 }
`

test('plumb mutate says what is noticed, proposes what would be, and what it proposes can be accepted', () => {
  const folder = scratch('mutate')
  const rows = Array.from({ length: 200 }, (_, i) => `${i},${18 + (i % 60)},${1000 + ((i * 7919) % 5000)}`)
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'loans.csv'), `id,age,income\n${rows.join('\n')}\n`)
  const options = ['--only', 'null-burst', 'unit-change', 'duplicates', '--controls', '4']
  const first = plumb(folder, 'mutate', '--json', ...options)
  expect(first.code).toBe(0)
  const mutated = first.json<Mutated>()
  expect(schemaJudge()('mutation', mutated)).toEqual([])
  expect(mutated.score.kills).toMatchObject({ k: 3, n: 5 })
  const proposals = mutated.faults.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal.yaml]))
  expect(proposals).toHaveLength(2)
  writeFileSync(join(folder, 'plumb.yaml'), SPEC + proposals.join(''))
  expect(plumb(folder, 'test').code).toBe(0)
  const again = plumb(folder, 'mutate', '--json', ...options).json<Mutated>()
  expect(again.score.kills).toMatchObject({ k: 5, n: 5 })
  expect(again.score.fragile).toEqual([])
  // People get the clauses as they have to be written: indented under `clauses:`.
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  expect(plumb(folder, 'mutate', ...options).out).toMatch(/^ {2}loans-income-complete:\n {4}says: /m)
  expect(plumb(folder, 'verify').code).toBe(0)
})
