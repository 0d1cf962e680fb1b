import { readFileSync } from 'node:fs'
import { compile, hasErrors } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import { expectations } from '../packages/importers/src/great-expectations/expectations/index.ts'
import { type PeerCheck, PEERS, readPeer } from '../tools/generate/peers.ts'

const root = new URL('..', import.meta.url).pathname
const fixture = readFileSync(new URL('../docs/peers/fixture.plumb.yaml', import.meta.url), 'utf8')

/** Why the clause does not compile in the fixture; undefined where it does. */
function problem({ every, must, of = 'rows', stage }: PeerCheck): string | undefined {
  // A latency is asked of requests to the staged candidate, which needs a guard: only its form is checked here.
  const form = every !== undefined ? { every } : { must }
  const text = `${fixture}clauses:\n  it: ${JSON.stringify({ of: stage === 'release' ? 'champion' : of, ...form })}\n`
  const { diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  return diagnostics.find((each) => hasErrors([each]))?.message
}

/** How many checks the tools have (the versions are in the files). */
const COUNTS = {
  'great-expectations': 63,
  deepchecks: 44,
  evidently: 20,
  'evidently-metrics': 82,
  pandera: 17,
  soda: 19,
  tfdv: 89,
} as const

describe.each(PEERS)('checks of %s', (name) => {
  const { checks } = readPeer(root, name)

  it('are all there, each once, and each with a clause or a reason', () => {
    expect(checks).toHaveLength(COUNTS[name])
    expect(new Set(checks.map((check) => check.name)).size).toBe(checks.length)
    for (const { every, must, contract, no, name: check } of checks)
      expect(
        [every, must, contract, no].filter((part) => part !== undefined),
        check,
      ).toHaveLength(1)
  })

  it('have clauses that compile', () => {
    const asked = checks.filter(({ every, must, stage }) => (every ?? must) !== undefined && stage === undefined)
    const wrong = asked.flatMap((check) => problem(check)?.replace(/^/, `${check.name}: `) ?? [])
    expect(wrong).toEqual([])
  })
})

it('the expectations of the table are those that are imported', () => {
  const listed = readPeer(root, 'great-expectations').checks.map((check) => check.name)
  const known = Object.keys(expectations).filter((each) => !/_A_/.test(each))
  expect(listed.toSorted()).toEqual(known.toSorted())
})

it('a clause that does not compile is noticed', () => {
  expect(problem({ name: 'none', must: 'nonsense(x) > 0' })).toMatch(/nonsense/)
  expect(problem({ name: 'none', every: 'nothing > 0' })).toMatch(/nothing/)
})
