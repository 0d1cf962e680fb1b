import { type Measured, type MustClause, stats } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { buildProgram, type TestClause } from '../testing/program-builder.ts'
import type { MeasuredInstance, MeasuredTerm } from './measured.ts'
import { decideMust, type MustMember } from './must.ts'

function clauseOf(must: string, more: Partial<TestClause> = {}): MustClause {
  const program = buildProgram(
    [
      {
        name: 'd',
        source: { path: 'd.csv', format: 'csv' },
        columns: [
          { name: 'x', type: 'number' },
          { name: 'i', type: 'integer' },
          { name: 'b', type: 'boolean' },
          { name: 'at', type: 'timestamp' },
        ],
        splits: { early: 'i < 3' },
      },
    ],
    [{ id: 'c', must, confidence: 0.95, ...more }],
  )
  const [clause] = program.clauses
  if (clause?.form !== 'must') throw new Error('a must clause')
  return clause
}

/** Shares k of n for the terms of a clause, in order; a plain number is a value without an estimate. */
function measure(
  clause: MustClause,
  given: readonly (readonly [number, number] | Measured)[],
  n = 1000,
): MeasuredInstance {
  const terms = clause.must.terms.map((term, i): MeasuredTerm => {
    const each = given[i]
    if (each === undefined || !Array.isArray(each)) return { term, value: (each as Measured) ?? null, missing: 0 }
    const [k, total] = each as readonly [number, number]
    return { term, value: k / total, missing: 0, estimate: stats.wilsonEstimate(k, total) }
  })
  return { n, terms }
}

const member = (measured: MeasuredInstance, seed = 'seed'): MustMember => ({ measured, seed })

function one(must: string, given: readonly (readonly [number, number] | Measured)[], more: Partial<TestClause> = {}) {
  const clause = clauseOf(must, more)
  const [verdict] = decideMust(clause, [member(measure(clause, given))])
  if (verdict === undefined) throw new Error('a verdict')
  return verdict
}

describe('one comparison', () => {
  test('is satisfied, violated or inconclusive by the interval of its margin', () => {
    const interval = stats.wilson(900, 1000, 0.95)
    expect(one('share(b) >= 0.875', [[900, 1000]])).toMatchObject({
      verdict: 'satisfied',
      measured: 0.9,
      terms: [{ value: 0.9, interval: { ...interval, level: 0.95, method: 'wilson' } }],
      comparisons: [{ left: 0.9, right: 0.875, verdict: 'satisfied', margin: { level: 0.95, method: 'wilson' } }],
    })
    const margin = one('share(b) >= 0.875', [[900, 1000]]).comparisons[0]?.margin
    expect(margin?.value).toBeCloseTo(0.025, 12)
    expect(margin?.interval?.low).toBeCloseTo(interval.low - 0.875, 12)
    expect(margin?.interval?.high).toBeCloseTo(interval.high - 0.875, 12)
    expect(one('share(b) >= 0.93', [[900, 1000]]).verdict).toBe('violated')
    const open = one('share(b) >= 0.89', [[900, 1000]])
    expect(open).toMatchObject({ verdict: 'inconclusive', reason: 'interval-straddles-bound' })
    // With the rows it asks for, the same share would just decide.
    const needed = open.comparisons[0]?.rowsNeeded ?? 0
    expect(needed).toBeGreaterThan(1000)
    expect(stats.wilson(Math.round(needed * 0.9), needed, 0.95).low).toBeCloseTo(0.89, 2)
  })

  test('counts the other way for <, and with the literal on the left', () => {
    expect(one('share(b) < 0.93', [[900, 1000]])).toMatchObject({ verdict: 'satisfied' })
    expect(one('0.875 <= share(b)', [[900, 1000]])).toMatchObject({ verdict: 'satisfied', measured: 0.875 })
    const value = one('share(b) < 0.93', [[900, 1000]]).comparisons[0]?.margin.value
    expect(value).toBeCloseTo(0.03, 12)
  })

  test('misses == and keeps != by the distance: a margin above 0 is always on the allowed side', () => {
    const margin = (must: string) => one(must, [47]).comparisons[0]?.margin.value
    expect(margin('count() == 0')).toBe(-47)
    expect(margin('count() == 50')).toBe(-3)
    expect(margin('count() == 47')).toBe(0)
    expect(margin('count() != 50')).toBe(3)
    expect(margin('count() != 47')).toBe(0)
  })

  test('orders times as times, also the difference of two', () => {
    const after = (must: string, ...given: readonly string[]) => one(must, given).comparisons[0]
    expect(after("min(at) > timestamp('2023-01-01T00:00:00Z')", '2023-01-01T00:00:00.5Z')).toMatchObject({
      left: '2023-01-01T00:00:00.5Z',
      right: '2023-01-01T00:00:00Z',
      verdict: 'satisfied',
      margin: { value: null },
    })
    expect(after("min(at) == timestamp('2023-01-01T00:00:00Z')", '2023-01-01T00:00:00Z')?.verdict).toBe('satisfied')
    const span = "max(at) - min(at) <= duration('24h')"
    expect(after(span, '2023-01-02T00:00:00Z', '2023-01-01T00:00:00Z')).toMatchObject({ verdict: 'satisfied' })
    expect(after(span, '2023-01-02T00:00:00.000001Z', '2023-01-01T00:00:00Z')).toMatchObject({ verdict: 'violated' })
  })

  test('moves and scales with the arithmetic around the estimate, constants being terms of the rows', () => {
    expect(one('2.0 * share(b) - 0.1 >= 1.65', [[900, 1000]]).verdict).toBe('satisfied')
    expect(one('1.0 - share(b) <= 0.125', [[900, 1000]]).verdict).toBe('satisfied')
    expect(one('share(b) >= double(count()) / 1000.0 - 0.125', [[900, 1000], 1000]).verdict).toBe('satisfied')
    expect(one('share(b) / 2.0 > 0.465', [[900, 1000]]).verdict).toBe('violated')
  })

  test('too close to its bound is called by nobody', () => {
    const { low } = stats.wilson(900, 1000, 0.95)
    expect(one(`share(b) >= ${low - 1e-11}`, [[900, 1000]])).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-close-to-call',
    })
    expect(one(`share(b) >= ${low - 1e-7}`, [[900, 1000]]).verdict).toBe('satisfied')
  })

  test('an undefined number decides nothing', () => {
    expect(one('share(b) >= 0.5', [null])).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric' })
    expect(one('mean(x) / sum(x) > 1.0', [1, 0], { confidence: 'none' })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undefined-metric',
    })
  })
})

