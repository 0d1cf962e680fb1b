import { type Weights, weightOf } from './weights.ts'

/** Attributions by feature, and then by row. */
export type Attributions = readonly ArrayLike<number>[]

/**
 * Per row the cosine of the angle between two attributions of the same features, in [−1, 1]; 1 where both are zero
 * everywhere, 0 where one is. Rows are scaled by their largest number, so that nothing overflows.
 */
export function attributionCosines(one: Attributions, other: Attributions, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const [scaleOne, scaleOther] = [largest(one, row), largest(other, row)]
    if (scaleOne === 0 || scaleOther === 0) return scaleOne === scaleOther ? 1 : 0
    let [product, squares, otherSquares] = [0, 0, 0]
    for (const [feature, attribution] of one.entries()) {
      const a = (attribution[row] as number) / scaleOne
      const b = (other[feature]?.[row] as number) / scaleOther
      product += a * b
      squares += a * a
      otherSquares += b * b
    }
    return Math.max(-1, Math.min(1, product / Math.sqrt(squares * otherSquares)))
  })
}

/** Per row the share of the `k` features of largest absolute attribution that both have; of equal ones the first. */
export function attributionOverlaps(k: number, one: Attributions, other: Attributions, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const top = new Set(largestFeatures(one, row, k))
    return largestFeatures(other, row, k).filter((feature) => top.has(feature)).length / top.size
  })
}

/** The share of all absolute attributions that the first `allowed` features have; undefined where there are none. */
export function attributionShare(
  allowed: number,
  attributions: Attributions,
  rows: number,
): (weights?: Weights) => number | undefined {
  const sums = (of: Attributions): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) =>
      of.reduce((sum, attribution) => sum + Math.abs(attribution[row] as number), 0),
    )
  const [known, all] = [sums(attributions.slice(0, allowed)), sums(attributions)]
  return (weights) => {
    let [part, whole] = [0, 0]
    for (let row = 0; row < rows; row++) {
      const weight = weightOf(weights, row)
      part += weight * (known[row] as number)
      whole += weight * (all[row] as number)
    }
    return whole > 0 && Number.isFinite(whole) ? part / whole : undefined
  }
}

const largest = (attributions: Attributions, row: number): number =>
  attributions.reduce((most, attribution) => Math.max(most, Math.abs(attribution[row] as number)), 0)

function largestFeatures(attributions: Attributions, row: number, k: number): readonly number[] {
  const sizes = attributions.map((attribution) => Math.abs(attribution[row] as number))
  return sizes
    .map((_, feature) => feature)
    .sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b)
    .slice(0, k)
}
