/** Labelled rows whose score is `from` or more, and below the `from` of the next one. */
export interface ScoreRange {
  readonly from: number
  readonly negatives: number
  readonly positives: number
  /** Of the scores in it. */
  readonly mean: number
}

/** What calibration, threshold and cost curves are drawn from: ranges by ascending score, each with rows in it. */
export interface ScoreCurves {
  readonly ranges: readonly ScoreRange[]
}

/** Ranges, at most. */
const MOST = 100
/** Rows that the ends of ranges are chosen from, at most: a sort of all would cost what the metrics cost. */
const LOOKED_AT = 10_000

/**
 * Counts labelled rows by ranges of about equally many rows; equal scores share a range. Labels are 1 for positive; rows without a label or a finite score are left out.
 * `undefined` where there is no row of either class: a curve has then nothing to show.
 */
export function scoreCurves(labels: Float64Array, scores: Float64Array): ScoreCurves | undefined {
  const step = Math.max(1, Math.floor(scores.length / LOOKED_AT))
  const some = scores.filter((score, row) => row % step === 0 && Number.isFinite(score)).sort()
  const ends = new Set<number>()
  for (let range = 1; range < MOST; range++) ends.add(some[Math.floor((some.length * range) / MOST)] as number)
  const edges = Float64Array.from(ends).filter((edge) => edge > (some[0] ?? Infinity))
  const negatives = new Float64Array(edges.length + 1)
  const positives = new Float64Array(edges.length + 1)
  const sums = new Float64Array(edges.length + 1)
  const least = new Float64Array(edges.length + 1).fill(Infinity)
  for (let row = 0; row < scores.length; row++) {
    const [score, label] = [scores[row] as number, labels[row] as number]
    if (!Number.isFinite(score) || Number.isNaN(label)) continue
    const range = rangeOf(edges, score)
    if (label === 1) positives[range] = (positives[range] as number) + 1
    else negatives[range] = (negatives[range] as number) + 1
    sums[range] = (sums[range] as number) + score
    if (score < (least[range] as number)) least[range] = score
  }
  const ranges = Array.from(negatives, (count, range): ScoreRange => {
    const hits = positives[range] as number
    return {
      from: least[range] as number,
      negatives: count,
      positives: hits,
      // The mean of equal scores may lie below them by its rounding.
      mean: Math.max(least[range] as number, (sums[range] as number) / (count + hits)),
    }
  }).filter((range) => range.negatives + range.positives > 0)
  const has = (kind: 'negatives' | 'positives'): boolean => ranges.some((range) => range[kind] > 0)
  return has('negatives') && has('positives') ? { ranges } : undefined
}

/** The number of edges at or below a score. */
function rangeOf(edges: Float64Array, score: number): number {
  let from = 0
  let to = edges.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (score >= (edges[middle] as number)) from = middle + 1
    else to = middle
  }
  return from
}
