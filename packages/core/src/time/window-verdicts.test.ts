import { describe, expect, it } from 'vitest'
import type { Evidence, Statement } from '../evidence/evidence.ts'
import { makeEvidence } from '../evidence/identity.ts'
import { windowVerdicts } from './window-verdicts.ts'

const JAN = (day: number): string => `2026-01-0${day}T00:00:00Z`
const run = { at: JAN(9), durationMs: 1, host: { os: 'o', arch: 'a', node: 'n' }, session: 's' }

function on(day: number, clause: string, slice: string, verdict: 'satisfied' | 'violated', more = {}): Evidence {
  const statement: Statement = {
    clause,
    form: 'must',
    stage: 'runtime',
    severity: 'block',
    relation: 'requests',
    slice,
    window: `${JAN(day)}/${JAN(day + 1)}`,
    method: 'interval',
    digests: { spec: 's', clause: 'c', data: {}, models: {}, tool: '1' },
    verdict,
    n: 10,
    measured: 1,
    missing: 0,
    excluded: 0,
    unassigned_rows: 0,
    ...more,
  }
  return makeEvidence(statement, run)
}

const at = (text: string): number => Date.parse(text) * 1000

describe('verdicts of windows', () => {
  it('are the worst over slices, the last record of each counting', () => {
    const found = windowVerdicts([
      on(1, 'ranks', 'all', 'satisfied'),
      on(1, 'ranks', 'young', 'violated'),
      on(2, 'ranks', 'all', 'violated'),
      on(2, 'ranks', 'all', 'satisfied', { supersedes: 'sha256:1' }),
      on(1, 'drift', 'all', 'satisfied'),
    ])
    expect(found).toEqual([
      { clause: 'ranks', from: at(JAN(1)), to: at(JAN(2)), verdict: 'violated' },
      { clause: 'ranks', from: at(JAN(2)), to: at(JAN(3)), verdict: 'satisfied' },
      { clause: 'drift', from: at(JAN(1)), to: at(JAN(2)), verdict: 'satisfied' },
    ])
  })

  it('are the worst over the versions that answered in the window; what was said before any did is overtaken', () => {
    const models = (version: string) => ({
      digests: { spec: 's', clause: 'c', data: {}, models: { champion: version }, tool: '1' },
    })
    const verdicts = (...evidence: readonly Evidence[]): readonly string[] =>
      windowVerdicts(evidence).map(({ verdict }) => verdict)
    const [a, b] = [on(1, 'ranks', 'all', 'violated', models('a')), on(1, 'ranks', 'all', 'satisfied', models('b'))]
    expect(verdicts(a, b)).toEqual(['violated'])
    expect(verdicts(a, b, on(1, 'ranks', 'all', 'satisfied', models('a')))).toEqual(['satisfied'])
    expect(verdicts(on(1, 'ranks', 'all', 'violated'), b)).toEqual(['satisfied'])
  })

  it('leave out what is no window of requests, and what only explored', () => {
    expect(
      windowVerdicts([
        on(1, 'ranks', 'all', 'violated', { window: undefined }),
        on(1, 'ranks', 'all', 'violated', { relation: 'system' }),
        on(1, 'ranks', 'all', 'violated', { exploratory: true }),
        on(1, 'ranks', 'all', 'violated', { window: 'yesterday' }),
      ]),
    ).toEqual([])
  })
})
