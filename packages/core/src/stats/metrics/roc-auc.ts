import type { Ranking } from './ranking.ts'
import { type Weights, weightOf } from './weights.ts'

/**
 * Area under the ROC curve: the probability that a positive row scores above a negative one, ties half (the
 * Mann-Whitney form). `undefined` when a class has no weight.
 */
export function rocAuc(ranking: Ranking, weights?: Weights): number | undefined {
  if (weights instanceof Uint32Array) return areaOfCounted(ranking, weights)
  const { order, positive, ends } = ranking
  let negativesBelow = 0
  let positives = 0
  let wins = 0
  let start = 0
  for (let run = 0; run < ends.length; run++) {
    const end = ends[run] as number
    let tiedPositives = 0
    let tiedNegatives = 0
    for (let i = start; i < end; i++) {
      const weight = weightOf(weights, order[i] as number)
      if (positive[i] === 1) tiedPositives += weight
      else tiedNegatives += weight
    }
    wins += tiedPositives * (negativesBelow + tiedNegatives / 2)
    negativesBelow += tiedNegatives
    positives += tiedPositives
    start = end
  }
  const pairs = positives * negativesBelow
  return pairs === 0 ? undefined : wins / pairs
}

/** The same for a resample, whose counts fit 32 bits; once per resample, so it asks nothing that no processor can guess. */
function areaOfCounted({ order, positive, starts }: Ranking, counts: Uint32Array): number | undefined {
  let negativesBelow = 0
  let positives = 0
  let wins = 0
  let [tied, tiedPositives] = [0, 0]
  for (let i = 0; i < order.length; i++) {
    if (starts[i] === 1) {
      const tiedNegatives = tied - tiedPositives
      wins += tiedPositives * (negativesBelow + tiedNegatives / 2)
      negativesBelow += tiedNegatives
      positives += tiedPositives
      tied = 0
      tiedPositives = 0
    }
    const count = (counts[order[i] as number] as number) | 0
    tied = (tied + count) | 0
    tiedPositives = (tiedPositives + Math.imul(count, positive[i] as number)) | 0
  }
  const tiedNegatives = tied - tiedPositives
  wins += tiedPositives * (negativesBelow + tiedNegatives / 2)
  const pairs = (positives + tiedPositives) * (negativesBelow + tiedNegatives)
  return pairs === 0 ? undefined : wins / pairs
}
