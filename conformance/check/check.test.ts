import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, diagnosticCatalog, renderDiagnostic } from '@plumbline/core'
import { expect, test } from 'vitest'
import { caseSources } from '../case-sources.ts'

/** A spec that comes close to what a rule finds, and gives it nothing to find. */
const MET = 'met.plumb.yaml'

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

/** The findings of a spec as a person sees them, in order; `nothing` when there are none. */
export async function findings(folder: string, spec?: string): Promise<string> {
  const sources = await caseSources(folder, spec)
  const shown = compile(sources).diagnostics.map((d) => renderDiagnostic(d, sources, { color: false }).trimEnd())
  return shown.length === 0 ? 'nothing\n' : `${shown.join('\n\n')}\n`
}

test.each(cases)('%s', async (name) => {
  const folder = join(import.meta.dirname, name)
  expect(await findings(folder)).toBe(readFileSync(join(folder, 'diagnostics.txt'), 'utf8'))
})

const met = cases.filter((name) => existsSync(join(import.meta.dirname, name, MET)))

test.each(met)('%s: nothing is found where it is met', async (name) => {
  expect(await findings(join(import.meta.dirname, name), MET)).toBe('nothing\n')
})

test('every rule about what a spec leaves out has a case of each kind', () => {
  const aboutSuppressions = ['dead-suppression', 'unknown-suppression']
  const rules = [...diagnosticCatalog().keys()].flatMap((code) => /^lint\/(.*)$/.exec(code)?.[1] ?? [])
  expect(met.toSorted()).toEqual(rules.filter((name) => !aboutSuppressions.includes(name)).toSorted())
  for (const name of rules)
    expect(readFileSync(join(import.meta.dirname, name, 'diagnostics.txt'), 'utf8')).toContain(`[lint/${name}]`)
})

test('the corpus is not empty', () => {
  expect(cases.length).toBeGreaterThan(25)
})
