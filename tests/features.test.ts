import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Repository, repository } from './support/git.ts'
import { plumb } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const SPEC = `plumbline: 1
system: { name: demo, version: 1.0.0 }
requirements: { R-1: { says: Only adults are asked. } }
data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
macros:
  no-older: { step: "nobody is older than {most: number}", every: age <= most }
features: [features/*.feature]
`
const feature = (least: number): string =>
  `# language: de
@R-1
Funktionalität: Personen

  @id:adults
  Szenario: Erwachsene
    Angenommen dataset people from people.csv
    Dann rows satisfy age >= ${least}

  Szenariogrundriss: Alter
    Dann nobody is older than <alter>

    Beispiele:
      | alter |
      | 90    |
      | 120   |
`

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function write(folder: string, least: number): string {
  mkdirSync(join(folder, 'features'), { recursive: true })
  writeFileSync(join(folder, 'plumb.yaml'), SPEC)
  writeFileSync(join(folder, 'people.csv'), 'age\n20\n30\n100\n')
  writeFileSync(join(folder, 'features', 'people.feature'), feature(least))
  return folder
}

describe('clauses of features are clauses like any other', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'features-'))
    folders.push(folder)
    write(folder, 18)
  })

  test('check, test, gate, explain and replay', () => {
    const checked = plumb(folder, 'check', '--json').json() as { readonly clauses: readonly { readonly id: string }[] }
    expect(checked.clauses.map(({ id }) => id).filter((id) => !id.includes('.'))).toEqual([
      'adults',
      'alter-90',
      'alter-120',
    ])
    const tested = plumb(folder, 'test')
    expect(tested.code).toBe(1)
    expect(tested.out).toContain('✗ alter-90')
    expect(tested.out).toContain('features/people.feature:11:10')
    expect(plumb(folder, 'gate').out).toContain('alter-90')
    const shown = plumb(folder, 'explain', 'adults')
    expect(shown.out).toMatch(/meets\s+R-1: Only adults are asked\./)
    const { evidence } = plumb(folder, 'explain', 'adults', '--json').json() as {
      readonly evidence: readonly { readonly id: string }[]
    }
    expect(plumb(folder, 'replay', evidence[0]?.id ?? '').code).toBe(0)
  })

  test('a mistake is shown in the feature, and ends in 2', () => {
    const broken = mkdtempSync(join(tmpdir(), 'features-'))
    folders.push(write(broken, 18))
    writeFileSync(
      join(broken, 'features', 'other.feature'),
      'Feature: x\n  Scenario: y\n    Then values of agee are in 1\n',
    )
    const { code, out } = plumb(broken, 'check')
    expect(code).toBe(2)
    expect(out).toContain('  --> features/other.feature:3:20\n')
    expect(out).toContain('Did you mean `age`?')
  })
})

describe('plumb steps', () => {
  test('lists the library with the macros of the spec, and finds by words', () => {
    const folder = mkdtempSync(join(tmpdir(), 'features-'))
    folders.push(folder)
    const alone = plumb(folder, 'steps')
    expect(alone.code).toBe(0)
    expect(alone.out).toContain('✓ {metric} on {split} is {bound}')
    expect(alone.out).toContain('– data is not older than {duration}')
    write(folder, 18)
    expect(plumb(folder, 'steps', 'older', 'nobody').out).toBe(
      'Macros of the spec\n  ✓ nobody is older than {number}\n      Macro of the spec: every: age <= most\n      Then nobody is older than {most: number}\n\n',
    )
    expect(plumb(folder, 'steps', 'nonsense').out).toBe('No step has the words "nonsense".\n')
    const json = plumb(folder, 'steps', '--json').json()
    expect(schemaJudge()('steps', json)).toEqual([])
    expect(json).toMatchObject({
      steps: expect.arrayContaining([expect.objectContaining({ number: 47, notBuilt: expect.any(String) })]),
    })
  })
})

describe('plumb diff', () => {
  let repo: Repository
  beforeAll(() => {
    repo = repository()
    folders.push(repo.folder)
    write(join(repo.folder, 'project'), 18)
    repo.commit('first', { name: 'Ann', email: 'ann@example.org' })
  })

  test('a clause weakened in a feature is weakened', () => {
    write(join(repo.folder, 'project'), 16)
    const { out, err } = plumb(join(repo.folder, 'project'), 'diff')
    expect(err).toBe('')
    expect(out).toContain('▼ weakened adults\n    condition: age >= 18 → age >= 16 (weaker)')
  })

  test('a clause whose feature is gone is removed', () => {
    writeFileSync(
      join(repo.folder, 'project', 'plumb.yaml'),
      `${SPEC.replace(/features:.*\n/, '')}clauses:\n  any: { of: people, must: count() > 0, meets: [R-1] }\n`,
    )
    const { out } = plumb(join(repo.folder, 'project'), 'diff')
    expect(out).toMatch(/removed adults/)
  })
})

describe('plumb propose', () => {
  test('prints a clause to paste, and writes nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'features-'))
    folders.push(write(folder, 18))
    const shown = plumb(folder, 'propose', 'The age shall be between 0 and 99')
    expect(shown.code).toBe(0)
    expect(shown.out).toMatch(/^clauses:\n {2}range-age:\n/)
    expect(shown.out).toMatch(/ {2}passes {4}age = \d+\n {2}fails {5}age = -?\d+\n/)
    const json = plumb(folder, 'propose', 'The age shall be high', '--json')
    expect(schemaJudge()('propose', json.json())).toEqual([])
    expect(plumb(folder, 'propose', '--json', 'The age shall be at most 99').json()).toMatchObject({
      rows: { fails: { age: expect.any(String) } },
    })
    const refused = plumb(folder, 'propose', 'Nothing of this is known')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('error[cli/not-understood]')
  })
})
