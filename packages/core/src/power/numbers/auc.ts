import { areaEstimate, moderatedAreaVariance } from '../../stats/delong.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { studentQuantile } from '../../stats/special/student-t.ts'
import { POWER } from './proportion.ts'

/** What so many positive and negative rows can say of a ROC area. */
export interface AucDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  /** The area that is shown to be at least the bound four times in five; absent where none is. */
  readonly detectable?: number
}

/** Pairs of rows in the wrong order (ties count half) that are tried; with more, an area is lower than its smaller error makes up for. */
const MOST_PAIRS = 64
const STEPS = 60

/**
 * Decidability of `roc_auc() >= bound`: the best outcome is the one that shows most, the worst its reverse, neither below nor far above what
 * any order of the rows gives. The detectable area is from the variance of J. A. Hanley and B. J. McNeil, Radiology 143 (1982), on the logit
 * scale; it is a little too large for scores that are normal, so that the power is then up to 0.95.
 */
export function aucAtLeast(positives: number, negatives: number, bound: number, level: number): AucDecidability {
  if (positives < 2 || negatives < 2) return { canHold: false, canFail: false }
  const most = mostShown(positives, negatives, level)
  const canHold = most >= bound
  const canFail = 1 - most < bound
  const area = canHold ? detectableArea(positives, negatives, bound, level) : undefined
  return { canHold, canFail, ...(area === undefined ? {} : { detectable: area }) }
}

/**
 * The greatest lower end of the interval. A perfect order has no variance and the interval of no failure seen; an order with a pair or two
 * in the wrong order has one, and mostly shows more. Errors of a given total are the less variable the more rows share them, but rows of both
 * labels cannot all share them: with S the sum of squares of the shares that rows of one label have in the errors, the product of both
 * is not below 4/9 of 1 / errors (of all staircases the straight one has the least; half of that for ties), and 1 for a single tie.
 */
export function mostShown(positives: number, negatives: number, level: number): number {
  const pairs = positives * negatives
  // As many degrees of freedom as both variances can have together.
  const t = -studentQuantile((1 - level) / 2, positives + negatives - 2)
  const perfect = areaEstimate(1, 0, Math.min(positives, negatives))
  let most = 'interval' in perfect ? perfect.interval(level).low : 0
  const varying = (share: number, rows: number): number => ((share - 1 / rows) * rows) / (rows - 1)
  for (let k = 1; k <= MOST_PAIRS && k < pairs; k++) {
    const errors = k / 2
    const area = 1 - errors / pairs
    const least = k === 1 ? 1 : Math.min(1, 4 / 9 / errors)
    let variance = Number.POSITIVE_INFINITY
    const low = Math.max(1 / positives, least)
    for (let step = 0; step <= STEPS; step++) {
      const own = low * (1 / low) ** (step / STEPS)
      const other = Math.max(1 / negatives, least / own)
      if (other <= 1 + 1e-12) variance = Math.min(variance, varying(own, positives) + varying(other, negatives))
    }
    const center = Math.log(area / (1 - area))
    // `variance` is in units of (1 − area)².
    const own = Math.max(0, variance) * (1 - area) ** 2
    const error = Math.sqrt(moderatedAreaVariance(area, own, positives, negatives)) / (area * (1 - area))
    most = Math.max(most, 1 / (1 + Math.exp(t * error - center)))
  }
  return most
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
