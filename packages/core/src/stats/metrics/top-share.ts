import { classTotals, type Ranking } from './ranking.ts'
import { type Weights, weightOf } from './weights.ts'

/** What the rows with the highest scores hold. */
export interface TopShare {
  /** Share of the positive rows that are among them. */
  readonly gain: number
  /** Share of positive rows among them. */
  readonly precision: number
  /** The same divided by that among all rows. */
  readonly lift: number
}

/**
 * The top share of rows by score, 0 < share ≤ 1. The cut goes through rows, and through runs of equal scores as a random order
 * would on average, so the result is continuous in the share. `undefined` without rows or without positive ones.
 */
export function topShare(share: number, ranking: Ranking, weights?: Weights): TopShare | undefined {
  const { order, positive, ends } = ranking
  const { positives, negatives } = classTotals(ranking, weights)
  const rows = share * (positives + negatives)
  if (positives === 0 || rows === 0) return undefined
  let hits = 0
  let taken = 0
  for (let run = ends.length - 1; run >= 0 && taken < rows; run--) {
    let weight = 0
    let gained = 0
    for (let i = run === 0 ? 0 : (ends[run - 1] as number); i < (ends[run] as number); i++) {
      const own = weightOf(weights, order[i] as number)
      weight += own
      if (positive[i] === 1) gained += own
    }
    if (weight === 0) continue
    const part = Math.min(1, (rows - taken) / weight)
    hits += part * gained
    taken += part * weight
  }
  const precision = hits / rows
  return { gain: hits / positives, precision, lift: precision / (positives / (positives + negatives)) }
}
