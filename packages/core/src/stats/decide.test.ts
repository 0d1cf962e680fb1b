import { describe, expect, it } from 'vitest'
import {
  conditionP,
  decideAll,
  decideAny,
  decideMargin,
  decideNot,
  marginOf,
  reachAll,
  reachAny,
  reachNot,
  reachOf,
} from './decide.ts'
import type { IntervalEstimate } from './estimate.ts'
import { decideFamily, holm, type Question } from './holm.ts'
import { meanEstimate } from './mean.ts'
import { wilsonEstimate } from './proportion.ts'
import { rowsNeeded } from './sample-size.ts'

function share(k: number, n: number): IntervalEstimate {
  const estimate = wilsonEstimate(k, n)
  if (estimate.kind === 'undefined') throw new Error(estimate.reason)
  return estimate
}

describe('decideMargin', () => {
  it.each([
    [0.1, 0.2, false, 'satisfied'],
    [-0.2, -0.1, false, 'violated'],
    [-0.1, 0.1, false, 'inconclusive'],
    // 0 is allowed for >= and <=, not for > and <.
    [0, 0.1, false, 'satisfied'],
    [0, 0.1, true, 'inconclusive'],
    [-0.1, 0, false, 'inconclusive'],
    [-0.1, 0, true, 'violated'],
    [0, 0, false, 'satisfied'],
    [0, 0, true, 'violated'],
    [-Infinity, Infinity, false, 'inconclusive'],
    [0.1, Infinity, true, 'satisfied'],
  ] as const)('[%d, %d], strict %s: %s', (low, high, strict, verdict) => {
    expect(decideMargin({ low, high }, { strict })).toBe(verdict)
  })
  it('does not decide within the agreement of a replay', () => {
    expect(decideMargin({ low: 5e-10, high: 1 }, { strict: false, scale: 1 })).toBe('inconclusive')
    expect(decideMargin({ low: 0, high: 1 }, { strict: false, scale: 1 })).toBe('inconclusive')
    expect(decideMargin({ low: 2e-9, high: 1 }, { strict: true, scale: 1 })).toBe('satisfied')
    expect(decideMargin({ low: -1, high: -5e-10 }, { strict: true, scale: 1 })).toBe('inconclusive')
    expect(decideMargin({ low: -1, high: -2e-9 }, { strict: false, scale: 1 })).toBe('violated')
  })
  it('margins point to the allowed side', () => {
    for (const [operator, sign] of [
      ['>', 1],
      ['>=', 1],
      ['<', -1],
      ['<=', -1],
    ] as const) {
      const margin = marginOf(share(80, 100), operator, 0.5)
      expect(margin.value).toBeCloseTo(sign * 0.3, 12)
      const { low, high } = margin.interval(0.95)
      expect(low).toBeLessThan(high)
      expect(decideMargin({ low, high }, { strict: false })).toBe(sign > 0 ? 'satisfied' : 'violated')
      expect(margin.p(0)).toBe(share(80, 100).p(0.5))
    }
  })
})

describe('holm', () => {
  it('steps down and stops at the first failure', () => {
    // Holm 1979 by hand: 0.01 ≤ .05/4, 0.013 ≤ .05/3, 0.03 > .05/2, and 0.04 falls with it.
    expect(holm([0.04, 0.01, 0.03, 0.013], 0.05)).toEqual([
      { rejected: false, level: 1 - 0.05 / 2 },
      { rejected: true, level: 1 - 0.05 / 4 },
      { rejected: false, level: 1 - 0.05 / 2 },
      { rejected: true, level: 1 - 0.05 / 3 },
    ])
  })
  it('edges', () => {
    expect(holm([], 0.05)).toEqual([])
    expect(holm([0.05], 0.05)).toEqual([{ rejected: true, level: 0.95 }])
    expect(holm([0.9], 0.05)).toEqual([{ rejected: false, level: 0.95 }])
    expect(holm([undefined, 0.02], 0.05).map((result) => result.rejected)).toEqual([false, true])
    expect(holm([undefined, 0.03], 0.05).map((result) => result.rejected)).toEqual([false, false])
    expect(holm([0.001, 0.001, 0.001], 0.05).every((result) => result.rejected)).toBe(true)
  })
  it('equals the definition by adjusted p-values', () => {
    for (let round = 0; round < 300; round++) {
      const p = Array.from({ length: 1 + (round % 7) }, (_, i) => ((round * 37 + i * 101) % 97) / 1000)
      const order = p.map((_, i) => i).sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0) || a - b)
      let running = 0
      const adjusted: number[] = []
      order.forEach((index, i) => {
        running = Math.max(running, (p.length - i) * (p[index] ?? 0))
        adjusted[index] = running
      })
      const near = adjusted.some((value) => Math.abs(value - 0.05) < 1e-12)
      if (!near) expect(holm(p, 0.05).map((each) => each.rejected)).toEqual(adjusted.map((value) => value <= 0.05))
    }
  })
})

