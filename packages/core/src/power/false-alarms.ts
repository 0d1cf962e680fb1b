import { logGamma } from '../stats/special/gamma.ts'

/** Distances whose distribution without drift is known well enough. */
export type NullDistance = 'psi' | 'js' | 'ks'

/**
 * P(X > x) for X of the χ² distribution: the upper regularised incomplete gamma function, by its series below a + 1 and its
 * continued fraction (modified Lentz) above. Source: W. H. Press et al., Numerical Recipes, 3rd ed., §6.2.
 */
export function chiSquareUpperTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1
  const [a, z] = [degrees / 2, x / 2]
  const front = Math.exp(a * Math.log(z) - z - logGamma(a))
  if (z < a + 1) {
    let [term, sum] = [1 / a, 1 / a]
    for (let n = 1; n < 1000 && term > sum * 1e-16; n++) sum += term *= z / (a + n)
    return Math.max(0, 1 - sum * front)
  }
  let b = z + 1 - a
  let [c, d] = [1e300, 1 / b]
  let fraction = d
  for (let i = 1; i < 1000; i++) {
    const step = -i * (i - a)
    b += 2
    d = 1 / (step * d + b)
    c = b + step / c
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return Math.min(1, front * fraction)
}

/** P(K > x) of the Kolmogorov distribution: 2 Σ (−1)^{k−1} exp(−2k²x²). Source: A. N. Kolmogorov, Giorn. Ist. Ital. Attuari 4 (1933). */
export function kolmogorovUpperTail(x: number): number {
  if (x < 0.3) return 1
  let sum = 0
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return Math.min(1, Math.max(0, sum))
}

/**
 * The chance that a distance measured on `rows` rows passes its bound although they come from the distribution of the reference.
 * PSI: (1/rows + 1/reference) · χ² with bins − 1 degrees (B. Yurdakul, Statistical Properties of Population Stability Index, 2018); JS
 * in bits is to second order PSI / (8 ln 2); KS: Kolmogorov's limit with the effective sample size.
 */
export function chanceWithoutDrift(
  distance: NullDistance,
  bound: number,
  rows: number,
  reference: number,
  bins: number,
): number {
  if (!(rows > 0) || !(reference > 0)) return 1
  const inverse = 1 / rows + 1 / reference
  if (distance === 'ks') return kolmogorovUpperTail(bound / Math.sqrt(inverse))
  const psi = distance === 'js' ? bound * 8 * Math.LN2 : bound
  return chiSquareUpperTail(psi / inverse, Math.max(1, bins - 1))
}

/**
 * Expected false alarms in a year of looks: windows a year times the chance that `inARow` of them pass, when windows are independent.
 * Several distances alarm where one of them does: at most the sum of their chances.
 */
export function falseAlarmsPerYear(chances: readonly number[], windowMicros: number, inARow: number): number {
  const chance = Math.min(
    1,
    chances.reduce((sum, each) => sum + each, 0),
  )
  return (365.25 * 86_400_000_000 * chance ** inARow) / windowMicros
}
