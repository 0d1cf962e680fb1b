import { betaQuantile, incompleteBeta } from './beta.ts'

/** Cumulative distribution of Student's t with `degrees` > 0 degrees of freedom (DLMF 8.17; Abramowitz and Stegun 26.7.1). */
export function studentCdf(t: number, degrees: number): number {
  if (t > 0) return 1 - studentCdf(-t, degrees)
  if (t === -Infinity) return 0
  const ratio = (t * t) / degrees
  return 0.5 * incompleteBeta(1 / (1 + ratio), ratio / (1 + ratio), degrees / 2, 0.5).x
}

/** Quantile of Student's t with `degrees` > 0 degrees of freedom; pass the smaller tail and negate for full precision. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p > 0.5) return -studentQuantile(1 - p, degrees)
  if (p === 0.5) return 0
  const point = betaQuantile(2 * p, degrees / 2, 0.5)
  return -Math.sqrt((degrees * point.y) / point.x)
}
