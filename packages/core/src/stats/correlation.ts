import { estimateByInversion, type Estimation, type Interval, undefinedEstimate } from './estimate.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/**
 * Fisher z interval of a Pearson correlation r, |r| < 1, from n ≥ 4 pairs: tanh(atanh r ± z / √(n − 3)).
 * Source: R. A. Fisher, Metron 1 (1921). Assumes pairs near to bivariate normal.
 */
export function fisherZ(r: number, n: number, level: number): Interval {
  const center = Math.atanh(r)
  const half = -normalQuantile((1 - level) / 2) / Math.sqrt(n - 3)
  return { low: Math.tanh(center - half), high: Math.tanh(center + half) }
}

/**
 * The difference of two correlations of independent samples, each with its interval. Source: G. Y. Zou, Psychological Methods 12 (2007): the
 * distances of either estimate from the end of its own interval that matters, squared and added. `undefined` where one has no interval.
 */
export function correlationDifference(left: Estimation, right: Estimation): Estimation {
  if (left.kind !== 'estimate') return left
  if (right.kind !== 'estimate') return right
  const [a, b] = [left.value, right.value]
  return estimateByInversion(a - b, 'fisher-z', (alpha) => {
    const [own, other] = [left.interval(1 - alpha), right.interval(1 - alpha)]
    return {
      low: a - b - Math.hypot(a - own.low, other.high - b),
      high: a - b + Math.hypot(own.high - a, b - other.low),
    }
  })
}

/** A correlation with its Fisher z interval; `undefined` below four pairs and for |r| = 1. */
export function correlationEstimate(r: number, n: number): Estimation {
  if (n <= 0) return undefinedEstimate('empty')
  if (!(r >= -1 && r <= 1)) return undefinedEstimate('undefined-metric')
  if (n < 4) return undefinedEstimate('too-few-rows', r)
  if (Math.abs(r) === 1) return undefinedEstimate('no-variation', r)
  return {
    kind: 'estimate',
    value: r,
    method: 'fisher-z',
    interval: (level) => fisherZ(r, n, level),
    p(at) {
      if (at <= -1 || at >= 1) return 0
      return 2 * normalCdf(-Math.abs(Math.atanh(r) - Math.atanh(at)) * Math.sqrt(n - 3))
    },
  }
}
