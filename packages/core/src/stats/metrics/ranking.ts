import { type Weights, weightOf } from './weights.ts'

/** Rows sorted once by score, so that a metric of any resample is one pass without sorting. */
export interface Ranking {
  /** Row numbers by ascending score. */
  readonly order: Uint32Array
  /** Scores in that order. */
  readonly scores: Float64Array
  /** 1 for a positive row, in that order. */
  readonly positive: Uint8Array
  /** For each run of equal scores, the position after its last row. */
  readonly ends: Uint32Array
  /** 1 where such a run begins, in that order. */
  readonly starts: Uint8Array
}

/**
 * Ranks rows by score. `labels` are 1 for positive, anything else negative. `rows` restricts the ranking to those row
 * numbers (a slice); weights still refer to all rows. `undefined` when a score is NaN.
 */
export function rankByScore(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  rows?: ArrayLike<number>,
): Ranking | undefined {
  const order = rows === undefined ? Uint32Array.from(labels, (_, row) => row) : Uint32Array.from(rows)
  if (order.some((row) => Number.isNaN(scores[row] as number))) return undefined
  order.sort((a, b) => {
    const left = scores[a] as number
    const right = scores[b] as number
    return left < right ? -1 : left > right ? 1 : a - b
  })
  const sorted = Float64Array.from(order, (row) => scores[row] as number)
  const ends: number[] = []
  for (let i = 1; i <= sorted.length; i++) if (i === sorted.length || sorted[i] !== sorted[i - 1]) ends.push(i)
  return {
    order,
    scores: sorted,
    positive: Uint8Array.from(order, (row) => (labels[row] === 1 ? 1 : 0)),
    ends: Uint32Array.from(ends),
    starts: Uint8Array.from(sorted, (score, i) => (i === 0 || score !== sorted[i - 1] ? 1 : 0)),
  }
}

/** Weighted positives and negatives of a ranking. */
export function classTotals(ranking: Ranking, weights?: Weights): { positives: number; negatives: number } {
  let positives = 0
  let negatives = 0
  for (let i = 0; i < ranking.order.length; i++) {
    const weight = weightOf(weights, ranking.order[i] as number)
    if (ranking.positive[i] === 1) positives += weight
    else negatives += weight
  }
  return { positives, negatives }
}
