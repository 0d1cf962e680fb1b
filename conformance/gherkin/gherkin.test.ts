import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileWith } from '../../packages/gherkin/src/testing/compile-feature.ts'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** The findings of a case as a person sees them, in order; `nothing` when there are none. */
function findings(folder: string): string {
  const own = join(folder, 'spec.plumb.yaml')
  const spec = readFileSync(existsSync(own) ? own : join(import.meta.dirname, 'spec.plumb.yaml'), 'utf8')
  const names = readdirSync(folder).filter((name) => /\.feature(\.md)?$/.test(name))
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  const { shown } = compileWith(spec, files)
  return shown === '' ? 'nothing\n' : `${shown}\n`
}

test.each(cases)('%s', (name) => {
  const folder = join(import.meta.dirname, name)
  expect(findings(folder)).toBe(readFileSync(join(folder, 'diagnostics.txt'), 'utf8'))
})

test('the corpus is not empty', () => {
  expect(cases.length).toBeGreaterThan(15)
})
