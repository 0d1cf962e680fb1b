/**
 * Kullback-Leibler divergence of counts from given weights, natural logarithm: Σ p ln(p / q), both scaled to 1, not
 * smoothed. Infinite where something without weight was counted; 0 or more, `undefined` without counts or weights.
 * Source: S. Kullback, R. A. Leibler, Annals of Mathematical Statistics 22 (1951); `scipy.stats.entropy(counts, weights)`.
 */
export function klFromWeights(counts: readonly number[], weights: readonly number[]): number | undefined {
  const rows = counts.reduce((sum, count) => sum + count, 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (rows === 0 || total === 0) return undefined
  let sum = 0
  for (const [i, count] of counts.entries()) {
    const weight = weights[i] ?? 0
    if (count === 0) continue
    if (weight === 0) return Infinity
    const p = count / rows
    sum += p * Math.log(p / (weight / total))
  }
  return Math.max(0, sum)
}
