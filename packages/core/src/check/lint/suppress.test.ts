import { expect, test } from 'vitest'
import { compile } from '../../compile.ts'
import { analyseDeeply } from '../../deep/index.ts'
import { withoutSuppressedLater } from './suppress.ts'

const sources = {
  main: {
    path: 'plumb.yaml',
    text: `plumbline: 1
system: { name: s, version: 1.0.0, purpose: A test. }
requirements: { R-1: { says: Ages are ages. } }
data: { people: { source: people.csv, key: [id], columns: { id: { type: integer, role: key }, age: { type: integer, range: [0, 120] } } } }
clauses:
  grown: { says: Ages are below 200., of: people, every: age < 200, meets: [R-1] }
  counted: { says: There are rows., of: people, must: count() >= 1, meets: [R-1] }
suppress:
  - { code: check/redundant-clause, at: grown, reason: In the words of the law. }
`,
  },
  others: [],
}

test('what only a solver finds is suppressed by clause, and without a solver its suppression is not called dead', async () => {
  const { value, diagnostics } = compile(sources)
  expect(diagnostics.map(({ code }) => code)).not.toContain('lint/dead-suppression')
  if (value === undefined) throw new Error('it was not compiled')
  const solver = { check: () => Promise.resolve({ kind: 'unknown', reason: 'timeout', detail: '' } as const) }
  const found = await analyseDeeply(value, sources, { solver, limits: { milliseconds: 1 } })
  expect(found.map(({ code, subject }) => [code, subject])).toEqual([
    ['check/redundant-clause', 'grown'],
    ['check/redundant-clause', 'counted'],
  ])
  const span = { file: 'plumb.yaml', start: 0, end: 0 }
  const text = (value: string) => ({ value, span })
  const suppression = { code: text('check/redundant-clause'), at: text('grown'), reason: 'Law.', span }
  const kept = withoutSuppressedLater([suppression], found)
  expect(kept.map(({ subject }) => subject)).toEqual(['counted'])
})
