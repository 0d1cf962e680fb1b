import type { Random } from '../prng.ts'
import { FEWEST_ROWS } from '../bootstrap.ts'
import { featuresOf } from './bins.ts'
import { boostedScores } from './boosted-trees.ts'
import { type DomainRows, halves } from './rows.ts'

/** Rows that a classifier has not seen: which sample each is of (1: not the reference), and how sure the classifier is of that (log odds). */
export interface DomainScores {
  readonly labels: Uint8Array
  readonly scores: Float64Array
}

/**
 * Scores of a classifier that learned to tell two samples apart (D. Lopez-Paz, M. Oquab, Revisiting Classifier Two-Sample Tests, 2017), on rows it
 * did not learn from: their area under the ROC curve is 0.5 where the samples are of one distribution. Undefined where a sample has too few rows
 * to learn from or to be judged by.
 */
export function domainScores(rows: DomainRows, random: Random): DomainScores | undefined {
  const { learned, judged } = halves(rows, random)
  const isSecond = (row: number): boolean => row >= rows.reference
  for (const half of [learned, judged]) {
    const seconds = half.filter(isSecond).length
    if (seconds < FEWEST_ROWS || half.length - seconds < FEWEST_ROWS) return undefined
  }
  const scores = boostedScores(featuresOf(rows, learned), isSecond, learned, judged, random)
  return { labels: Uint8Array.from(judged, (row) => (isSecond(row) ? 1 : 0)), scores }
}