describe('conditions', () => {
  test('combine three-valued, each estimate at α / k', () => {
    const decided = one('share(b) >= 0.87 && share(i > 3) >= 0.87', [
      [900, 1000],
      [900, 1000],
    ])
    expect(decided.verdict).toBe('satisfied')
    expect(decided.comparisons.map((each) => each.margin.level)).toEqual([0.975, 0.975])
    // Met at 95 % but not at 97.5 %.
    const edge = (stats.wilson(900, 1000, 0.95).low + stats.wilson(900, 1000, 0.975).low) / 2
    expect(one(`share(b) >= ${edge}`, [[900, 1000]]).verdict).toBe('satisfied')
    expect(
      one(`share(b) >= ${edge} && share(i > 3) >= 0.5`, [
        [900, 1000],
        [900, 1000],
      ]).verdict,
    ).toBe('inconclusive')
    expect(
      one('share(b) >= 0.9 || share(i > 3) >= 0.5', [
        [900, 1000],
        [900, 1000],
      ]).verdict,
    ).toBe('satisfied')
    expect(
      one('share(b) >= 0.9 && share(i > 3) >= 0.99', [
        [900, 1000],
        [900, 1000],
      ]).verdict,
    ).toBe('violated')
    expect(one('!(share(b) >= 0.95)', [[900, 1000]]).verdict).toBe('satisfied')
    expect(one('!(share(b) >= 0.9)', [[900, 1000]]).verdict).toBe('inconclusive')
  })

  test('what describes the rows takes no share of α and needs no interval', () => {
    const verdict = one('count() >= 10 && share(b) >= 0.875', [1000, [900, 1000]])
    expect(verdict.verdict).toBe('satisfied')
    expect(verdict.comparisons.map((each) => each.margin.level)).toEqual([undefined, 0.95])
    expect(verdict.measured).toBe(null)
    expect(one('count() >= 10', [9])).toMatchObject({ verdict: 'violated', estimated: false, measured: 9 })
    const big = 2n ** 62n + 1n
    expect(one('sum(i) == 4611686018427387905', [big], { confidence: 'none' })).toMatchObject({
      verdict: 'satisfied',
      measured: big,
    })
    expect(one('sum(i) == 4611686018427387904', [big], { confidence: 'none' }).verdict).toBe('violated')
  })
})

