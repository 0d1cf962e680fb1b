/** Points of Gauss-Chebyshev quadrature between two zeros; the integrand is smooth there but for its inverse roots at the ends. */
const POINTS = 256

/**
 * P(Q > x) of Q = Σ λ_j Z_j², independent standard normal Z_j, λ_1 > λ_2 > … > 0, as
 * (1/π) Σ_k (−1)^(k+1) ∫ exp(−ux/2) / (u √−D(u)) du over [1/λ_(2k−1), 1/λ_(2k)], where D(u) = Π (1 − λ_j u): a sum of tails, so that
 * small probabilities keep their digits. Source: N. V. Smirnov, Matematicheskii Sbornik 2 (1937); G. V. Martynov (1978).
 * `inverse(j)` = 1/λ_j; `determinant` = D.
 */
export function quadraticFormUpperTail(
  x: number,
  inverse: (j: number) => number,
  determinant: (u: number) => number,
): number {
  let total = 0
  for (let k = 1; k < 200; k++) {
    const [low, high] = [inverse(2 * k - 1), inverse(2 * k)]
    const [middle, half] = [(low + high) / 2, (high - low) / 2]
    let sum = 0
    for (let i = 0; i < POINTS; i++) {
      const place = Math.cos((Math.PI * (i + 0.5)) / POINTS)
      const u = middle + half * place
      // The weight of the quadrature is 1/√(1 − t²): what it takes out of the integrand is put back.
      const rest = Math.sqrt((1 - place * place) / -determinant(u))
      sum += (Math.exp((-u * x) / 2) / u) * rest
    }
    const part = (half * sum) / POINTS
    total += k % 2 === 1 ? part : -part
    if (part < 1e-17 * Math.abs(total)) break
  }
  return Math.min(1, Math.max(0, total))
}
