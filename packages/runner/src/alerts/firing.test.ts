import type { Evidence } from '@plumbline/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayEvidence, digestFor, type EvidenceParts, runtimeProgram } from '../testing/runtime.ts'
import type { Alert } from './alert.ts'
import { advance, type FiringState, QUIET } from './firing.ts'

const program = runtimeProgram()

function tell(
  evidence: readonly Evidence[],
  begin = QUIET,
): { readonly alerts: readonly Alert[]; readonly state: FiringState } {
  const alerts: Alert[] = []
  let state = begin
  for (const each of evidence) {
    const advanced = advance(state, program, each)
    state = advanced.state
    alerts.push(...advanced.alerts)
  }
  return { alerts, state }
}
const told = (...parts: readonly EvidenceParts[]) =>
  tell(parts.map(dayEvidence)).alerts.map(({ status, window, because }) => [
    status,
    window?.slice(8, 10),
    ...(because === undefined ? [] : [because]),
  ])

describe('what is told', () => {
  test('a violation once, however long it lasts, and its end', () => {
    expect(
      told(
        { day: 0, verdict: 'satisfied' },
        { day: 1 },
        { day: 2 },
        { day: 3, verdict: 'inconclusive' },
        { day: 4 },
        { day: 5, verdict: 'satisfied' },
        { day: 6, verdict: 'satisfied' },
        { day: 7 },
      ),
    ).toEqual([
      ['violated', '02'],
      ['resolved', '06', 'satisfied'],
      ['violated', '08'],
    ])
  })

  test('what it says', () => {
    const [alert] = tell([dayEvidence({ day: 1 })]).alerts
    expect(alert).toEqual({
      schema: 'plumbline/alert/1',
      id: expect.stringMatching(/^sha256:/),
      status: 'violated',
      system: { name: 'credit', version: '1.2.0' },
      clause: 'stable',
      says: 'People stay as old as they are.',
      severity: 'block',
      relation: 'requests',
      slice: 'all',
      model: digestFor('a'),
      window: '2026-01-02T00:00:00Z/2026-01-03T00:00:00Z',
      condition: 'mean(age) < 50.0',
      measured: 41.5,
      since: '2026-01-03T00:00:00.000Z',
      at: '2026-01-03T00:00:00Z',
      evidence: dayEvidence({ day: 1 }).id,
    })
  })

  test('slices, clauses and versions fire for themselves', () => {
    expect(told({ slice: 'young' }, { slice: 'old' }, { clause: 'ranks' }, { model: 'b' })).toHaveLength(4)
  })

  test('a version that answers no longer is resolved by a later window of its successor, not by the window both answered', () => {
    expect(told({ day: 1, model: 'a' }, { day: 1, model: 'b', verdict: 'satisfied' })).toEqual([['violated', '02']])
    expect(
      told(
        { day: 1, model: 'a' },
        { day: 1, model: 'b', verdict: 'satisfied' },
        { day: 2, model: 'b', verdict: 'satisfied' },
      ),
    ).toEqual([
      ['violated', '02'],
      ['resolved', '03', 'version-replaced'],
    ])
    const both = tell([dayEvidence({ day: 1, model: 'a' }), dayEvidence({ day: 2, model: 'b' })]).alerts
    expect(both.map(({ status, model }) => [status, model])).toEqual([
      ['violated', digestFor('a')],
      ['resolved', digestFor('a')],
      ['violated', digestFor('b')],
    ])
  })

  test('late rows: a record about the newest window counts, one about an older window does not', () => {
    const newest = told({ day: 1 }, { day: 1, verdict: 'satisfied', data: 'more', supersedes: 'x' })
    expect(newest).toEqual([
      ['violated', '02'],
      ['resolved', '02', 'satisfied'],
    ])
    const older = { day: 1, data: 'more', supersedes: 'x' } as const
    expect(told({ day: 1, verdict: 'satisfied' }, { day: 2, verdict: 'satisfied' }, older)).toEqual([])
    expect(told({ day: 1 }, { day: 2 }, { ...older, verdict: 'satisfied' })).toEqual([['violated', '02']])
  })

  test('evidence of other stages and exploratory evidence tells nothing', () => {
    const one = dayEvidence()
    const statement = { ...one.statement, stage: 'data' as const }
    expect(tell([{ ...one, statement }]).alerts).toEqual([])
    expect(tell([{ ...one, statement: { ...one.statement, exploratory: true } }]).alerts).toEqual([])
  })

  test('evidence without a window speaks of the time it was made', () => {
    const { window: _, ...statement } = dayEvidence({ day: 3, model: null }).statement
    const evidence = { ...dayEvidence({ day: 3 }), statement: statement as Evidence['statement'] }
    expect(tell([evidence]).alerts).toMatchObject([{ window: null, model: null, since: '2026-01-05T00:00:00.000Z' }])
  })

  test('violations and ends alternate for each line and version, whatever comes', () => {
    const parts = fc.record({
      day: fc.nat(9),
      verdict: fc.constantFrom('satisfied', 'violated', 'inconclusive'),
      model: fc.constantFrom('a', 'b', null),
      slice: fc.constantFrom('all', 'young'),
      data: fc.constantFrom('1', '2'),
    })
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (all) => {
        const { alerts, state } = tell(all.map((each) => dayEvidence(each as EvidenceParts)))
        const standing = new Map<string, string>()
        for (const { slice, model, status } of alerts) {
          const key = `${slice} ${model}`
          expect(standing.get(key) ?? 'resolved').not.toBe(status)
          standing.set(key, status)
        }
        const violated = [...standing.values()].filter((status) => status === 'violated')
        expect(Object.keys(state.firing)).toHaveLength(violated.length)
      }),
    )
  })
})
