import { normalQuantile } from './normal.ts'
import { stirlingError } from './gamma.ts'

/** A number in [0, 1] together with its complement, each with full relative precision. */
export interface Complementary {
  readonly x: number
  /** 1 − x, computed without the subtraction. */
  readonly y: number
}

/**
 * Deviance part of a binomial likelihood: a ln(a/m) + m − a for m = a − difference, without cancellation near a = m.
 * Source: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
 */
function deviance(a: number, m: number, difference: number): number {
  if (Math.abs(difference) >= 0.1 * (a + m)) return a * Math.log(a / m) - difference
  const v = difference / (a + m)
  let sum = difference * v
  let term = 2 * a * v
  for (let j = 1; j < 1000; j++) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** x^a y^b / B(a, b) for x + y = 1: the front factor of the incomplete beta function. */
function frontFactor(x: number, y: number, a: number, b: number): number {
  if (x <= 0 || y <= 0) return 0
  const n = a + b
  // Both means from the smaller of x and y: the rounding of the larger, times n, would cost digits when n is large.
  const difference = x < y ? a - n * x : n * y - b
  const meanA = x < y ? n * x : a - difference
  const meanB = x < y ? b + difference : n * y
  const exponent =
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, meanA, difference) -
    deviance(b, meanB, -difference)
  return Math.sqrt((a / n) * (b / (2 * Math.PI))) * Math.exp(exponent)
}

/**
 * I_x(a, b) over its front factor, for lambda = a − (a + b) x ≥ 0: the even part of the continued fraction DLMF 8.17.22
 * in the form of A. DiDonato and A. Morris, ACM TOMS 18 (1992), section 10. Written in lambda because 1 − (a + b) x / a
 * cancels when a is large.
 */
function continuedFraction(x: number, y: number, a: number, b: number, lambda: number): number {
  const c = 1 + lambda
  const c1 = 1 + 1 / a
  let p = 1
  let s = a + 1
  let numerator = 1
  let numeratorBefore = 0
  let denominator = c / c1
  let denominatorBefore = 1
  let result = c1 / c
  for (let n = 1; n < 1_000_000; n++) {
    const t = n / a
    const w = n * (b - n) * x
    const alpha = p * (p + b / a) * (a / s) ** 2 * w * x
    const beta = n + w / s + ((1 + t) / (c1 + 2 * t)) * (c + n * (y + 1))
    p = 1 + t
    s += 2
    const nextNumerator = alpha * numeratorBefore + beta * numerator
    const nextDenominator = alpha * denominatorBefore + beta * denominator
    const before = result
    result = nextNumerator / nextDenominator
    if (Math.abs(result - before) <= 1e-16 * result) break
    // Rescaled by the newest denominator, so that nothing overflows.
    numeratorBefore = numerator / nextDenominator
    denominatorBefore = denominator / nextDenominator
    numerator = result
    denominator = 1
  }
  return result
}

/**
 * Regularized incomplete beta function I_x(a, b) and its complement, for x + y = 1 and a, b > 0.
 * The caller passes y so that tails near x = 1 keep their digits. About 1e-13 relative in the smaller tail.
 */
export function incompleteBeta(x: number, y: number, a: number, b: number): Complementary {
  if (x <= 0) return { x: 0, y: 1 }
  if (y <= 0) return { x: 1, y: 0 }
  const front = frontFactor(x, y, a, b)
  const lambda = x < y ? a - (a + b) * x : (a + b) * y - b
  // The fraction converges fast only below the mean; above it, I_x(a, b) = 1 − I_y(b, a).
  if (lambda >= 0) {
    const lower = front * continuedFraction(x, y, a, b, lambda)
    return { x: lower, y: 1 - lower }
  }
  const upper = front * continuedFraction(y, x, b, a, -lambda)
  return { x: 1 - upper, y: upper }
}

/**
 * Quantile of the beta distribution, with its complement: the x for which I_x(a, b) = p, 0 ≤ p ≤ 1.
 * Newton steps on ln(tail) over logit(x), where both tails are nearly straight lines, inside a shrinking bracket.
 */
export function betaQuantile(p: number, a: number, b: number): Complementary {
  if (p <= 0) return { x: 0, y: 1 }
  if (p >= 1) return { x: 1, y: 0 }
  const at = (t: number): Complementary => ({ x: 1 / (1 + Math.exp(-t)), y: 1 / (1 + Math.exp(t)) })
  const logitDeviation = Math.sqrt(1 / a + 1 / b)
  let low = -745
  let high = 745
  let t = Math.log(a / b) + normalQuantile(p) * Math.min(logitDeviation, 5)
  for (let i = 0; i < 200; i++) {
    if (!(t > low && t < high)) t = (low + high) / 2
    const point = at(t)
    const tails = incompleteBeta(point.x, point.y, a, b)
    const lowerTail = p <= 0.5
    const error = lowerTail ? Math.log(tails.x / p) : Math.log((1 - p) / tails.y)
    if (error === 0) break
    if (error > 0) high = t
    else low = t
    const slope = frontFactor(point.x, point.y, a, b) / (lowerTail ? tails.x : tails.y)
    const next = t - error / slope
    // A step below the rounding of t cannot improve it.
    if (Math.abs(next - t) <= 1e-15 * Math.max(1, Math.abs(t)) || high - low < 1e-15 * Math.max(1, Math.abs(t))) {
      if (next > low && next < high) t = next
      break
    }
    t = next
  }
  return at(t)
}
