import type { Ranking } from './ranking.ts'
import { type Weights, weightsFor } from './weights.ts'

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
  /** The place in the ranking behind its last row; its first one is that of the bin before. */
  readonly end: number
}

/**
 * Equal-mass bins: edges are the type-7 quantiles of the scores at 1/10 … 9/10 (as numpy.quantile), bins are open on
 * the left and closed on the right (the rule of scikit-learn's calibration_curve with strategy "quantile"), so rows
 * with equal scores always share a bin; a bin may be empty and is then left out. On a resample the edges are those of
 * the resample. With weights of the data an edge is the least score up to which at least that share of the weight lies.
 * `undefined` without rows or with a score outside [0, 1].
 */
export function calibrationBins(ranking: Ranking, weights?: Weights): CalibrationBin[] | undefined {
  const { order, scores, positive } = ranking
  const rows = order.length
  if (rows === 0 || !((scores[0] as number) >= 0 && (scores[rows - 1] as number) <= 1)) return undefined
  if (weights instanceof Float64Array) return binsOfWeighted(ranking, weights)
  const counted = weightsFor(order, weights)
  const total = totalWeight(order, counted)
  if (total === 0) return undefined
  const edges = weightedEdges(ranking, total, counted)
  const bins: CalibrationBin[] = []
  let i = 0
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const edge = edges[bin] ?? Infinity
    let count = 0
    let predicted = 0
    let observed = 0
    for (; i < rows && (scores[i] as number) <= edge; i++) {
      const weight = (counted[order[i] as number] as number) | 0
      count = (count + weight) | 0
      predicted += weight * (scores[i] as number)
      // Multiplied, not asked: which rows are positive no processor can guess.
      observed = (observed + Math.imul(weight, positive[i] as number)) | 0
    }
    if (count > 0) bins.push({ count, predicted: predicted / count, observed: observed / count, end: i })
  }
  return bins
}

function binsOfWeighted(
  { order, scores, positive, ends }: Ranking,
  weights: Float64Array,
): CalibrationBin[] | undefined {
  const total = order.reduce((sum, row) => sum + (weights[row] as number), 0)
  if (total === 0) return undefined
  const bins: CalibrationBin[] = []
  let [count, predicted, observed, seen, start] = [0, 0, 0, 0, 0]
  for (const end of ends) {
    for (let i = start; i < end; i++) {
      const weight = weights[order[i] as number] as number
      count += weight
      predicted += weight * (scores[i] as number)
      if (positive[i] === 1) observed += weight
    }
    start = end
    // A share of the total is reached up to the rounding of the sum.
    const reached = Math.floor(((seen + count) / total) * CALIBRATION_BINS + 1e-9)
    if (count === 0 || reached <= Math.floor((seen / total) * CALIBRATION_BINS + 1e-9)) continue
    bins.push({ count, predicted: predicted / count, observed: observed / count, end })
    seen += count
    ;[count, predicted, observed] = [0, 0, 0]
  }
  if (count > 0) bins.push({ count, predicted: predicted / count, observed: observed / count, end: start })
  return bins
}

function totalWeight(order: Uint32Array, counted: Uint32Array): number {
  let total = 0
  // A ranking of all rows: their order does not matter.
  if (order.length === counted.length)
    for (let row = 0; row < order.length; row++) total = (total + (counted[row] as number)) | 0
  else for (let i = 0; i < order.length; i++) total = (total + (counted[order[i] as number] as number)) | 0
  return total
}

/** Type-7 quantiles at 1/10 … 9/10 of the scores, each repeated as often as it weighs. */
function weightedEdges(ranking: Ranking, total: number, counted: Uint32Array): number[] {
  const { order, scores } = ranking
  const edges: number[] = []
  // Rows up to and with `i` make the first `seen` positions of the expanded sample.
  let i = 0
  let seen = counted[order[0] as number] as number
  for (let bin = 1; bin < CALIBRATION_BINS; bin++) {
    const position = ((total - 1) * bin) / CALIBRATION_BINS
    const index = Math.floor(position)
    while (seen <= index) seen = (seen + (counted[order[++i] as number] as number)) | 0
    const below = scores[i] as number
    if (index === position) {
      edges.push(below)
      continue
    }
    // Looked up ahead: the next edge of a sample below ten may lie before it.
    let next = i
    for (let ahead = seen; ahead <= index + 1; ) ahead += counted[order[++next] as number] as number
    edges.push(below + ((scores[next] as number) - below) * (position - index))
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
