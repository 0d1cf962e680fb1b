import { betaSequence } from './anytime.ts'
import { type Estimation, type Interval, undefinedEstimate } from './estimate.ts'
import type { Proportion } from './metrics/confusion.ts'
import { betaQuantile } from './special/beta.ts'
import { binomialCdf, binomialUpperTail } from './special/binomial.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/**
 * Wilson score interval of a proportion: k of n, 0 ≤ k ≤ n, n ≥ 1, no continuity correction.
 * Source: E. B. Wilson, JASA 22 (1927); R. G. Newcombe, Statistics in Medicine 17 (1998), method 3.
 */
export function wilson(k: number, n: number, level: number): Interval {
  const z = -normalQuantile((1 - level) / 2)
  const square = z * z
  const center = k + square / 2
  const spread = z * Math.sqrt((k * (n - k)) / n + square / 4)
  // At 0 and n the two parts are equal, and rounding would leave a trace of 1e-17.
  return {
    low: k === 0 ? 0 : (center - spread) / (n + square),
    high: k === n ? 1 : (center + spread) / (n + square),
  }
}

/**
 * Exact (Clopper-Pearson) interval of a proportion: coverage is never below `level`.
 * Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934).
 */
export function clopperPearson(k: number, n: number, level: number): Interval {
  const tail = (1 - level) / 2
  return {
    low: k === 0 ? 0 : betaQuantile(tail, k, n - k + 1).x,
    high: k === n ? 1 : betaQuantile(tail, n - k, k + 1).y,
  }
}

/**
 * Exact one-sided upper bound at `level` on the probability of an event never seen in n ≥ 1 independent tries:
 * 1 − (1 − level)^(1/n); 1 when n is 0.
 */
export function zeroFailuresUpperBound(n: number, level: number): number {
  return n === 0 ? 1 : -Math.expm1(Math.log1p(-level) / n)
}

/** A proportion k of n with its Wilson interval; `undefined` when n is 0. */
export function wilsonEstimate(k: number, n: number): Estimation {
  if (n <= 0) return undefinedEstimate('empty')
  const value = k / n
  return {
    kind: 'estimate',
    value,
    method: 'wilson',
    interval: (level) => wilson(k, n, level),
    atAnyTime: () => betaSequence(k, n),
    // The Wilson interval inverts the score test, so its p-value is the score test's.
    p(at) {
      if (at === value) return 1
      if (at <= 0 || at >= 1) return 0
      return 2 * normalCdf(-Math.abs(value - at) / Math.sqrt((at * (1 - at)) / n))
    },
  }
}

/**
 * A share of weights with the Wilson interval of its effective number of rows: as many as would vary like it, p (1 − p) over its
 * linearised variance; where all or none hold, Kish's (Σ w)² / Σ w². `sums` holds the weights of the rows that hold and of all,
 * `squares` the same of the squared weights. With equal weights it is {@link wilsonEstimate}. Sources: L. Kish, Survey Sampling
 * (1965), section 8.2; E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998).
 */
export function weightedProportionEstimate(sums: Proportion, squares: Proportion): Estimation {
  if (!(sums.n > 0)) return undefinedEstimate('empty')
  const p = sums.k / sums.n
  const ofWeights = sums.n ** 2 / squares.n
  const spread = (1 - p) ** 2 * squares.k + p ** 2 * (squares.n - squares.k)
  const rows = p > 0 && p < 1 ? (p * (1 - p) * sums.n ** 2) / spread : ofWeights
  const estimate = wilsonEstimate(p * rows, rows)
  if (estimate.kind === 'undefined') return estimate
  const { interval, p: pOf } = estimate
  return { kind: 'estimate', value: p, method: 'wilson-weighted', interval, p: pOf }
}

/** A proportion k of n with its exact interval; `undefined` when n is 0. */
export function clopperPearsonEstimate(k: number, n: number): Estimation {
  if (n <= 0) return undefinedEstimate('empty')
  return {
    kind: 'estimate',
    value: k / n,
    method: 'clopper-pearson',
    interval: (level) => clopperPearson(k, n, level),
    p(at) {
      if (at < 0 || at > 1) return 0
      return Math.min(1, 2 * binomialCdf(k, n, at), 2 * binomialUpperTail(k, n, at))
    },
  }
}
