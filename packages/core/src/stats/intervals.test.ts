import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../golden/stats/close.ts'
import golden from '../../golden/stats/intervals.json' with { type: 'json' }
import { correlationEstimate, fisherZ } from './correlation.ts'
import { affine, estimateByInversion, type Estimation, type IntervalEstimate } from './estimate.ts'
import { meanEstimate, tInterval } from './mean.ts'
import { clopperPearson, clopperPearsonEstimate, wilson, wilsonEstimate, zeroFailuresUpperBound } from './proportion.ts'
import { orderStatisticInterval, quantileEstimate, quantileType7 } from './quantile.ts'

function defined(estimation: Estimation): IntervalEstimate {
  if (estimation.kind === 'undefined') throw new Error(estimation.reason)
  return estimation
}

describe('against SciPy', () => {
  it('Wilson and Clopper-Pearson', () => {
    for (const { k, n, level, wilson: w, exact: e } of golden.proportions) {
      const where = `${k} of ${n} at ${level}`
      // Above 1 − 1e-8 the golden level itself has lost digits of α, in SciPy's and in our arithmetic alike.
      const tolerance = level > 0.9999 ? 1e-8 : 1e-12
      const ours = wilson(k, n, level)
      expectClose(ours.low, w[0] as Golden, tolerance, `wilson low ${where}`, 1e-6)
      expectClose(ours.high, w[1] as Golden, tolerance, `wilson high ${where}`)
      const exact = clopperPearson(k, n, level)
      expectClose(exact.low, e[0] as Golden, tolerance, `exact low ${where}`)
      expectClose(exact.high, e[1] as Golden, tolerance, `exact high ${where}`)
    }
  })
  it('exact p-values of a proportion', () => {
    for (const { k, n, at, p } of golden.exactP) expectClose(defined(clopperPearsonEstimate(k, n)).p(at), p, 1e-12)
  })
  it('t', () => {
    for (const { mean, sd, n, level, low, high, at, p } of golden.means) {
      const ours = tInterval(mean, sd, n, level)
      expectClose(ours.low, low, 1e-12)
      expectClose(ours.high, high, 1e-12)
      // SciPy's own p-value carries the rounding of mean − at.
      expectClose(defined(meanEstimate(mean, sd, n)).p(at), p, 1e-6)
    }
  })
  it('Fisher z', () => {
    for (const { r, n, level, low, high } of golden.correlations) {
      const ours = fisherZ(r, n, level)
      expectClose(ours.low, low, 1e-11)
      expectClose(ours.high, high, 1e-11)
    }
  })
  it('quantiles and their order-statistic intervals', () => {
    for (const { values, q, type7, intervals } of golden.quantiles) {
      expectClose(quantileType7(values, q), type7, 1e-13, `q = ${q}`, 1e-6)
      for (const [level, low, high] of (intervals ?? []) as [number, Golden, Golden][]) {
        const ours = orderStatisticInterval(values, q, level)
        expectClose(ours.low, low, 0, `low, n = ${values.length}, q = ${q}, level = ${level}`)
        expectClose(ours.high, high, 0, `high, n = ${values.length}, q = ${q}, level = ${level}`)
      }
    }
  })
})