describe('slices', () => {
  const clause = clauseOf('share(b) >= 0.88')
  const family = (...shares: readonly (readonly [number, number])[]) =>
    decideMust(
      clause,
      shares.map((share, i) => member(measure(clause, [share], share[1]), `slice ${i}`)),
    )

  test('are one Holm family: the clearest at α / m, the last at α', () => {
    const verdicts = family([990, 1000], [700, 1000], [905, 1000])
    expect(verdicts.map((each) => each.verdict)).toEqual(['satisfied', 'violated', 'satisfied'])
    const levels = verdicts.map((each) => each.comparisons[0]?.margin.level ?? 0)
    expect(levels.toSorted().map((level) => Math.round(level * 1e6) / 1e6)).toEqual([0.95, 0.975, 0.983333])
    expect(levels[2]).toBe(0.95)
  })

  test('from the first that is not decided on, none is', () => {
    // 905/1000 would decide alone at 95 %, but not second of three at 97.5 %.
    const verdicts = family([990, 1000], [902, 1000], [902, 1000])
    expect(verdicts.map((each) => each.verdict)).toEqual(['satisfied', 'inconclusive', 'inconclusive'])
    expect(family([902, 1000]).map((each) => each.verdict)).toEqual(['satisfied'])
    expect(verdicts.map((each) => each.reason)).toEqual([
      undefined,
      'interval-straddles-bound',
      'interval-straddles-bound',
    ])
  })

  test('a member that could not be measured still counts', () => {
    const alone = decideMust(clause, [member(measure(clause, [[902, 1000]]))])
    const beside = decideMust(clause, [member(measure(clause, [[902, 1000]])), undefined])
    expect(alone[0]?.verdict).toBe('satisfied')
    expect(beside[0]?.verdict).toBe('inconclusive')
  })

  test('a clause that describes the rows takes no correction', () => {
    const counting = clauseOf('count() >= 5')
    const verdicts = decideMust(
      counting,
      [3, 5, 9].map((n) => member(measure(counting, [n]))),
    )
    expect(verdicts.map((each) => each.verdict)).toEqual(['violated', 'satisfied', 'satisfied'])
  })
})

describe('margins of several estimates', () => {
  const difference = clauseOf('share(b) >= share(i > 3) - 0.02')

  test('a paired estimate is taken where there is one', () => {
    const measured = measure(difference, [
      [900, 1000],
      [905, 1000],
    ])
    const paired = (left: number, right: number) => {
      expect([left, right]).toEqual([0, 1])
      return stats.meanEstimate(-0.005, 0.1, 1000)
    }
    const [verdict] = decideMust(difference, [member({ ...measured, paired })])
    expect(verdict?.verdict).toBe('satisfied')
    expect(verdict?.comparisons[0]?.margin).toMatchObject({ method: 't' })
    expect(verdict?.comparisons[0]?.margin.value).toBeCloseTo(0.015, 12)
    const { low } = stats.tInterval(-0.005, 0.1, 1000, 0.95)
    expect(verdict?.comparisons[0]?.margin.interval?.low).toBeCloseTo(low + 0.02, 12)
  })

  test('else the rows are resampled together: what both shares have in common cancels', () => {
    const rows = stats.rowPopulation(1000)
    const own = stats.rowPopulation(1000)
    const statistic = (values: Float64Array): stats.Statistic => ({
      evaluate: (counts) => stats.weightedMean(values, counts),
    })
    const first = Float64Array.from({ length: 1000 }, (_, i) => (i % 10 === 0 ? 0 : 1))
    const second = Float64Array.from(first, (value, i) => (i === 20 ? 1 : value))
    const shared = (together: boolean): MeasuredInstance => {
      const base = measure(difference, [
        [900, 1000],
        [901, 1000],
      ])
      const [a, b] = base.terms as [MeasuredTerm, MeasuredTerm]
      return {
        n: 1000,
        terms: [
          { ...a, sample: { populations: [rows], statistic: statistic(first) } },
          { ...b, sample: { populations: [together ? rows : own], statistic: statistic(second) } },
        ],
      }
    }
    const width = (measured: MeasuredInstance) => {
      const interval = decideMust(difference, [member(measured)])[0]?.comparisons[0]?.margin.interval
      return interval === undefined ? Number.NaN : interval.high - interval.low
    }
    expect(width(shared(true))).toBeLessThan(0.01)
    expect(width(shared(false))).toBeGreaterThan(0.03)
    expect(decideMust(difference, [member(shared(true))])).toEqual(decideMust(difference, [member(shared(true))]))
  })

  test('where resampling shows nothing, the intervals of all decide together', () => {
    const greatest = clauseOf('max_over(columns, ks(column, d.early)) < 0.5')
    const certain = stats.cellPopulation([100])
    const measured: MeasuredInstance = {
      n: 100,
      terms: greatest.must.terms.map((term, i) => ({
        term,
        value: i === 0 ? 1 : 0.1,
        missing: 0,
        estimate: stats.wilsonEstimate(i === 0 ? 100 : 10, 100),
        sample: { populations: [certain], statistic: { evaluate: () => (i === 0 ? 1 : 0.1) } },
      })),
    }
    const [verdict] = decideMust(greatest, [member(measured)])
    expect(measured.terms.length).toBeGreaterThan(1)
    expect(verdict).toMatchObject({
      verdict: 'violated',
      comparisons: [{ margin: { method: 'simultaneous', value: -0.5 } }],
    })
    const level = 1 - 0.05 / measured.terms.length
    const interval = verdict?.comparisons[0]?.margin.interval
    expect(interval?.low).toBeCloseTo(0.5 - 1, 12)
    expect(interval?.high).toBeCloseTo(0.5 - stats.wilson(100, 100, level).low, 12)
  })
})
