/**
 * P(K > x) of the Kolmogorov distribution, 2 Σ (−1)^(k−1) exp(−2k²x²), and below 1 by the other form of the theta function. Source:
 * A. N. Kolmogorov, Giorn. Ist. Ital. Attuari 4 (1933); W. Feller, Annals of Mathematical Statistics 19 (1948).
 */
export function kolmogorovUpperTail(x: number): number {
  if (!(x > 0)) return 1
  if (x < 1) {
    let sum = 0
    for (let k = 1; k <= 20; k++) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x))
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum
  }
  let sum = 0
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return Math.min(1, sum)
}
