import { logGamma } from './gamma.ts'

/**
 * P(X > x) for X of the χ² distribution: the upper regularised incomplete gamma function, by its series below a + 1 and its
 * continued fraction (modified Lentz) above. Source: W. H. Press et al., Numerical Recipes, 3rd ed., §6.2.
 */
export function chiSquareUpperTail(x: number, degrees: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (!(x > 0)) return 1
  if (x === Infinity) return 0
  const [a, z] = [degrees / 2, x / 2]
  const front = Math.exp(a * Math.log(z) - z - logGamma(a))
  if (z < a + 1) {
    let [term, sum] = [1 / a, 1 / a]
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) sum += term *= z / (a + n)
    return Math.max(0, 1 - sum * front)
  }
  let b = z + 1 - a
  let [c, d] = [1e300, 1 / b]
  let fraction = d
  for (let i = 1; i < 10_000; i++) {
    const step = -i * (i - a)
    b += 2
    d = 1 / (step * d + b)
    c = b + step / c
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return Math.min(1, front * fraction)
}
