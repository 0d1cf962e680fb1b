import { describe, expect, it } from 'vitest'
import type { Clause } from '../clause/clause.ts'
import type { Statement } from '../evidence/evidence.ts'
import { makeEvidence } from '../evidence/identity.ts'
import type { Answer } from './answers.ts'
import { adequacyOf, type MutationEvidence } from './level.ts'

const clause = { id: 'c', digest: 'sha256:c' } as Clause
const RUN = { at: '2026-01-01T00:00:00Z', durationMs: 1, host: { os: 'x', arch: 'x', node: 'x' }, session: 's' }

const evidence = (more: object) =>
  makeEvidence(
    {
      clause: 'c',
      digests: { clause: 'sha256:c' },
      verdict: 'satisfied',
      method: 'interval',
      n: 100,
      ...more,
    } as unknown as Statement,
    RUN,
  )

const level = (
  found: ReturnType<typeof evidence>[],
  mutation?: MutationEvidence,
  unmet?: ReadonlySet<string>,
): number | undefined => {
  const answers = found.map((each) => ({ instance: { clause, stage: 'data' }, evidence: each, stale: false }) as Answer)
  const none = [{ instance: { clause, stage: 'data' }, stale: false } as Answer]
  return adequacyOf([clause], answers.length === 0 ? none : answers, found, mutation, unmet)[0]?.level
}

const kill = { outcome: 'killed', kills: [{ clause: 'c', severity: 'block', relation: 'r', slice: 'all' }] } as const
const killed: MutationEvidence = { faults: [kill], controls: [{ alarms: [] }] }

describe('the level of a clause', () => {
  it('rises with what was seen of it', () => {
    expect(level([])).toBe(0)
    expect(level([evidence({ verdict: 'error', reason: 'source-missing', cause: 'x' })])).toBe(0)
    expect(level([evidence({ verdict: 'inconclusive', reason: 'empty-relation', n: 0 })])).toBe(1)
    expect(level([evidence({})])).toBe(2)
    expect(level([evidence({})], { faults: [], controls: [] })).toBe(2)
    expect(level([evidence({}), evidence({ verdict: 'violated' })])).toBe(3)
    expect(level([evidence({})], killed)).toBe(5)
  })

  it('is no more than two-sided for a clause that raises alarms where nothing is wrong', () => {
    expect(level([evidence({})], { ...killed, controls: [{ alarms: kill.kills }] })).toBe(3)
  })

  it('is not more than executed for a clause whose premise no row meets', () => {
    expect(level([evidence({})], killed, new Set(['c']))).toBe(1)
    expect(level([evidence({})], killed, new Set(['other']))).toBe(5)
  })

  it('owes nothing to an earlier clause of the same id', () => {
    const earlier = evidence({ verdict: 'violated', digests: { clause: 'sha256:earlier' } })
    expect(level([earlier, evidence({})])).toBe(2)
  })

  it('is powered where the margin is far enough from the bound to be found again', () => {
    const comparison = (value: number, low: number) => ({
      comparisons: [{ margin: { value, interval: { low, high: value + 1 } } }],
    })
    expect(level([evidence(comparison(1.5, 0.5))], killed)).toBe(5)
    expect(level([evidence(comparison(1.2, 0.2))], killed)).toBe(4)
    expect(level([evidence({ verdict: 'inconclusive', reason: 'interval-straddles-bound' })], killed)).toBe(2)
  })

  it('counts a proof as something to decide on', () => {
    expect(level([evidence({ method: 'proof:monotone-trees', n: 0 })])).toBe(2)
  })
})
