import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, type Program, renderDiagnostic } from '@plumbline/core'
import { compareSpecsWithSolver, type SpecChange } from '@plumbline/core/change'
import type { Solver } from '@plumbline/core/deep'
import { changeNote, changeSign, facetText } from '@plumbline/report'
import { createSolver } from '@plumbline/solver'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Case {
  readonly name: string
  readonly replace: Readonly<Record<string, string>>
  readonly says: readonly string[]
  readonly 'without-solver'?: readonly string[]
}

const solver = createSolver()
afterAll(() => solver.close())
const absent: Solver = {
  check: () => Promise.resolve({ kind: 'unknown', reason: 'not-installed', detail: 'no such module' }),
}

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
const base = read('base.plumb.yaml')
const cases = parse(read('changes.yaml')) as readonly Case[]

function program(text: string): Program {
  const sources = { main: { path: 'plumb.yaml', text }, others: [] }
  const { value, diagnostics } = compile(sources)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (value === undefined || errors.length > 0)
    throw new Error(errors.map((each) => renderDiagnostic(each, sources, { color: false })).join('\n'))
  return value
}

function replaced(replace: Case['replace']): string {
  return Object.entries(replace).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`\`${from}\` is not once in the base.`)
    return text.replace(from, () => to)
  }, base)
}

/** All that is said, without the rows: which one is found is the solver's choice. */
function said({ changes }: SpecChange): readonly string[] {
  return changes
    .filter(({ kind }) => kind !== 'unchanged')
    .flatMap((change) => {
      const note = changeNote(change)
      return [
        `${changeSign[change.kind]} ${change.kind} ${change.id}`,
        ...change.facets.map((facet) => {
          const shown = facet.witness?.split('; ').map((part) => part.replace(/: .*/s, '')) ?? []
          return `  ${[facetText(facet), ...shown].join('; ')}`
        }),
        ...(note === undefined || change.kind === 'added' ? [] : [`  ${note}`]),
      ]
    })
}

test.each(cases)('$name', async (each) => {
  const [before, after] = [program(base), program(replaced(each.replace))]
  const limits = { milliseconds: 60_000 }
  expect(said(await compareSpecsWithSolver(before, after, { solver, limits }))).toEqual(each.says)
  const without = said(await compareSpecsWithSolver(before, after, { solver: absent, limits }))
  expect(without).toEqual(each['without-solver'] ?? each.says)
})

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(20)
})
