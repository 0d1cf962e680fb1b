import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../evidence/evidence.ts'
import type { History, TimedEvent, WindowVerdict } from './history.ts'
import { eventExpr } from './testing/conditions.ts'
import { type Condition, conditionText, naiveEventually, naiveWhenever } from './testing/naive.ts'
import { decideEventually, decideWhenever } from './whenever.ts'

const DAY = 86_400_000_000
const event = (day: number, kind: string, subject = ''): TimedEvent => ({
  at: Math.round(day * DAY),
  kind,
  subject,
  digest: '',
})
const window = (day: number, verdict: Verdict, clause = 'drift'): WindowVerdict => ({
  clause,
  from: (day - 1) * DAY,
  to: day * DAY,
  verdict,
})
const history = (
  knownUntil: number,
  verdicts: readonly WindowVerdict[],
  events: readonly TimedEvent[] = [],
): History => ({ knownUntil: knownUntil * DAY, verdicts, events })

const drift = {
  trigger: eventExpr('violated("drift")'),
  response: eventExpr('kind == "retrain.decided"'),
  within: 7 * DAY,
}

describe('whenever … then … within', () => {
  it('is undecided while nothing has happened', () => {
    expect(decideWhenever(drift, history(99, []))).toMatchObject({ verdict: 'inconclusive', reason: 'empty-relation' })
  })

  it('is satisfied so far where nothing began', () => {
    const found = decideWhenever(drift, history(99, [window(1, 'satisfied'), window(2, 'inconclusive')]))
    expect(found).toEqual({ verdict: 'satisfied', triggers: 0, answered: 0, overdue: [], pending: [] })
  })

  it('counts from the end of the window that decided', () => {
    const open = decideWhenever(drift, history(9, [window(2, 'violated')]))
    expect(open).toMatchObject({
      verdict: 'inconclusive',
      reason: 'pending',
      pending: [{ at: 2 * DAY, deadline: 9 * DAY, because: 'drift: violated' }],
    })
    const late = decideWhenever(drift, history(9.001, [window(2, 'violated')]))
    expect(late).toMatchObject({ verdict: 'violated', overdue: [{ at: 2 * DAY }], pending: [] })
  })

  it.each([
    [2, 'answered'],
    [9, 'answered'],
    [9.000001, 'overdue'],
    [1.9, 'overdue'],
  ])('an answer on day %d leaves what began on day 2 %s', (day, is) => {
    const found = decideWhenever(drift, history(99, [window(2, 'violated')], [event(day, 'retrain.decided')]))
    expect(found.verdict).toBe(is === 'answered' ? 'satisfied' : 'violated')
  })

  it('takes windows that go on being violated for one episode, of which an answer speaks for as long again', () => {
    const verdicts = [2, 3, 5, 9, 12].map((day) => window(day, 'violated'))
    const decided = (...days: readonly number[]) => days.map((day) => event(day, 'retrain.decided'))
    // What began on day 2 was answered on day 3.1: that speaks for day 9, too, and not for day 12.
    const once = decideWhenever(drift, history(99, verdicts, decided(3.1)))
    expect(once).toMatchObject({ verdict: 'violated', triggers: 5, answered: 4, overdue: [{ at: 12 * DAY }] })
    expect(decideWhenever(drift, history(99, verdicts, decided(3.1, 13)))).toMatchObject({ verdict: 'satisfied' })
    // An answer from before it began is none.
    expect(decideWhenever(drift, history(99, verdicts, decided(1.9)))).toMatchObject({ answered: 0 })
  })

  it.each([
    ['satisfied', 1],
    ['inconclusive', 2],
    ['error', 2],
  ] as const)('a window that is %s in between leaves %d answered', (between, answered) => {
    const verdicts = [window(2, 'violated'), window(3, between), window(4, 'violated')]
    const found = decideWhenever(drift, history(99, verdicts, [event(2.1, 'retrain.decided')]))
    expect(found).toMatchObject({ triggers: 2, answered })
  })

  it('is not answered by the event that began it, so that recurrence can be asked for', () => {
    const weekly = {
      trigger: eventExpr('kind == "labels.arrived"'),
      response: eventExpr('kind == "labels.arrived"'),
      within: 7 * DAY,
    }
    const on = (...days: readonly number[]) => days.map((day) => event(day, 'labels.arrived'))
    expect(decideWhenever(weekly, history(16, [], on(0, 7, 14)))).toMatchObject({ answered: 2, reason: 'pending' })
    expect(decideWhenever(weekly, history(22, [], on(0, 7, 14)))).toMatchObject({ verdict: 'violated', answered: 2 })
    // Of one instant the order of the record decides.
    expect(decideWhenever(weekly, history(6, [], on(0, 0)))).toMatchObject({ answered: 1, triggers: 2 })
  })

  it('reads the state of a clause at an event', () => {
    const careful = {
      trigger: eventExpr('kind == "version.promoted" && violated("drift")'),
      response: eventExpr('kind == "alert.sent"'),
      within: DAY,
    }
    const verdicts = [window(1, 'satisfied'), window(2, 'violated'), window(4, 'satisfied')]
    const days = (...list: readonly number[]) => list.map((day) => event(day, 'version.promoted'))
    expect(decideWhenever(careful, history(99, verdicts, days(0.5, 1.5, 4, 5))).triggers).toBe(0)
    expect(decideWhenever(careful, history(99, verdicts, days(2, 3))).overdue.map(({ at }) => at / DAY)).toEqual([2, 3])
  })

  it('takes a trigger that ends in an error for one, and a response that does for none', () => {
    const odd = {
      trigger: eventExpr('kind == "a" && int(subject) > 5'),
      response: eventExpr('kind == "b" && int(subject) > 5'),
      within: DAY,
    }
    const found = (...events: readonly TimedEvent[]) => decideWhenever(odd, history(99, [], events)).verdict
    expect(found(event(1, 'a', '3'))).toBe('satisfied')
    expect(found(event(1, 'a', 'many'))).toBe('violated')
    expect(found(event(1, 'a', '7'), event(1.5, 'b', 'many'))).toBe('violated')
    expect(found(event(1, 'a', '7'), event(1.5, 'b', '8'))).toBe('satisfied')
  })

  it('looks at the triggers of a span only, and still finds their answers after it', () => {
    const events = [event(1, 'a'), event(2, 'a'), event(3, 'a'), event(5, 'b')]
    const clause = { trigger: eventExpr('kind == "a"'), response: eventExpr('kind == "b"'), within: 2 * DAY }
    const of = (from: number, to: number) =>
      decideWhenever(clause, history(99, [], events), { from: from * DAY, to: to * DAY })
    expect(of(0, 2)).toMatchObject({ verdict: 'violated', triggers: 1 })
    expect(of(2, 3)).toMatchObject({ verdict: 'violated', triggers: 1 })
    expect(of(3, 4)).toMatchObject({ verdict: 'satisfied', triggers: 1, answered: 1 })
    expect(of(4, 9)).toMatchObject({ verdict: 'satisfied', triggers: 0 })
  })
})

