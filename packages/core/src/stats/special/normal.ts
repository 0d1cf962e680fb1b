const SQRT_TWO = Math.SQRT2
const SQRT_PI = Math.sqrt(Math.PI)
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI)

/** erf(x) for small x ≥ 0: exp(−x²) times a series of positive terms (DLMF 7.6.2), so nothing cancels. */
function errorFunctionSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    const next = sum + term
    if (next === sum) break
    sum = next
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum
}

/** exp(x²) erfc(x) √π for x ≥ 1.5: a continued fraction (DLMF 7.9.1) by the modified Lentz algorithm. */
function scaledComplement(x: number): number {
  let c = x
  let d = 0
  let result = x
  for (let n = 1; n < 2000; n++) {
    d = 1 / (x + (n / 2) * d)
    c = x + n / 2 / c
    const factor = c * d
    result *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return 1 / result
}

/** exp(−x²/2) without the relative error that rounding x² causes for large x. */
function gaussian(x: number): number {
  const head = Math.trunc(x * 16) / 16
  return Math.exp((-head * head) / 2) * Math.exp((-(x - head) * (x + head)) / 2)
}

/** Density of the standard normal distribution. */
export function normalDensity(x: number): number {
  return gaussian(x) / SQRT_TWO_PI
}

/** Cumulative distribution of the standard normal distribution; the lower tail keeps its relative precision. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x > 0) return 1 - normalCdf(-x)
  if (x < -40) return 0
  const scaled = -x / SQRT_TWO
  if (scaled < 1.5) return 0.5 * (1 - errorFunctionSeries(scaled))
  return (0.5 * gaussian(x) * scaledComplement(scaled)) / SQRT_PI
}

/**
 * Quantile of the standard normal distribution; −∞ at 0, +∞ at 1, NaN outside [0, 1].
 * Start: Abramowitz and Stegun 26.2.23; then Halley steps on the cumulative distribution. For an upper tail pass
 * the small probability and negate: 1 − p has already lost digits.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
  for (let i = 0; i < 4; i++) {
    const density = normalDensity(x)
    if (density === 0) break
    const error = (normalCdf(x) - p) / density
    const step = error / (1 + (x * error) / 2)
    x -= step
    if (Math.abs(step) <= 1e-16 * Math.abs(x)) break
  }
  return x
}
