import type { Confusion } from '../metrics/confusion.ts'
import type { ScoreCurves, ScoreRange } from './score-curves.ts'

/** What deciding positive from a score on comes to. */
export interface ThresholdPoint extends Confusion {
  readonly threshold: number
}

/** Rows by outcome for each threshold, ascending: the first decides all rows positive, the last none (threshold Infinity). */
export function thresholdPoints({ ranges }: ScoreCurves): readonly ThresholdPoint[] {
  const total = (kind: 'negatives' | 'positives'): number => ranges.reduce((sum, range) => sum + range[kind], 0)
  let [falseNegatives, trueNegatives] = [0, 0]
  const [positives, negatives] = [total('positives'), total('negatives')]
  const point = (threshold: number): ThresholdPoint => ({
    threshold,
    truePositives: positives - falseNegatives,
    falsePositives: negatives - trueNegatives,
    falseNegatives,
    trueNegatives,
  })
  const points: ThresholdPoint[] = []
  for (const range of ranges) {
    points.push(point(range.from))
    falseNegatives += range.positives
    trueNegatives += range.negatives
  }
  return [...points, point(Infinity)]
}

/** One point of a reliability diagram. */
export interface CalibrationPoint {
  readonly rows: number
  readonly positives: number
  /** Mean score. */
  readonly predicted: number
}

/** Neighbouring ranges joined to about equally many rows each. */
export function calibrationPoints({ ranges }: ScoreCurves, most = 10): readonly CalibrationPoint[] {
  const rowsOf = (range: ScoreRange): number => range.negatives + range.positives
  const total = ranges.reduce((sum, range) => sum + rowsOf(range), 0)
  const points: CalibrationPoint[] = []
  let [rows, positives, scores, seen] = [0, 0, 0, 0]
  for (const range of ranges) {
    rows += rowsOf(range)
    positives += range.positives
    scores += range.mean * rowsOf(range)
    if (seen + rows < (total * (points.length + 1)) / most - 1e-9) continue
    points.push({ rows, positives, predicted: scores / rows })
    seen += rows
    ;[rows, positives, scores] = [0, 0, 0]
  }
  return points
}

/** What the best threshold costs, for one relation of the two costs. */
export interface CostPoint {
  /** The cost of a missed positive as a share of it and that of a false alarm: 0.5 where both cost the same. */
  readonly missed: number
  /** Mean cost of a row at the best threshold, the two costs adding up to 1. */
  readonly cost: number
  readonly threshold: number
  /** The cheaper of deciding all rows positive, and none. */
  readonly without: number
}

/** The lower envelope of costs over thresholds. Source: C. Drummond, R. Holte, Cost curves, Machine Learning 65 (2006), without their norm of the axes. */
export function costPoints(curves: ScoreCurves, steps = 50): readonly CostPoint[] {
  const points = thresholdPoints(curves)
  const [all] = points
  const none = points.at(-1)
  if (all === undefined || none === undefined) return []
  const rows = all.truePositives + all.falsePositives
  return Array.from({ length: steps + 1 }, (_, step) => {
    const missed = step / steps
    const costOf = (point: ThresholdPoint): number =>
      (missed * point.falseNegatives + (1 - missed) * point.falsePositives) / rows
    let best = all
    for (const point of points) if (costOf(point) < costOf(best)) best = point
    return { missed, cost: costOf(best), threshold: best.threshold, without: Math.min(costOf(all), costOf(none)) }
  })
}
