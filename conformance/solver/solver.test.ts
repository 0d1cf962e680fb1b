import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, renderDiagnostic } from '@plumbline/core'
import { analyseDeeply } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { caseSources } from '../case-sources.ts'

const solver = createSolver()
afterAll(() => solver.close())

const cases = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((e) => e.isDirectory())
  .map((e) => e.name)

test.each(cases)('%s', async (name) => {
  const folder = join(import.meta.dirname, name)
  const sources = await caseSources(folder)
  const { value, diagnostics } = compile(sources)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (value === undefined) throw new Error('it was not compiled')
  const found = await analyseDeeply(value, sources, { solver, limits: { milliseconds: 60_000 } })
  const shown = found.map((d) => renderDiagnostic(d, sources, { color: false }).trimEnd())
  const text = shown.length === 0 ? 'nothing\n' : `${shown.join('\n\n')}\n`
  expect(text).toBe(readFileSync(join(folder, 'diagnostics.txt'), 'utf8'))
})

test('the corpus is not empty', () => {
  expect(cases.length).toBeGreaterThan(6)
})
