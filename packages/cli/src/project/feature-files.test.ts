import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { analyseParsed, parseSpec } from '@plumbline/core'
import { memoryHost, nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSpecFeatures } from './feature-files.ts'
import { featuresIn } from './feature-folder.ts'
import { pathTest } from './project-files.ts'

const SPEC = `plumbline: 1
system: { name: x }
data:
  accounts:
    source: a.csv
    columns: { age: { type: integer } }
features: [FEATURES]
`
const feature = (name: string): string => `Feature: ${name}\n  Scenario: ${name}\n    Then rows satisfy age > 1\n`

async function read(files: Readonly<Record<string, string>>, patterns: string, host = memoryHost({ files })) {
  const main = { path: 'plumb.yaml', text: SPEC.replace('FEATURES', patterns) }
  const sources = { main, others: [] }
  const found = await readSpecFeatures(featuresIn(host, '/'), sources, parseSpec(sources))
  const { value, diagnostics } = analyseParsed(found.sources, found.parsed)
  return {
    clauses: value?.clauses.filter(({ origin }) => origin === 'authored').map(({ id }) => id),
    unenforced: value?.identify().unenforced,
    files: found.sources.others.map(({ path }) => path),
    codes: diagnostics.map(({ code }) => code),
    messages: diagnostics.map(({ message }) => message),
  }
}

describe('the features that a spec names', () => {
  const files = {
    '/features/b.feature': feature('b'),
    '/features/a.feature': feature('a'),
    '/features/deep/er/c.feature.md': '# Feature: c\n## Scenario: c\n* Then rows satisfy age > 1\n',
    '/features/readme.md': 'no feature',
    '/node_modules/x/d.feature': feature('d'),
  }

  test.each([
    ['features/*.feature', ['features/a.feature', 'features/b.feature'], ['a', 'b']],
    ['./features/b.feature', ['features/b.feature'], ['b']],
    ['features/a.feature, features/?.feature', ['features/a.feature', 'features/b.feature'], ['a', 'b']],
    ['"**/*.feature.md"', ['features/deep/er/c.feature.md'], ['c']],
    ['"**/*.feature"', ['features/a.feature', 'features/b.feature'], ['a', 'b']],
  ])('%s', async (pattern, paths, clauses) => {
    const found = await read(files, pattern)
    expect(found).toMatchObject({ files: paths, clauses, codes: [], unenforced: [] })
  })

  test.each([
    ['features/*.feature', ['features/a.feature'], ['features/x/a.feature', 'a.feature', 'features/aXfeature']],
    ['**/*.feature', ['a.feature', 'x/y/a.feature'], ['a.feature.txt']],
    ['./f/**/?.feature', ['f/a.feature', 'f/x/y/b.feature'], ['f/ab.feature', 'g/a.feature']],
  ])('%s, asked of a list of paths', (pattern, matched, others) => {
    expect([...matched, ...others].filter((path) => pathTest(pattern).test(path))).toEqual(matched)
  })

  test('a pattern that matches nothing is a mistake', async () => {
    expect(await read(files, 'feature/*.feature, features/*.md')).toMatchObject({
      clauses: undefined,
      messages: ['No feature file matches `feature/*.feature`.', 'No feature file matches `features/*.md`.'],
    })
  })

  test('a file that cannot be read is a mistake', async () => {
    const host = memoryHost({
      files,
      fault: (operation, path) =>
        operation === 'readRange' && path === '/features/a.feature' ? 'permission' : undefined,
    })
    const { codes, messages } = await read(files, 'features/*.feature', host)
    expect(codes).toEqual(['feature/unreadable'])
    expect(messages[0]).toMatch(/^The feature `features\/a.feature` cannot be read: /)
  })

  test('too many files, and too much text, are said', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`/f/${i}.feature`, feature(`f${i}`)]))
    expect((await read(many, 'f/*.feature')).messages).toEqual([
      'The feature `f/*.feature` stands for more than 500 files.',
    ])
    const large = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`/f/${i}.feature`, feature(`f${i}`) + '#'.repeat(3_900_000)]),
    )
    expect((await read(large, 'f/*.feature')).messages).toContain(
      'The feature `f/4.feature` is one too many: all features together are too large.',
    )
  })

  test('nobody reads features: what they ask for keeps production closed', () => {
    const main = { path: 'plumb.yaml', text: SPEC.replace('FEATURES', 'a.feature') }
    const { value, diagnostics } = analyseParsed({ main, others: [] }, parseSpec({ main, others: [] }))
    expect(value?.identify().unenforced).toEqual(['features'])
    expect(diagnostics.map(({ message }) => message)).toContain("'features' is declared but not yet enforced.")
  })
})

describe('links', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'features-'))
    mkdirSync(join(folder, 'project', 'features'), { recursive: true })
    writeFileSync(join(folder, 'outside.feature'), feature('outside'))
    writeFileSync(join(folder, 'project', 'own.feature'), feature('own'))
    symlinkSync(join(folder, 'project', 'own.feature'), join(folder, 'project', 'features', 'own.feature'))
    symlinkSync(join(folder, 'project'), join(folder, 'project', 'features', 'loop'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const inFolder = async (pattern: string) => {
    const main = { path: 'plumb.yaml', text: SPEC.replace('FEATURES', pattern) }
    const sources = { main, others: [] }
    const { parsed } = await readSpecFeatures(
      featuresIn(nodeHost(), join(folder, 'project')),
      sources,
      parseSpec(sources),
    )
    return { clauses: [...(parsed.value?.clauses.keys() ?? [])], messages: parsed.diagnostics.map((d) => d.message) }
  }

  test('are followed inside the project, without going in circles', async () => {
    expect(await inFolder('"features/**/*.feature"')).toEqual({ clauses: ['own'], messages: [] })
  })

  test('out of it are refused', async () => {
    symlinkSync(join(folder, 'outside.feature'), join(folder, 'project', 'features', 'outside.feature'))
    expect((await inFolder('features/*.feature')).messages).toEqual([
      'The feature `features/outside.feature` is a link to a place outside the project.',
    ])
  })
})
