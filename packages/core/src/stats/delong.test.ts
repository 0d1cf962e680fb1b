import { describe, expect, it } from 'vitest'
import { expectClose } from '../../golden/stats/close.ts'
import golden from '../../golden/stats/delong.json' with { type: 'json' }
import { aucDifferenceEstimate, aucEstimate, delong, delongDifference } from './delong.ts'
import { rankByScore } from './metrics/ranking.ts'
import { rocAuc } from './metrics/roc-auc.ts'
import { createRandom } from './prng.ts'

describe('against DeLong 1988 over all pairs (NumPy)', () => {
  golden.cases.forEach((row, index) => {
    it(`case ${index}: ${row.labels.length} rows`, () => {
      for (const [i, scores] of [row.a, row.b].entries()) {
        const found = delong(row.labels, scores)
        expectClose(found?.auc, row.auc[i] ?? null, 1e-13)
        expectClose(found?.variance, row.variance[i] ?? null, 1e-12, 'variance', 1e-6)
      }
      const difference = delongDifference(row.labels, row.a, row.b)
      expectClose(difference?.difference, row.difference, 1e-12, 'difference', 1e-2)
      expectClose(difference?.variance, row.differenceVariance, 1e-12, 'variance of the difference', 1e-4)
      const paired = aucDifferenceEstimate(row.labels, row.a, row.b)
      if (paired.kind === 'undefined') throw new Error(paired.reason)
      if (paired.method === 'delong-paired') {
        const interval = paired.interval(0.95)
        expectClose(interval.low, Math.max(-1, row.difference95[0] ?? 0), 1e-12, 'low', 1e-2)
        expectClose(interval.high, Math.min(1, row.difference95[1] ?? 0), 1e-12, 'high', 1e-2)
        expectClose(paired.p(0), row.differenceP, 1e-10)
      }
      const single = aucEstimate(row.labels, row.a)
      if (single.kind === 'undefined') throw new Error(single.reason)
      if (single.method === 'delong-logit' && row.logit95 !== undefined) {
        expectClose(single.interval(0.95).low, row.logit95[0] ?? null, 1e-12)
        expectClose(single.interval(0.95).high, row.logit95[1] ?? null, 1e-12)
      }
    })
  })
  it('covers logit intervals and paired intervals at all', () => {
    expect(golden.cases.filter((row) => row.logit95 !== undefined).length).toBeGreaterThan(3)
  })
})

describe('edges', () => {
  it('one class, no rows, NaN', () => {
    expect(aucEstimate([], [])).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(aucEstimate([1, 1], [0.2, 0.4])).toEqual({ kind: 'undefined', reason: 'one-class' })
    expect(aucEstimate([1, 0], [0.2, Number.NaN])).toEqual({ kind: 'undefined', reason: 'undefined-metric' })
    expect(aucEstimate([1, 0], [0.4, 0.2])).toEqual({ kind: 'undefined', reason: 'too-few-rows', value: 1 })
    expect(aucDifferenceEstimate([0, 0], [1, 2], [1, 2])).toEqual({ kind: 'undefined', reason: 'one-class' })
  })
  it('infinite scores rank', () => {
    expect(delong([0, 1, 1, 0], [-Infinity, Infinity, Infinity, Infinity])?.auc).toBe(0.75)
  })
  it('a perfect ranking of few rows is not certain', () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    const estimate = aucEstimate(labels, labels)
    if (estimate.kind === 'undefined') throw new Error(estimate.reason)
    expect(estimate.method).toBe('zero-failures')
    const { low, high } = estimate.interval(0.95)
    expectClose(low, 0.05 ** (1 / 5), 1e-12)
    expect(high).toBe(1)
    expect(estimate.p(1)).toBe(1)
    expectClose(estimate.p(low), 0.05, 1e-9)
  })
  it('a constant score has AUC one half, with an interval on both sides', () => {
    const estimate = aucEstimate([0, 1, 0, 1, 0, 1], [3, 3, 3, 3, 3, 3])
    if (estimate.kind === 'undefined') throw new Error(estimate.reason)
    expect(estimate.value).toBe(0.5)
    const { low, high } = estimate.interval(0.9)
    expect(low).toBeLessThan(0.5)
    expect(high).toBeCloseTo(1 - low, 12)
  })
  it('two models that rank alike are equal up to what was never seen', () => {
    const random = createRandom('alike', 'test')
    const labels = Array.from({ length: 2000 }, (_, i) => (i % 4 === 0 ? 1 : 0))
    const scores = labels.map((label) => label + random.normal())
    const monotone = scores.map((score) => Math.exp(score / 3))
    const estimate = aucDifferenceEstimate(labels, scores, monotone)
    if (estimate.kind === 'undefined') throw new Error(estimate.reason)
    expect(estimate.value).toBe(0)
    const { low, high } = estimate.interval(0.95)
    expectClose(high, 1 - 0.05 ** (1 / 500), 1e-10)
    expect(low).toBe(-high)
    expectClose(estimate.p(high), 0.05, 1e-9)
  })
  it('agrees with the ranking metric on random rows with ties', () => {
    const random = createRandom('agree', 'test')
    for (let round = 0; round < 50; round++) {
      const labels = Array.from({ length: 3 + random.int(40) }, (_, i) => (i < 2 ? i : random.int(2)))
      const scores = labels.map(() => random.int(6) / 2)
      const ranking = rankByScore(labels, scores)
      expectClose(delong(labels, scores)?.auc, ranking ? (rocAuc(ranking) ?? null) : null, 1e-13)
    }
  })
})
