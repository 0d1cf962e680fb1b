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
  seniors: { says: Of the very old something is asked., of: loans, every: '!(age > 90) || age < 95', meets: [D-1] }
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
  // Nobody is that old: what is asked of such rows is satisfied, and says nothing.
  const levels = first.json<Traced>().requirements.flatMap(({ clauses }) => clauses.map((c) => [c.clause, c.level]))
  expect(Object.fromEntries(levels)).toEqual({ enough: 2, 'grown-up': 2, seniors: 1 })
  writeFileSync(join(folder, 'requirements', 'data.md'), '# D-1: Enough data\nAt least three rows.\n')
  // Rewording a requirement asks nothing else of the data, so its evidence stands; whether the clause still means it, somebody has to say.
  expect(statesOf(plumb(folder, 'trace', '--json').json())['D-1']).toBe('suspect')
  expect(statesOf(plumb(folder, 'trace', '--link', 'D-1', '--json').json())['D-1']).toBe('verified')
  expect(JSON.parse(readFileSync(join(folder, 'requirements.lock.json'), 'utf8'))).toHaveProperty('links.B-1.enough')
  const csv = plumb(folder, 'trace', '--format', 'csv').out.split('\r\n')
  expect(csv.find((line) => line.startsWith('R-9'))).toMatch(
    /^R-9,Written here\.,,,failing,grown-up,block,L2,,loans,violated,sha256:/,
  )
  expect(plumb(folder, 'trace', '--format', 'markdown').out).toContain('| **B-2** Nobody meets it. | uncovered |')
  expect(plumb(folder, 'trace', '--link').out).toContain('\n4 links recorded in requirements.lock.json; commit it.\n')
})

