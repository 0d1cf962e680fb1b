import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, renderDiagnostic } from '@plumbline/core'
import { expect, test } from 'vitest'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

/** The findings of a spec as a person sees them, in order; `nothing` when there are none. */
export function findings(path: string): string {
  const sources = { main: { path: 'spec.plumb.yaml', text: readFileSync(path, 'utf8') }, others: [] }
  const shown = compile(sources).diagnostics.map((d) => renderDiagnostic(d, sources, { color: false }).trimEnd())
  return shown.length === 0 ? 'nothing\n' : `${shown.join('\n\n')}\n`
}

test.each(cases)('%s', (name) => {
  const folder = join(import.meta.dirname, name)
  expect(findings(join(folder, 'spec.plumb.yaml'))).toBe(readFileSync(join(folder, 'diagnostics.txt'), 'utf8'))
})

test('the corpus is not empty', () => {
  expect(cases.length).toBeGreaterThan(25)
})
