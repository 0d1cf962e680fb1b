import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, renderDiagnostic } from '@plumbline/core'
import { expect, test } from 'vitest'
import { caseSources } from '../case-sources.ts'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

/** The findings of a spec as a person sees them, in order; `nothing` when there are none. */
export async function findings(folder: string): Promise<string> {
  const sources = await caseSources(folder)
  const shown = compile(sources).diagnostics.map((d) => renderDiagnostic(d, sources, { color: false }).trimEnd())
  return shown.length === 0 ? 'nothing\n' : `${shown.join('\n\n')}\n`
}

test.each(cases)('%s', async (name) => {
  const folder = join(import.meta.dirname, name)
  expect(await findings(folder)).toBe(readFileSync(join(folder, 'diagnostics.txt'), 'utf8'))
})

test('the corpus is not empty', () => {
  expect(cases.length).toBeGreaterThan(25)
})
