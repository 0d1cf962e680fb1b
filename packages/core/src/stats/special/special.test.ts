import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/special.json' with { type: 'json' }
import { betaQuantile, incompleteBeta } from './beta.ts'
import { binomialCdf, binomialUpperTail } from './binomial.ts'
import { logFactorial, logGamma } from './gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { studentCdf, studentQuantile } from './student-t.ts'

type Row = readonly number[]
const rows = (list: readonly unknown[]) => list as readonly Row[]

describe('distribution functions against mpmath and SciPy', () => {
  it('normal cdf', () => {
    for (const [z, p] of golden.normalCdf as [number, number][]) expectClose(normalCdf(z), p, 1e-13, `z = ${z}`)
  })
  it('normal quantile', () => {
    for (const [p, z] of golden.normalQuantile as [number, number][]) {
      expectClose(normalQuantile(p), z, 1e-13, `p = ${p}`, 1e-2)
    }
  })
  it('incomplete beta, both tails', () => {
    for (const [x, a, b, low, high] of rows(golden.incompleteBeta) as [number, number, number, Golden, Golden][]) {
      const tails = incompleteBeta(x, 1 - x, a, b)
      expectClose(tails.x, low, 2e-12, `I_${x}(${a}, ${b})`, 1e-3)
      expectClose(tails.y, high, 2e-12, `1 - I_${x}(${a}, ${b})`, 1e-3)
      // The smaller tail keeps relative precision however small it is.
      const small = Math.min(tails.x, tails.y)
      expectClose(small, Math.min(Number(low), Number(high)), 2e-12, `small tail at ${x}, ${a}, ${b}`)
    }
  })
  it('beta quantile', () => {
    for (const [p, a, b, x] of golden.betaQuantile as [number, number, number, number][]) {
      expectClose(betaQuantile(p, a, b).x, x, 1e-12, `p = ${p}, a = ${a}, b = ${b}`)
    }
  })
  it('Student t', () => {
    for (const [t, v, p] of golden.studentCdf as [number, number, number][]) {
      expectClose(studentCdf(t, v), p, 1e-12, `t = ${t}, v = ${v}`)
    }
    for (const [p, v, t] of golden.studentQuantile as [number, number, number][]) {
      expectClose(studentQuantile(p, v), t, 1e-12, `p = ${p}, v = ${v}`)
    }
  })
  it('binomial, both tails', () => {
    for (const [k, n, p, low, high] of golden.binomial as [number, number, number, number, number][]) {
      expectClose(binomialCdf(k, n, p), low, 1e-12, `P(X <= ${k}), n = ${n}`)
      expectClose(binomialUpperTail(k, n, p), high, 1e-12, `P(X >= ${k}), n = ${n}`)
    }
  })
  it('ln gamma', () => {
    for (const [x, value] of golden.logGamma as [number, number][]) expectClose(logGamma(x), value, 1e-13, `x = ${x}`)
    expect(logFactorial(0)).toBe(0)
    expect(logFactorial(1)).toBe(0)
    expectClose(logFactorial(10), Math.log(3_628_800), 1e-14)
  })
})

describe('edges', () => {
  it('normal', () => {
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0)
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1)
    expect(normalCdf(Number.NaN)).toBeNaN()
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1)).toBe(Infinity)
    expect(normalQuantile(-0.1)).toBeNaN()
    expect(normalQuantile(0.5)).toBeCloseTo(0, 14)
  })
  it('quantiles invert the cumulative functions', () => {
    for (const p of [1e-9, 0.003, 0.2, 0.5, 0.77, 0.999]) {
      for (const [a, b] of [
        [0.3, 7],
        [12, 0.9],
        [400, 3],
        [5e5, 4e6],
      ] as const) {
        const point = betaQuantile(p, a, b)
        expectClose(incompleteBeta(point.x, point.y, a, b).x, p, 1e-8, `${p} ${a} ${b}`)
        expect(point.x + point.y).toBeCloseTo(1, 14)
      }
    }
    expect(betaQuantile(0, 2, 3)).toEqual({ x: 0, y: 1 })
    expect(betaQuantile(1, 2, 3)).toEqual({ x: 1, y: 0 })
  })
})
