import type { Ranking } from './ranking.ts'
import { type Weights, weightOf } from './weights.ts'

/** Number of bins of the calibration error. */
export const CALIBRATION_BINS = 10

/** One bin of the reliability diagram. */
export interface CalibrationBin {
  /** Rows (weighted). */
  readonly count: number
  /** Mean predicted probability. */
  readonly predicted: number
  /** Share of positives. */
  readonly observed: number
}

/**
 * Equal-mass bins: edges are the type-7 quantiles of the scores at 1/10 … 9/10 (as numpy.quantile), bins are open on
 * the left and closed on the right (the rule of scikit-learn's calibration_curve with strategy "quantile"), so rows
 * with equal scores always share a bin; a bin may be empty and is then left out. On a resample the edges are those of
 * the resample. `undefined` without rows or with a score outside [0, 1].
 */
export function calibrationBins(ranking: Ranking, weights?: Weights): CalibrationBin[] | undefined {
  const { order, scores, positive } = ranking
  const rows = order.length
  if (rows === 0 || !((scores[0] as number) >= 0 && (scores[rows - 1] as number) <= 1)) return undefined
  let total = 0
  for (let i = 0; i < rows; i++) total += weightOf(weights, order[i] as number)
  if (total === 0) return undefined
  const edges = weightedEdges(ranking, total, weights)
  const bins: CalibrationBin[] = []
  let i = 0
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const edge = edges[bin] ?? Infinity
    let count = 0
    let predicted = 0
    let observed = 0
    for (; i < rows && (scores[i] as number) <= edge; i++) {
      const weight = weightOf(weights, order[i] as number)
      count += weight
      predicted += weight * (scores[i] as number)
      if (positive[i] === 1) observed += weight
    }
    if (count > 0) bins.push({ count, predicted: predicted / count, observed: observed / count })
  }
  return bins
}

/** Type-7 quantiles at 1/10 … 9/10 of the scores, each repeated as often as it weighs. */
function weightedEdges(ranking: Ranking, total: number, weights?: Weights): number[] {
  const { order, scores } = ranking
  const edges: number[] = []
  let seen = weightOf(weights, order[0] as number)
  let i = 0
  /** Score at a position of the expanded sample; positions must not decrease. */
  const scoreAt = (position: number): number => {
    while (seen <= position) seen += weightOf(weights, order[++i] as number)
    return scores[i] as number
  }
  for (let bin = 1; bin < CALIBRATION_BINS; bin++) {
    const position = ((total - 1) * bin) / CALIBRATION_BINS
    const index = Math.floor(position)
    const below = scoreAt(index)
    if (index === position) {
      edges.push(below)
      continue
    }
    // Looking one ahead may step past `index`; the next edge never needs to go back, except for a sample below ten.
    const kept = { seen, i }
    const above = scoreAt(index + 1)
    edges.push(below + (above - below) * (position - index))
    seen = kept.seen
    i = kept.i
  }
  return edges
}

/**
 * Expected calibration error over {@link calibrationBins}: Σ (rows of bin / rows) · |observed − predicted|, in [0, 1].
 * Source: M. Naeini, G. Cooper, M. Hauskrecht, AAAI 2015, with equal-mass bins.
 */
export function calibrationError(ranking: Ranking, weights?: Weights): number | undefined {
  const bins = calibrationBins(ranking, weights)
  if (bins === undefined) return undefined
  const total = bins.reduce((sum, bin) => sum + bin.count, 0)
  return bins.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.observed - bin.predicted), 0)
}
