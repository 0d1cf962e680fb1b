import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Repository, repository } from './support/git.ts'
import { plumb } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const spec = (version: string, least: number): string => `plumbline: 1
extends: base
system: { name: demo, version: ${version} }
clauses:
  adults: { says: Adults only., of: people, every: age >= ${least} }
`
const base = (mostly: string): string => `data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
clauses:
  sane: { says: Sane., of: people, every: age <= 110, mostly: ${mostly} }
`
const ANN = { name: 'Ann', email: 'ann@example.org' }

let repo: Repository
beforeAll(() => {
  repo = repository()
  mkdirSync(join(repo.folder, 'project'))
  writeFileSync(join(repo.folder, 'project', 'plumb.yaml'), spec('1.0.0', 18))
  writeFileSync(join(repo.folder, 'project', 'base.plumb.yaml'), base('99%'))
  repo.commit('first', ANN)
  repo.git('tag', 'v1')
  writeFileSync(join(repo.folder, 'project', 'plumb.yaml'), spec('1.0.0', 16))
  repo.commit('weaker', ANN)
})
afterAll(() => rmSync(repo.folder, { recursive: true, force: true }))

const project = (): string => join(repo.folder, 'project')

test('a revision is compared with what is here, by its own files', () => {
  writeFileSync(join(project(), 'base.plumb.yaml'), base('95%'))
  const shown = plumb(project(), 'diff', 'v1')
  expect(shown.err).toBe('')
  expect(shown.code).toBe(0)
  expect(shown.out).toMatch(
    /▼ weakened adults\n {4}condition: age >= 18 → age >= 16 \(weaker\)\n {4}now admitted: age = 1[67]\n/,
  )
  expect(shown.out).toContain('▼ weakened sane\n    mostly: 0.99 → 0.95 (weaker)')
  expect(shown.out).toContain('The version must be 2.0.0 or later (major); it is 1.0.0.')
  // Only what is not committed yet: HEAD is the default.
  const here = plumb(project(), 'diff', '--exit-code')
  expect(here.code).toBe(1)
  expect(here.out).not.toContain('adults')
  expect(here.out).toContain('weakened sane')
})

test('as JSON it fits the published schema, as Markdown it is a comment', () => {
  const json = plumb(project(), 'diff', 'v1', 'HEAD', '--json')
  expect(schemaJudge()('diff', json.json())).toEqual([])
  expect(json.json()).toMatchObject({
    version: { required: 'major', least: '2.0.0', enough: false },
    changes: [{ id: 'adults', kind: 'weakened', facets: [{ name: 'condition', order: 'weaker' }] }],
  })
  const markdown = plumb(project(), 'diff', 'v1', 'HEAD', '--reporter', 'markdown').out
  expect(markdown).toContain('### ✗ Plumbline: what changed in demo')
  expect(markdown).toContain('| ▼ | `adults` | condition: age &gt;= 18 → age &gt;= 16 (weaker)<br>')
})

test('files, folders, REV:path and REV:./path name specs', () => {
  writeFileSync(
    join(repo.folder, 'strict.yaml'),
    `${base('99%').replace('data:', 'plumbline: 1\nsystem: { name: demo, version: 1.1.0 }\ndata:')}  adults: { says: A., of: people, every: age >= 18 }\n`,
  )
  for (const [a, b] of [
    ['v1:project/plumb.yaml', 'HEAD:./plumb.yaml'],
    ['v1', 'HEAD'],
  ] as const) {
    expect(plumb(project(), 'diff', a, b).out, `${a} ${b}`).toContain('weakened adults')
  }
  const file = plumb(project(), 'diff', '../strict.yaml', '.')
  expect(file.out).toContain('weakened adults')
})

test('a solver tells a rewording from a weakening', () => {
  const other = (condition: string): string => {
    const file = join(repo.folder, 'other.yaml')
    const text = `plumbline: 1\nsystem: { name: demo, version: 1.0.1 }\n${base('99%')}  adults: { says: A., of: people, every: ${condition} }\n`
    writeFileSync(file, text)
    return plumb(project(), 'diff', 'v1', '../other.yaml').out
  }
  expect(other('age * age >= 324')).toContain(
    '~ reworded adults\n    condition: age >= 18 → age * age >= 324 (asks the same; within the declared ranges, which block too)',
  )
  expect(other('age * age >= 280')).toMatch(/▼ weakened adults\n.*\(weaker\)\n {4}now admitted: age = 17\n/)
})

test.each([
  [['nowhere'], 'cli/unknown-revision'],
  [['HEAD:nothing.yaml'], 'cli/no-spec'],
  [['v1', '--', '--output=x'], 'cli/unknown-revision'],
  [['v1', 'HEAD', 'more'], 'cli/'],
])('%j ends in words', (args, code) => {
  const ran = plumb(project(), 'diff', ...args)
  expect(ran.code).toBe(2)
  expect(ran.err).toContain(`error[${code}`)
  expect(ran.err).not.toContain('    at ')
})

test('requirements from a file are read as they stood at the revision', () => {
  const text = `${spec('1.0.0', 18).replace('every: age >= 18', 'every: age >= 18, meets: [R-1]')}requirements: { from: [requirements.csv] }\n`
  writeFileSync(join(project(), 'plumb.yaml'), text)
  writeFileSync(join(project(), 'requirements.csv'), 'id,text\nR-1,Only adults.\n')
  repo.commit('requirements', ANN)
  writeFileSync(join(project(), 'plumb.yaml'), text.replace('age >= 18', 'age >= 17'))
  const ran = plumb(project(), 'diff')
  expect(ran.err).toBe('')
  expect(ran.out).toContain('weakened adults')
})

test('a spec with mistakes is not compared', () => {
  writeFileSync(join(project(), 'bad.yaml'), spec('1.0.0', 18).replace('age >=', 'aeg >='))
  const ran = plumb(project(), 'diff', 'v1', 'bad.yaml')
  expect(ran.code).toBe(2)
  expect(ran.err).toContain('`people` has no column `aeg`')
  expect(ran.err).toContain('error[cli/spec-mistakes]')
})

test('outside a repository, files are still compared', () => {
  rmSync(join(repo.folder, '.git'), { recursive: true })
  const none = plumb(project(), 'diff', 'v1')
  expect(none.err).toContain('no git repository')
  expect(plumb(project(), 'diff', '../strict.yaml', '../strict.yaml').out).toContain('Nothing asks for another version')
})
