import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Traced } from '../packages/cli/src/verbs/trace.ts'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: loans }
requirements:
  from: [requirements/business.csv, requirements/data.md]
  R-9: { says: Written here. }
data:
  loans:
    source: loans.csv
    key: [id]
    columns: { id: { type: integer, role: key }, age: { type: integer, range: [18, 99] } }
clauses:
  enough: { says: Enough., of: loans, must: count() >= 2, meets: [B-1, D-1] }
  grown-up: { says: Grown up., of: loans, every: age >= 21, meets: [R-9] }
`

function project(): string {
  const folder = scratch('trace')
  mkdirSync(join(folder, 'requirements'))
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'loans.csv'), 'id,age\n1,30\n2,20\n')
  writeFileSync(
    join(folder, 'requirements', 'business.csv'),
    'id,says,owner\nB-1,There is something to learn from.,Risk\nB-2,Nobody meets it.,Risk\n',
  )
  writeFileSync(join(folder, 'requirements', 'data.md'), '# D-1: Enough data\nAt least two rows.\n')
  return folder
}

const statesOf = (traced: Traced): Readonly<Record<string, string>> =>
  Object.fromEntries(traced.requirements.map(({ id, state }) => [id, state]))

test('requirements of three files are traced to evidence, and a changed text is suspect until it is linked again', () => {
  const folder = project()
  expect(plumb(folder, 'check').out).toContain('No clause meets')
  expect(plumb(folder, 'trace').code).toBe(3)
  expect(plumb(folder, 'test').code).toBe(1)
  const first = plumb(folder, 'trace', '--link', '--json')
  expect(statesOf(first.json())).toEqual({ 'R-9': 'failing', 'B-1': 'verified', 'B-2': 'uncovered', 'D-1': 'verified' })
  expect(schemaJudge()('trace', first.json<object>())).toEqual([])
  writeFileSync(join(folder, 'requirements', 'data.md'), '# D-1: Enough data\nAt least three rows.\n')
  // Rewording a requirement asks nothing else of the data, so its evidence stands; whether the clause still means it, somebody has to say.
  expect(statesOf(plumb(folder, 'trace', '--json').json())['D-1']).toBe('suspect')
  expect(statesOf(plumb(folder, 'trace', '--link', 'D-1', '--json').json())['D-1']).toBe('verified')
  expect(JSON.parse(readFileSync(join(folder, 'requirements.lock.json'), 'utf8'))).toHaveProperty('links.B-1.enough')
  const csv = plumb(folder, 'trace', '--format', 'csv').out.split('\r\n')
  expect(csv.find((line) => line.startsWith('R-9'))).toMatch(
    /^R-9,Written here\.,,,failing,grown-up,block,,loans,violated,sha256:/,
  )
  expect(plumb(folder, 'trace', '--format', 'markdown').out).toContain('| **B-2** Nobody meets it. | uncovered |')
})

test('results of own tests stand beside evidence, marked, and open no gate', () => {
  const folder = project()
  writeFileSync(
    join(folder, 'junit.xml'),
    '<testsuite><testcase name="test_grown_up"/><testcase name="test_else"/></testsuite>',
  )
  const traced = plumb(folder, 'trace', '--results', 'junit.xml', '--json').json<Traced>()
  const [clause] = traced.requirements.find(({ id }) => id === 'R-9')?.clauses ?? []
  expect(clause?.foreign).toEqual([
    { tool: 'junit', name: 'test_grown_up', verdict: 'satisfied', clauses: ['grown-up'], by: 'name' },
  ])
  expect(traced.orphans.results.map(({ name }) => name)).toEqual(['test_else'])
  expect(statesOf(traced)['R-9']).toBe('covered')
  expect(plumb(folder, 'gate').out).toContain('never tested')
  // Recorded: still there without the file.
  expect(plumb(folder, 'trace').out).toContain('foreign: satisfied')
  expect(plumb(folder, 'verify').code).toBe(0)
  expect(plumb(folder, 'trace', '--results', 'gone.xml').code).toBe(2)
})

test('a file of requirements that is not there, or leaves the project, is a finding', () => {
  const folder = project()
  writeFileSync(join(folder, 'plumb.yaml'), SPEC.replace('requirements/data.md', 'requirements/gone.md'))
  const gone = plumb(folder, 'check')
  expect(gone.code).toBe(2)
  expect(gone.out).toContain("requirements/gone.md' could not be read: there is no such file")
  writeFileSync(join(folder, 'plumb.yaml'), SPEC.replace('requirements/data.md', '../outside.md'))
  expect(plumb(folder, 'check').out).toContain('language/path-outside')
})
