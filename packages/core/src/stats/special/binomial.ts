import { incompleteBeta } from './beta.ts'

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(p, 1 - p, Math.floor(k) + 1, n - Math.floor(k)).y
}

/** P(X ≥ k) for X ~ Binomial(n, p), computed as a tail of its own. */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1
  if (k > n) return 0
  return incompleteBeta(p, 1 - p, Math.ceil(k), n - Math.ceil(k) + 1).x
}
