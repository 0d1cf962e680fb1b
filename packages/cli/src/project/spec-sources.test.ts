import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plumbAside } from '../../../../tests/support/plumb.ts'

const SPEC = `plumbline: 1
extends: templates/base
system: { name: demo, version: 1.0.0 }
clauses:
  grown: { says: Adults only., of: people, every: age >= 21 }
`
const BASE = `data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
clauses:
  grown: { says: Adults only., of: people, every: age >= 18 }
`

let base = ''
let project = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumb-sources-'))
  project = join(base, 'project')
  await mkdir(join(project, 'templates'), { recursive: true })
  await writeFile(join(project, 'plumb.yaml'), SPEC)
  await writeFile(join(project, 'templates', 'base.plumb.yaml'), BASE)
  await writeFile(join(base, 'outside.plumb.yaml'), BASE)
  await symlink(join(base, 'outside.plumb.yaml'), join(project, 'templates', 'link.plumb.yaml'))
  await symlink(join(project, 'templates', 'base.plumb.yaml'), join(project, 'inside.plumb.yaml'))
  await mkdir(join(project, 'templates', 'folder.plumb.yaml'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

/** Runs the built command in the project. */
const plumb = (...args: readonly string[]) => plumbAside(project, ...args)

test('what a file overrides of another is shown', async () => {
  const checked = await plumb('check', '--json', '--spec', 'plumb.yaml')
  expect(checked.code).toBe(0)
  expect(JSON.parse(checked.out)).toMatchObject({
    overrides: [
      {
        path: 'clauses.grown',
        file: 'plumb.yaml',
        line: 5,
        column: 3,
        replaced: { file: 'templates/base.plumb.yaml', line: 4, column: 3 },
      },
    ],
  })
  const explained = await plumb('explain', 'grown', '--spec', 'plumb.yaml')
  expect(explained.out).toContain('overrides  templates/base.plumb.yaml:4, by plumb.yaml:5')
  expect((await plumb('explain', 'people.age.range', '--spec', 'plumb.yaml')).out).not.toContain('overrides')
})

test('nothing outside the project folder is read', async () => {
  const extending = (name: string): Promise<void> =>
    writeFile(join(project, 'plumb.yaml'), SPEC.replace('templates/base', name))
  await extending('templates/link')
  const left = await plumb('check')
  expect(left.code).toBe(2)
  expect(left.out).toContain('templates/link.plumb.yaml leads out of the project folder by a link')
  await extending('templates/folder')
  expect((await plumb('check')).out).toContain('templates/folder.plumb.yaml is not a file')
  await extending('inside')
  expect((await plumb('check')).code).toBe(0)
})
