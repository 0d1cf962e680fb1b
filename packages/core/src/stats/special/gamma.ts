const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)

/** Coefficients B(2k) / (2k (2k−1)) of Stirling's series for ln Γ (DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const

/**
 * What Stirling's formula leaves out: ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], for x > 0.
 * Kept apart because the leading parts cancel in ratios of gamma functions, where ln Γ itself would lose every digit.
 */
export function stirlingError(x: number): number {
  let shifted = x
  let correction = 0
  // The series needs x ≥ 15 for double precision; ln Γ(x + 1) = ln x + ln Γ(x) carries smaller arguments there.
  while (shifted < 15) {
    correction += (shifted + 0.5) * Math.log1p(1 / shifted) - 1
    shifted += 1
  }
  const inverseSquare = 1 / (shifted * shifted)
  let series = 0
  for (let i = STIRLING.length - 1; i >= 0; i--) series = series * inverseSquare + (STIRLING[i] ?? 0)
  return correction + series / shifted
}

/** Natural logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x)
}

/** ln n! for n below this is looked up: resampling a histogram asks for the same ones millions of times. */
const KNOWN = 8192
let known: Float64Array | undefined

/** Natural logarithm of n! for an integer n ≥ 0. */
export function logFactorial(n: number): number {
  if (n >= KNOWN) return logGamma(n + 1)
  known ??= Float64Array.from({ length: KNOWN }, (_, k) => (k < 2 ? 0 : logGamma(k + 1)))
  return known[n] as number
}
