import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isServed, templateModel, templateNames } from '../packages/cli/src/template-packs.ts'
import type { Mutated } from '../packages/cli/src/verbs/mutate.ts'
import { plumb, scratch } from './support/plumb.ts'

/** `PLUMB_TEMPLATE_FAULTS=40` repeats all of each list. */
const FAULTS = process.env['PLUMB_TEMPLATE_FAULTS'] ?? '9'

/** What `faults.md` says of each fault: its outcome and who noticed it. */
function listed(folder: string): ReadonlyMap<string, string> {
  const lines = readFileSync(join(folder, 'faults.md'), 'utf8').split('\n')
  const rows = lines.flatMap((line) => {
    const [, id = '', , outcome = '', by = ''] = line.split('|').map((cell) => cell.trim())
    return line.startsWith('| ') && !id.startsWith('---') && id !== 'fault'
      ? [[id, `${outcome} ${by}`.trim()] as const]
      : []
  })
  return new Map(rows)
}

/** Of a single column of text or pictures there are few faults. */
const FEW: Readonly<Record<string, number>> = { 'text-classification': 8, 'image-files': 14 }

/** The model of the other one is a server: `llm-answers.test.ts`. */
const ofFiles = templateNames.filter((name) => templateModel(name).endsWith('.onnx'))

describe.each(ofFiles)('the template %s', (name) => {
  test('holds on its own rows, opens its gate once staged, gives every clause a reason, and notices the faults that it says it does', () => {
    const folder = scratch(`template-${name}`)
    expect(plumb(folder, 'init', '--template', name).code).toBe(0)
    expect(plumb(folder, 'check', '--json').json()).toMatchObject({ diagnostics: [], overrides: [] })
    const tested = plumb(folder, 'test')
    expect(tested.out).toContain('Nothing that blocks is violated or undecided.')
    expect(tested.code).toBe(0)
    expect(plumb(folder, 'gate').code === 0).toBe(!isServed(name))
    if (isServed(name)) {
      const staged = plumb(folder, 'test', '--stage', 'release')
      expect([staged.out.includes('release.guard'), staged.code]).toEqual([true, 0])
    }
    const gate = plumb(folder, 'gate')
    expect([gate.out.includes('gate open'), gate.code]).toEqual([true, 0])
    const run = plumb(
      folder,
      'mutate',
      '--json',
      '--seed',
      'template',
      '--faults',
      FAULTS,
      '--controls',
      '0',
      '--no-spec-faults',
      '--no-propose',
    )
    const { faults } = run.json<Mutated>()
    const list = listed(folder)
    expect(list.size).toBe(FEW[name] ?? 40)
    expect(faults).toHaveLength(Math.min(Number(FAULTS), list.size))
    for (const { fault, outcome, kills, undecided } of faults) {
      const by = outcome === 'undecided' ? undecided : kills
      const found = `${outcome} ${[...new Set(by.map(({ clause }) => clause))].join(', ')}`.trim()
      expect([fault.id, found]).toEqual([fault.id, list.get(fault.id)])
    }
    const spec = readFileSync(join(folder, 'templates', `${name}.plumb.yaml`), 'utf8')
    const clauses = spec.split(/^clauses:$/m)[1]?.match(/^ {2}[a-z][a-z-]*:$/gm) ?? []
    expect(clauses.length).toBeGreaterThan(3)
    expect(spec.match(/^ {4}rationale: /gm)?.length).toBe(clauses.length)
  })
})

test('a template is not written over what is there, nor beside a file of data', () => {
  const folder = scratch('template-twice')
  expect(plumb(folder, 'init', '--template', 'fraud-detection', 'rows.csv').err).toContain('init/template-and-data')
  expect(existsSync(join(folder, 'plumb.yaml'))).toBe(false)
  expect(plumb(folder, 'init').err).toContain('init/no-data')
  expect(plumb(folder, 'init', '--template', 'fraud-detection').code).toBe(0)
  const again = plumb(folder, 'init', '--template', 'fraud-detection')
  expect([again.code, again.err.includes('init/file-exists')]).toEqual([2, true])
  expect(plumb(folder, 'init', '--template', 'fraud-detection', '--force').code).toBe(0)
})
