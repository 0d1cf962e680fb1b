import type { Evidence, Verdict } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { creditProgram, evidenceFor } from '../../../report/src/testing/credit.ts'
import { acceptedBy, baselineOf, readBaseline } from './baseline.ts'
import { exitCodeOf, exitMeaningOf } from './outcome.ts'

const program = creditProgram()
/** Evidence of a blocking clause (or of one that only warns). */
function found(
  verdict: Verdict,
  more: { readonly clause?: string; readonly slice?: string; readonly failing?: number; readonly reason?: string } = {},
): Evidence {
  const { clause = 'accounts.age.range', slice = 'all', reason = 'interrupted', ...rest } = more
  return evidenceFor(
    program,
    { clause, slice },
    { verdict, ...(verdict === 'satisfied' || verdict === 'violated' ? {} : { reason }), ...rest },
  )
}
const WARN = 'bills-within-limit'

describe('the exit code', () => {
  test.each([
    ['nothing asked', [], 0],
    ['all satisfied', [found('satisfied')], 0],
    ['violated', [found('satisfied'), found('violated')], 1],
    ['violated and undecided', [found('error'), found('violated')], 1],
    ['an error', [found('satisfied'), found('error')], 3],
    ['inconclusive', [found('inconclusive')], 3],
    ['a database out of reach', [found('inconclusive'), found('error', { reason: 'engine-unreachable' })], 4],
    ['violated, and a database out of reach', [found('violated'), found('error', { reason: 'engine-unreachable' })], 1],
    ['skipped', [found('skipped')], 3],
    ['no champion yet', [found('skipped', { reason: 'no-champion' }), found('satisfied')], 0],
    ['violated, but only a warning', [found('violated', { clause: WARN })], 0],
    ['undecided, but only a warning', [found('error', { clause: WARN })], 0],
  ] as const)('%s', (_, evidence, code) => {
    expect(exitCodeOf(program, evidence)).toBe(code)
  })

  test('the severity that counts is that of the spec as it is now', () => {
    const evidence = found('violated')
    const relaxed = { ...program, clauses: program.clauses.map((clause) => ({ ...clause, severity: 'warn' as const })) }
    expect(exitCodeOf(relaxed, [evidence])).toBe(0)
    expect(exitCodeOf({ ...program, clauses: [] }, [evidence])).toBe(1)
  })

  test('what is accepted no longer fails, but what is undecided stays so', () => {
    const violated = found('violated')
    expect(exitCodeOf(program, [violated], [violated.id])).toBe(0)
    expect(exitCodeOf(program, [violated, found('error')], [violated.id])).toBe(3)
    expect(exitMeaningOf(0, 1)).toContain('1 accepted by the baseline')
  })
})

describe('the baseline', () => {
  const today = [
    found('violated', { failing: 5 }),
    found('violated', { clause: WARN, slice: 'young', failing: 2 }),
    found('satisfied', { clause: 'accounts.key' }),
  ]
  const baseline = baselineOf(today)

  test('holds the violations, sorted, and survives the file', () => {
    expect(baseline).toEqual({
      schema: 'plumbline/baseline/1',
      violations: [
        { clause: 'accounts.age.range', relation: 'accounts', slice: 'all', failing: 5 },
        { clause: WARN, relation: 'accounts', slice: 'young', failing: 2 },
      ],
    })
    expect(readBaseline(JSON.parse(JSON.stringify(baseline)) as never)).toEqual(baseline)
  })

  test('accepts the same and fewer failing rows, and neither more nor others', () => {
    const accepted = (evidence: readonly Evidence[]): number => acceptedBy(baseline, evidence).accepted.length
    expect(accepted(today)).toBe(2)
    expect(accepted([found('violated', { failing: 4 })])).toBe(1)
    expect(accepted([found('violated', { failing: 6 })])).toBe(0)
    expect(accepted([found('violated', { failing: 1, slice: 'young' })])).toBe(0)
    expect(accepted([found('violated', { clause: 'accounts.pay_0.range', failing: 1 })])).toBe(0)
    expect(accepted([found('error')])).toBe(0)
  })

  test('a clause without rows is accepted by name', () => {
    const refuted = evidenceFor(program, { clause: 'ranks-well', model: 'sha256:m' }, { verdict: 'violated' })
    expect(acceptedBy(baselineOf([refuted]), [refuted]).accepted).toEqual([refuted.id])
    const forged = {
      schema: 'plumbline/baseline/1' as const,
      violations: [{ clause: 'accounts.age.range', relation: 'accounts', slice: 'all', failing: null }],
    }
    expect(acceptedBy(forged, [found('violated', { failing: 1 })]).accepted).toEqual([])
  })

  test.each([
    null,
    [],
    'x',
    {},
    { schema: 'plumbline/baseline/2', violations: [] },
    { schema: 'plumbline/baseline/1', violations: {} },
    { schema: 'plumbline/baseline/1', violations: [null] },
    { schema: 'plumbline/baseline/1', violations: [{ clause: 'a', relation: 'b', slice: 'c', failing: -1 }] },
    { schema: 'plumbline/baseline/1', violations: [{ clause: 'a', relation: 'b', slice: 'c' }] },
  ])('a file of another form is refused: %j', (value) => {
    expect(readBaseline(value as never)).toBeUndefined()
  })
})