test('an entry of a file that is no requirement is shown in the matrix', () => {
  const folder = project()
  writeFileSync(join(folder, 'requirements', 'data.md'), '# D-1: Enough data\n\n| ID | Says |\n|--|--|\n| | x |\n')
  const traced = plumb(folder, 'trace', '--json')
  expect(schemaJudge()('trace', traced.json<object>())).toEqual([])
  expect(traced.json<Traced>().unread).toEqual([{ file: 'requirements/data.md', line: 5, what: 'a row has no id' }])
  expect(plumb(folder, 'trace').out).toContain('! not read: requirements/data.md, line 5: a row has no id\n')
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

test('where a clause accepts a tool, its results stand for evidence that there is not, marked at the gate', () => {
  const folder = project()
  const accepting = SPEC.replace('every: age >= 21, meets', 'every: age >= 18, severity: warn, meets').replace(
    'must: count() >= 2, meets',
    'must: count() >= 2, accepts: [junit], meets',
  )
  writeFileSync(join(folder, 'plumb.yaml'), accepting)
  const results = (verdict: string): void =>
    writeFileSync(
      join(folder, 'junit.xml'),
      `<testsuite><testcase name="test_enough">${verdict}</testcase></testsuite>`,
    )
  results('')
  const traced = plumb(folder, 'trace', '--results', 'junit.xml', '--json')
  expect(schemaJudge()('trace', traced.json<object>())).toEqual([])
  expect(statesOf(traced.json())['B-1']).toBe('verified')
  expect(plumb(folder, 'trace').out).toContain('satisfied (foreign, accepted)')
  interface Gate {
    readonly reasons: readonly { readonly clause?: string }[]
    readonly foreign?: readonly unknown[]
  }
  const gate = plumb(folder, 'gate', '--json')
  expect(schemaJudge()('gate', gate.json<object>())).toEqual([])
  expect(gate.json<Gate>().reasons.map(({ clause }) => clause)).not.toContain('enough')
  expect(gate.json<Gate>().foreign).toMatchObject([{ clause: 'enough', tool: 'junit', name: 'test_enough' }])
  expect(plumb(folder, 'gate').out).toContain(
    'enough has no evidence of its own: foreign, junit: test_enough (junit.xml)',
  )
  // Other data is another question.
  writeFileSync(join(folder, 'loans.csv'), 'id,age\n1,30\n2,20\n3,40\n')
  expect(plumb(folder, 'gate').out).toContain('stale-evidence enough')
  results('<failure message="no"/>')
  plumb(folder, 'trace', '--results', 'junit.xml')
  expect(plumb(folder, 'gate').out).toContain('junit says that test_enough failed (foreign, junit.xml)')
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

const TEXTS = {
  'R-1': 'It is verified.',
  'R-2': 'It fails.',
  'R-3': 'It is covered only.',
  'R-4': 'Nobody meets it.',
  'R-5': 'Its text will change.',
}
const entries = (change: string): readonly (readonly [string, string])[] =>
  Object.entries(TEXTS).map(([id, text]) => [id, id === 'R-5' ? `${text}${change}` : text])
const object = ([id, text]: readonly [string, string]): string =>
  `<SPEC-OBJECT IDENTIFIER="_${id}"><VALUES>
<ATTRIBUTE-VALUE-STRING THE-VALUE="${id}"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d-id</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
<ATTRIBUTE-VALUE-STRING THE-VALUE="${text}"><DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>d-text</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION></ATTRIBUTE-VALUE-STRING>
</VALUES></SPEC-OBJECT>`
const REQIF = (change: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<REQ-IF xmlns="http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"><CORE-CONTENT><REQ-IF-CONTENT>
<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"><SPEC-ATTRIBUTES>
<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="d-id" LONG-NAME="ReqIF.ForeignID"/>
<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="d-text" LONG-NAME="ReqIF.Text"/>
</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE></SPEC-TYPES>
<SPEC-OBJECTS>${entries(change).map(object).join('\n')}</SPEC-OBJECTS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>
`
const FORMS: Readonly<Record<string, (change: string) => string>> = {
  'requirements.csv': (change) =>
    `id,says\n${entries(change)
      .map((each) => each.join(','))
      .join('\n')}\n`,
  'requirements.md': (change) =>
    entries(change)
      .map(([id, text]) => `## ${id}: ${text}\n`)
      .join('\n'),
  'requirements.reqif': REQIF,
  'requirements.yaml': (change) =>
    entries(change)
      .map(([id, text]) => `${id}: { says: ${text} }\n`)
      .join(''),
}

test.each([...Object.keys(FORMS), 'the spec itself'])('every state of requirements in %s', (file) => {
  const folder = scratch(`trace-${file.replaceAll(/\W/g, '-')}`)
  const own = (change: string): string =>
    entries(change)
      .map(([id, text]) => `  ${id}: { says: ${text} }\n`)
      .join('')
  const write = (change: string): void => {
    const form = FORMS[file]
    if (form !== undefined) writeFileSync(join(folder, file), form(change))
    writeFileSync(
      join(folder, 'plumb.yaml'),
      `plumbline: 1
system: { name: loans }
requirements:
${form === undefined ? own(change) : `  from: [${file}]\n`}data:
  loans: { source: loans.csv, columns: { age: { type: integer } } }
  none: { source: none.csv, columns: { age: { type: integer } } }
clauses:
  enough: { says: Enough., of: loans, must: count() >= 2, meets: [R-1] }
  grown-up: { says: Grown up., of: loans, every: age >= 21, meets: [R-2] }
  empty: { says: Of nothing., of: none, every: age >= 21, meets: [R-3] }
  changing: { says: Enough., of: loans, must: count() >= 1, meets: [R-5] }
  gone: { says: Gone., of: loans, must: count() >= 0, meets: [R-1] }
  stray: { says: Meets nothing., of: loans, must: count() <= 9 }
`,
    )
  }
  write('')
  writeFileSync(join(folder, 'loans.csv'), 'age\n30\n20\n')
  writeFileSync(join(folder, 'none.csv'), 'age\n')
  expect(plumb(folder, 'test').code).toBe(1)
  plumb(folder, 'trace', '--link')
  write(' It has.')
  const text = readFileSync(join(folder, 'plumb.yaml'), 'utf8').replace(/ {2}gone: .*\n/, '')
  writeFileSync(join(folder, 'plumb.yaml'), text)
  const traced = plumb(folder, 'trace', '--json').json<Traced>()
  expect(statesOf(traced)).toEqual({
    'R-1': 'verified',
    'R-2': 'failing',
    'R-3': 'covered',
    'R-4': 'uncovered',
    'R-5': 'suspect',
  })
  expect(traced.orphans).toMatchObject({ clauses: ['stray'], links: [{ requirement: 'R-1', clause: 'gone' }] })
  const markdown = plumb(folder, 'trace', '--format', 'markdown').out
  expect(markdown).toContain('- meets no requirement and controls no hazard: stray\n- recorded, and gone: R-1 → gone\n')
  const csv = plumb(folder, 'trace', '--format', 'csv').out.split('\r\n')
  expect(csv.filter((line) => line.includes(',orphan,'))).toEqual([
    ',,,,orphan,stray,,,,,,',
    'R-1,,,,orphan,gone,,,,,,',
  ])
})

test('a spec without requirements is told what to do', () => {
  const folder = scratch('trace-none')
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: loans }
data: { loans: { source: loans.csv, columns: { age: { type: integer } } } }
clauses: { enough: { says: Enough., of: loans, must: count() >= 2 } }
`,
  )
  writeFileSync(join(folder, 'loans.csv'), 'age\n30\n')
  const traced = plumb(folder, 'trace')
  expect(traced.code).toBe(0)
  expect(traced.out).toContain('The spec has no requirements, so its 1 clause is traced to nothing.')
  expect(traced.out).toContain('from: [requirements.csv]')
  expect(traced.out).toContain('enough: { meets: [R-1], … }')
})
