import { normalQuantile } from '../../stats/special/normal.ts'
import { type AucDecidability, aucStandardError } from '../numbers/auc.ts'
import { POWER } from '../numbers/proportion.ts'

/** The area that two models are taken to have, and how their errors go together, where nothing is known of them. */
export const USUAL_AREA = 0.8
export const USUAL_CORRELATION = 0.5

/**
 * Decidability of `a − b >= bound` of the ROC areas of two models on the same rows, by DeLong's paired interval. From two rows of
 * each label some pair of orders shows a difference above 0; which greater ones no order shows is not known. `detectable`: the difference that is shown four times in five, of areas about 0.8 whose errors go together by 0.5, from the variance s₁² + s₂² − 2 r s₁ s₂ of J. A. Hanley
 * and B. J. McNeil, Radiology 148 (1983).
 */
export function pairedAreasAtLeast(
  positives: number,
  negatives: number,
  bound: number,
  level: number,
): AucDecidability {
  if (positives < 2 || negatives < 2) return { canHold: false, canFail: false }
  const area = detectableDifference(positives, negatives, bound, level)
  return {
    canHold: bound < 1,
    canFail: bound > -1,
    ...(area === undefined ? {} : { detectable: area }),
  }
}

function detectableDifference(positives: number, negatives: number, bound: number, level: number): number | undefined {
  const z = normalQuantile((1 + level) / 2) + normalQuantile(POWER)
  const worse = aucStandardError(USUAL_AREA, positives, negatives)
  const shown = (difference: number): boolean => {
    const better = aucStandardError(USUAL_AREA + difference, positives, negatives)
    const square = worse * worse + better * better - 2 * USUAL_CORRELATION * worse * better
    return difference - bound >= z * Math.sqrt(square)
  }
  // The better one is an area, too.
  const steps = 2_000
  const most = 1 - USUAL_AREA
  for (let i = 0; i < steps; i++) {
    const difference = bound + ((most - bound) * i) / steps
    if (shown(difference)) return difference
  }
  return undefined
}