describe('p-values invert the intervals', () => {
  const sorted = Array.from({ length: 80 }, (_, i) => Math.floor(i / 3))
  const estimates: Record<string, Estimation> = {
    wilson: wilsonEstimate(37, 50),
    'wilson none': wilsonEstimate(0, 50),
    exact: clopperPearsonEstimate(3, 41),
    t: meanEstimate(2.5, 1.7, 12),
    'fisher z': correlationEstimate(0.4, 30),
    'order statistics': quantileEstimate(sorted, 0.4),
    affine: affine(defined(wilsonEstimate(37, 50)), -2, 3),
    inversion: estimateByInversion(1, 't', (alpha) => tInterval(1, 1, 10, 1 - alpha)),
  }
  for (const [name, estimation] of Object.entries(estimates)) {
    it(name, () => {
      const estimate = defined(estimation)
      const { low, high } = estimate.interval(0.999)
      for (let step = 0; step <= 40; step++) {
        const at = low + ((high - low) * step) / 40
        const p = estimate.p(at)
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        const excludes = (alpha: number) => {
          const interval = estimate.interval(1 - alpha)
          return at < interval.low || at > interval.high
        }
        if (p < 0.999) expect(excludes(p * 1.0001), `${at} at α a little above ${p}`).toBe(true)
        if (p > 1e-9) expect(excludes(p * 0.9999), `${at} at α a little below ${p}`).toBe(false)
      }
    })
  }
  it('intervals are nested', () => {
    for (const estimation of Object.values(estimates)) {
      let inner = defined(estimation).interval(0.01)
      for (const level of [0.3, 0.8, 0.95, 0.99, 0.99999]) {
        const outer = defined(estimation).interval(level)
        expect(outer.low).toBeLessThanOrEqual(inner.low)
        expect(outer.high).toBeGreaterThanOrEqual(inner.high)
        inner = outer
      }
    }
  })
})

describe('edges', () => {
  it('proportions', () => {
    expect(wilsonEstimate(0, 0)).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(clopperPearsonEstimate(0, 0)).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(wilson(0, 10, 0.95).low).toBe(0)
    expect(wilson(10, 10, 0.95).high).toBe(1)
    expect(defined(wilsonEstimate(0, 10)).p(0)).toBe(1)
    expect(defined(wilsonEstimate(1, 10)).p(0)).toBe(0)
    expect(defined(wilsonEstimate(1, 10)).p(1.5)).toBe(0)
  })
  it('no failures in n tries', () => {
    expect(zeroFailuresUpperBound(0, 0.95)).toBe(1)
    expectClose(zeroFailuresUpperBound(1, 0.95), 0.95, 1e-14)
    // The rule of three.
    expect(zeroFailuresUpperBound(10_000, 0.95)).toBeCloseTo(3 / 10_000, 5)
    // The bound is the rate at which n tries without failure have probability 1 − level.
    for (const n of [2, 59, 1e6]) {
      expectClose((1 - zeroFailuresUpperBound(n, 0.99)) ** n, 0.01, 1e-9)
    }
  })
  it('means and correlations without an interval keep their value', () => {
    expect(meanEstimate(0, 0, 0)).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(meanEstimate(3, 0, 1)).toEqual({ kind: 'undefined', reason: 'too-few-rows', value: 3 })
    expect(meanEstimate(3, 0, 9)).toEqual({ kind: 'undefined', reason: 'no-variation', value: 3 })
    expect(meanEstimate(Infinity, Number.NaN, 9)).toEqual({ kind: 'undefined', reason: 'undefined-metric' })
    expect(correlationEstimate(0.5, 3)).toEqual({ kind: 'undefined', reason: 'too-few-rows', value: 0.5 })
    expect(correlationEstimate(1, 30)).toEqual({ kind: 'undefined', reason: 'no-variation', value: 1 })
    expect(correlationEstimate(Number.NaN, 30)).toEqual({ kind: 'undefined', reason: 'undefined-metric' })
  })
  it('quantiles of empty, single and infinite samples', () => {
    expect(quantileType7([], 0.5)).toBeUndefined()
    expect(quantileType7([4], 0.3)).toBe(4)
    expect(quantileType7([-Infinity, 1, Infinity], 0.5)).toBe(1)
    expect(quantileType7([-Infinity, 1], 0.5)).toBe(-Infinity)
    expect(quantileType7([-Infinity, Infinity], 0.5)).toBeUndefined()
    expect(quantileType7([Infinity, Infinity], 0.5)).toBe(Infinity)
    expect(quantileEstimate([], 0.5)).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(defined(quantileEstimate([4], 0.5)).interval(0.95)).toEqual({ low: -Infinity, high: Infinity })
  })
})
