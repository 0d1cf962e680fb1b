import { aucEstimate } from '../stats/delong.ts'
import { normalQuantile } from '../stats/special/normal.ts'
import { POWER } from './proportion.ts'

/** What so many positive and negative rows can say of a ROC area. */
export interface AucDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  /** The area that is shown to be at least the bound four times in five; absent where none is. */
  readonly detectable?: number
}

/** Rows of each label that are laid out to ask the estimator; more decide at least as much. */
const MOST_ROWS = 20_000

/**
 * Decidability of `roc_auc() >= bound`: the best outcome is a perfect order, the worst its reverse, both asked of the estimator
 * itself. The detectable area is from the variance of J. A. Hanley and B. J. McNeil, Radiology 143 (1982), on the logit scale; it is a little too
 * large for scores that are normal, so that the power is then up to 0.95.
 */
export function aucAtLeast(positives: number, negatives: number, bound: number, level: number): AucDecidability {
  if (positives < 1 || negatives < 1) return { canHold: false, canFail: false }
  const [p, q] = [Math.min(positives, MOST_ROWS), Math.min(negatives, MOST_ROWS)]
  const ordered = (sign: number): readonly [number, number] => {
    const labels = Uint8Array.from({ length: p + q }, (_, i) => (i < p ? 1 : 0))
    const scores = Float64Array.from({ length: p + q }, (_, i) => (i < p ? sign : 0))
    const found = aucEstimate(labels, scores)
    if (!('interval' in found)) return [0, 1]
    const { low, high } = found.interval(level)
    return [low, high]
  }
  const canHold = ordered(1)[0] >= bound
  const canFail = ordered(-1)[1] < bound
  const area = canHold ? detectableArea(positives, negatives, bound, level) : undefined
  return { canHold, canFail, ...(area === undefined ? {} : { detectable: area }) }
}

/** Standard error of an area (Hanley and McNeil 1982, equation 1). */
export function aucStandardError(area: number, positives: number, negatives: number): number {
  const [q1, q2] = [area / (2 - area), (2 * area * area) / (1 + area)]
  const square = area * (1 - area) + (positives - 1) * (q1 - area * area) + (negatives - 1) * (q2 - area * area)
  return Math.sqrt(square / (positives * negatives))
}

function detectableArea(positives: number, negatives: number, bound: number, level: number): number | undefined {
  const z = normalQuantile((1 + level) / 2) + normalQuantile(POWER)
  const logit = (x: number): number => Math.log(x / (1 - x))
  const shown = (area: number): boolean =>
    logit(area) - logit(bound) >= (z * aucStandardError(area, positives, negatives)) / (area * (1 - area))
  if (bound <= 0 || bound >= 1) return undefined
  // Close to 1 the formula's error grows again on the logit scale, so the first area that is shown is looked for, not the last.
  const steps = 2_000
  for (let i = 1; i < steps; i++) {
    const area = bound + ((1 - bound) * i) / steps
    if (shown(area)) return area
  }
  return undefined
}
