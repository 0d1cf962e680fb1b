import { compile } from '@plumbline/core'
import { analyseDeeply } from '@plumbline/core/deep'
import { expect, test } from 'vitest'
import { makeSpec } from '../../benchmarks/check/make-spec.ts'

/** What `benchmarks/check` measures is the analysis itself: a question would be the time of z3. */
test('of 200 clauses of the usual forms 59 follow from others, and none is a question for a solver', async () => {
  const sources = { main: { path: 'plumb.yaml', text: makeSpec(200) }, others: [] }
  const { value } = compile(sources)
  if (value === undefined) throw new Error('it was not compiled')
  let questions = 0
  const solver = {
    check: () => {
      questions++
      return Promise.resolve({ kind: 'unknown', reason: 'incomplete', detail: 'it knows nothing' } as const)
    },
  }
  const found = await analyseDeeply(value, sources, { solver, limits: { milliseconds: 1 } })
  expect(found.map(({ code }) => code)).toEqual(Array.from({ length: 59 }, () => 'check/redundant-clause'))
  expect(questions).toBe(0)
})
