import { type Estimation, type Interval, undefinedEstimate } from './estimate.ts'
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
