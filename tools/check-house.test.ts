import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkHouse, exportedNames, repositoryFiles, textBreaches } from './check-house.ts'

const root = new URL('..', import.meta.url).pathname
const rules = (text: string, file = 'a.ts'): readonly string[] => textBreaches(file, text).map((b) => b.rule)

// Which files belong to the repository is asked of git; a copy without it cannot tell.
test.skipIf(!existsSync(join(root, '.git')))('the repository keeps the rules', () => {
  const { breaches, documented } = checkHouse(root)
  expect(breaches).toEqual([])
  expect(documented).toBeGreaterThan(0.9)
  expect(repositoryFiles(root).length).toBeGreaterThan(300)
})

test('paths of one machine are found, those inside the repository are not', () => {
  // Put together here, so that this file does not hold one itself.
  expect(rules(`const a = '/${'work'}/main/x'`)).toEqual(['machine-path'])
  expect(rules('see /home/somebody/notes')).toEqual(['machine-path'])
  expect(rules("join(root, '.work', 'start')\n.work/start/x")).toEqual([])
  expect(rules(`https://example.org/${'work'}/x`)).toEqual([])
})

test('silenced types, notes to oneself and hosts of a registry are found', () => {
  expect(rules('const x = y as any')).toEqual(['silenced-types'])
  expect(rules('// @ts-ignore')).toEqual(['silenced-types'])
  expect(rules('  // TODO later')).toEqual(['to-do'])
  expect(rules("write('TODO: only a person can decide')")).toEqual([])
  expect(rules('"resolved": "https://registry.example.org/a.tgz"', 'package-lock.json')).toEqual(['registry-host'])
  expect(rules('const x = y as any', 'notes.md')).toEqual([])
})

test('exported names and their comments', () => {
  const text =
    '/** One. */\nexport const a = 1\n\nexport function b(): void {}\n/** Many. */\nexport function c(x: 1): 1\nexport function c(x: 2): 2\n'
  expect(exportedNames(text)).toEqual([
    { name: 'a', documented: true },
    { name: 'b', documented: false },
    { name: 'c', documented: true },
  ])
})