describe('decideFamily', () => {
  const ask = (
    k: number,
    n: number,
    bound: number,
  ): Question<{ verdict: ReturnType<typeof decideMargin>; low: number }> => {
    const margin = marginOf(share(k, n), '>=', bound)
    return {
      p: conditionP(reachOf(margin), 1),
      at(alpha) {
        const interval = margin.interval(1 - alpha)
        return { verdict: decideMargin(interval, { strict: false }), low: interval.low }
      },
    }
  }
  it('gives verdict, interval and level that agree with holm', () => {
    const questions = [ask(95, 100, 0.8), ask(60, 100, 0.8), ask(86, 100, 0.8), ask(9, 10, 0.8)]
    const answers = decideFamily(questions, 0.05, (answer) => ({ ...answer, verdict: 'inconclusive' }))
    expect(answers.map((answer) => answer.answer.verdict)).toEqual([
      'satisfied',
      'violated',
      'inconclusive',
      'inconclusive',
    ])
    const byP = holm(
      questions.map((question) => question.p),
      0.05,
    )
    expect(answers.map((answer) => answer.level)).toEqual(byP.map((each) => each.level))
    answers.forEach(({ answer, level }, i) => expect(questions[i]?.at(1 - level).low).toBeCloseTo(answer.low, 12))
  })
  it('a member that would be decided alone is not, below a failure', () => {
    const questions = [ask(90, 100, 0.8), ask(81, 100, 0.8), ask(82, 100, 0.8)]
    expect(questions[0]?.at(0.05).verdict).toBe('satisfied')
    const answers = decideFamily(questions, 0.05, (answer) => ({ ...answer, verdict: 'inconclusive' }))
    expect(answers[0]?.answer.verdict).toBe(questions[0]?.at(0.05 / 3).verdict)
  })
})

describe('conditions', () => {
  const good = marginOf(share(95, 100), '>=', 0.8)
  const bad = marginOf(share(60, 100), '>=', 0.8)
  it('reach follows the three-valued operators', () => {
    const [a, b] = [reachOf(good), reachOf(bad)]
    expect(a.violated).toBe(Infinity)
    expect(b.satisfied).toBe(Infinity)
    expect(reachAll([a, b])).toEqual({ satisfied: Infinity, violated: b.violated })
    expect(reachAny([a, b])).toEqual({ satisfied: a.satisfied, violated: Infinity })
    expect(reachNot(a)).toEqual({ satisfied: Infinity, violated: a.satisfied })
    expect(conditionP(reachAll([a, a]), 2)).toBe(2 * a.satisfied)
    expect(conditionP({ satisfied: 0.8, violated: Infinity }, 2)).toBeUndefined()
  })
  it('the p-value of a condition is the α at which its verdict appears', () => {
    const p = conditionP(reachAll([reachOf(good), reachOf(bad)]), 2) ?? 1
    const verdictAt = (alpha: number) =>
      decideAll([good, bad].map((margin) => decideMargin(margin.interval(1 - alpha / 2), { strict: false })))
    expect(verdictAt(p * 1.001)).toBe('violated')
    expect(verdictAt(p * 0.999)).toBe('inconclusive')
  })
  it('Kleene tables', () => {
    const [t, f, u] = ['satisfied', 'violated', 'inconclusive'] as const
    expect([decideAll([t, t]), decideAll([t, f]), decideAll([u, f]), decideAll([t, u]), decideAll([])]).toEqual([
      t,
      f,
      f,
      u,
      t,
    ])
    expect([decideAny([f, f]), decideAny([t, f]), decideAny([u, t]), decideAny([f, u]), decideAny([])]).toEqual([
      f,
      t,
      t,
      u,
      f,
    ])
    expect([t, f, u].map(decideNot)).toEqual([f, t, u])
  })
})

describe('rowsNeeded', () => {
  it('scales the facing side of the interval to the margin', () => {
    const estimate = meanEstimate(0.5, 10, 100)
    if (estimate.kind === 'undefined') throw new Error(estimate.reason)
    // Half-width 1.984 against a margin of 0.5: 15.7 times as many rows.
    expect(rowsNeeded(estimate, 100, 0.95)).toBe(1575)
    const decided = meanEstimate(-5, 10, 100)
    if (decided.kind === 'undefined') throw new Error(decided.reason)
    expect(rowsNeeded(decided, 100, 0.95)).toBe(16)
    const zero = meanEstimate(0, 10, 100)
    if (zero.kind === 'undefined') throw new Error(zero.reason)
    expect(rowsNeeded(zero, 100, 0.95)).toBeUndefined()
  })
})