describe('eventually … within', () => {
  const clause = { condition: eventExpr('kind == "version.deployed"'), within: 2 * DAY }

  it.each([
    [1.5, [event(1, 'guard.started')], 'inconclusive'],
    [9, [event(1, 'guard.started')], 'violated'],
    [9, [event(1, 'guard.started'), event(3, 'version.deployed')], 'satisfied'],
    [9, [event(1, 'guard.started'), event(3.1, 'version.deployed')], 'violated'],
    [9, [event(1, 'version.deployed')], 'satisfied'],
  ] as const)('known until day %d after %j: %s', (until, events, verdict) => {
    expect(decideEventually(clause, history(until, [], events)).verdict).toBe(verdict)
  })

  it('is undecided while nothing has happened', () => {
    expect(decideEventually(clause, history(99, []))).toMatchObject({ reason: 'empty-relation', triggers: 0 })
  })
})

describe('the same as the definition written down a second time', () => {
  const KINDS = ['a', 'b', 'c']
  const CLAUSES = ['drift', 'ranks']
  const verdict = fc.constantFrom<Verdict>('satisfied', 'violated', 'inconclusive', 'error', 'skipped')
  const small = fc.integer({ min: 0, max: 12 })
  const histories: fc.Arbitrary<History> = fc.record({
    knownUntil: fc.integer({ min: 0, max: 16 }),
    events: fc.array(
      fc.record({
        at: small,
        kind: fc.constantFrom(...KINDS),
        subject: fc.constantFrom('x', 'y'),
        digest: fc.constant(''),
      }),
      { maxLength: 8 },
    ),
    verdicts: fc.uniqueArray(
      fc
        .record({ clause: fc.constantFrom(...CLAUSES), to: small, length: fc.constantFrom(1, 3), verdict })
        .map(({ clause, to, length, verdict: found }) => ({ clause, from: to - length, to, verdict: found })),
      { maxLength: 8, selector: ({ clause, from, to }) => `${clause} ${from} ${to}` },
    ),
  })
  const { condition } = fc.letrec<{ condition: Condition; leaf: Condition; inner: Condition }>((tie) => ({
    leaf: fc.oneof(
      fc.record({ is: fc.constant('kind' as const), value: fc.constantFrom(...KINDS) }),
      fc.record({ is: fc.constant('subject' as const), value: fc.constantFrom('x', 'y') }),
      fc.record({
        is: fc.constantFrom('violated' as const, 'satisfied' as const, 'undecided' as const),
        clause: fc.constantFrom(...CLAUSES),
      }),
    ),
    inner: fc.oneof(
      fc.record({
        is: fc.constantFrom('and' as const, 'or' as const),
        left: tie('condition'),
        right: tie('condition'),
      }),
      fc.record({ is: fc.constant('not' as const), operand: tie('condition') }),
    ),
    condition: fc.oneof({ maxDepth: 2 }, tie('leaf'), tie('inner')),
  }))

  it('whenever', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(condition, condition, fc.integer({ min: 0, max: 5 }), histories, (when, then, within, past) => {
        const clause = { trigger: eventExpr(conditionText(when)), response: eventExpr(conditionText(then)), within }
        const found = decideWhenever(clause, past)
        const expected = naiveWhenever(when, then, within, past)
        const at = (is: string): readonly number[] => expected.filter((each) => each.is === is).map((each) => each.at)
        const ordered = (list: readonly { readonly at: number }[]): readonly number[] =>
          list.map((each) => each.at).toSorted((a, b) => a - b)
        expect(found.triggers).toBe(expected.length)
        expect(found.answered).toBe(at('answered').length)
        expect(ordered(found.overdue)).toEqual(at('overdue'))
        expect(ordered(found.pending)).toEqual(at('pending'))
        for (const { is } of expected) seen.add(is)
        seen.add(found.verdict)
      }),
      { numRuns: 5000 },
    )
    // A generator that never made the interesting cases would agree with anything.
    expect([...seen].toSorted()).toEqual(['answered', 'inconclusive', 'overdue', 'pending', 'satisfied', 'violated'])
  })

  it('eventually', () => {
    const seen = new Set<string | undefined>()
    fc.assert(
      fc.property(condition, fc.integer({ min: 0, max: 5 }), histories, (when, within, past) => {
        const found = decideEventually({ condition: eventExpr(conditionText(when)), within }, past)
        const expected = naiveEventually(when, within, past)
        const verdicts = { answered: 'satisfied', overdue: 'violated', pending: 'inconclusive' } as const
        expect(found.verdict).toBe(expected === undefined ? 'inconclusive' : verdicts[expected])
        const reason = expected === undefined ? 'empty-relation' : expected === 'pending' ? 'pending' : undefined
        expect(found.reason).toBe(reason)
        seen.add(expected)
      }),
      { numRuns: 2000 },
    )
    expect(seen).toEqual(new Set(['answered', 'overdue', 'pending', undefined]))
  })
})
