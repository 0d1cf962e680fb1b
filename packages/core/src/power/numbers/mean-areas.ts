import { aucStandardError } from './auc.ts'
import type { KnownError } from './normal-effect.ts'

const USUAL = 0.8

/**
 * The mean of the ROC areas of each class against the rest: its error is at most the mean of theirs (as if they went together wholly), each by J. A. Hanley and
 * B. J. McNeil, Radiology 143 (1982), with the counted rows of the class.
 */
export function meanAreaError(classes: readonly number[], rows: number, average: 'macro' | 'weighted'): KnownError {
  const all = classes.reduce((sum, own) => sum + own, 0)
  return {
    error: (area) =>
      classes.reduce(
        (sum, own) =>
          sum +
          (average === 'macro' ? 1 / classes.length : own / all) *
            aucStandardError(Math.min(1, Math.max(0.5, area)), own, rows - own),
        0,
      ),
    range: { low: 0, high: 1 },
    usual: USUAL,
    given: 'of classes with areas alike',
    atMost: true,
  }
}
