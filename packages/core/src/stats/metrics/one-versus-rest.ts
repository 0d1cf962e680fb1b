import {
  areaDifferenceEstimate,
  areaEstimate,
  type DeLong,
  delong,
  type Strata,
  stratifiedVariance,
} from '../delong.ts'
import { type Estimation, undefinedEstimate } from '../estimate.ts'
import type { ClassProbabilities } from './class-probabilities.ts'
import { type Ranking, rankByScore } from './ranking.ts'
import { rocAuc } from './roc-auc.ts'
import { type Weights, weightOf } from './weights.ts'

/** How the areas of the classes are averaged: each alike, or by its rows. */
export type AreaAverage = 'macro' | 'weighted'

const isOf = (labels: ArrayLike<number>, of: number): Uint8Array =>
  Uint8Array.from(labels, (label) => (label === of ? 1 : 0))

/**
 * Mean of the areas under the ROC curve of each class against the rest, as a function of the weights of rows; `undefined` where a
 * class has no rows, or all of them. As scikit-learn's roc_auc_score with multi_class='ovr'.
 */
export function oneVersusRest(
  average: AreaAverage,
  labels: ArrayLike<number>,
  probabilities: ClassProbabilities,
): (weights?: Weights) => number | undefined {
  const rankings = probabilities.map((scores, of) => rankByScore(isOf(labels, of), scores))
  return (weights) => {
    const support = supports(labels, probabilities.length, weights)
    let sum = 0
    let total = 0
    for (const [of, ranking] of rankings.entries()) {
      const area = ranking === undefined ? undefined : rocAuc(ranking as Ranking, weights)
      if (area === undefined) return undefined
      const weight = average === 'macro' ? 1 : (support[of] as number)
      sum += weight * area
      total += weight
    }
    return sum / total
  }
}

function supports(labels: ArrayLike<number>, classes: number, weights?: Weights): Float64Array {
  const support = new Float64Array(classes)
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number
    if (label < classes) (support[label] as number) += weightOf(weights, row)
  }
  return support
}

/** The mean area, what each row adds to it, and the classes within which rows are alike. */
interface MeanArea {
  readonly area: number
  readonly influence: Float64Array
  readonly strata: Strata
}

/**
 * DeLong's structural components of every class against the rest, summed for each row; rows of one class are alike and
 * independent, so the variance of the mean area is that of their sums within each class (numbers of rows by class taken as given,
 * as DeLong has it). With two classes it is DeLong's variance itself.
 */
function meanArea(
  average: AreaAverage,
  labels: ArrayLike<number>,
  probabilities: ClassProbabilities,
): MeanArea | undefined {
  const classes = probabilities.length
  const support = supports(labels, classes)
  const total = average === 'macro' ? classes : support.reduce((sum, rows) => sum + rows, 0)
  const influence = new Float64Array(labels.length)
  let area = 0
  for (const [of, scores] of probabilities.entries()) {
    const found = delong(isOf(labels, of), scores)
    if (found === undefined) return undefined
    const weight = (average === 'macro' ? 1 : (support[of] as number)) / total
    area += weight * found.auc
    addComponents(influence, found, labels, of, weight)
  }
  const strata = { classes: classes + 1, of: Uint32Array.from(labels, (label) => Math.min(label, classes)) }
  return { area, influence, strata }
}

function addComponents(sums: Float64Array, found: DeLong, labels: ArrayLike<number>, of: number, weight: number): void {
  const { positives, negatives } = found
  let p = 0
  let q = 0
  for (let row = 0; row < labels.length; row++) {
    const share =
      labels[row] === of ? (positives[p++] as number) / positives.length : (negatives[q++] as number) / negatives.length
    ;(sums[row] as number) += weight * share
  }
}

/** The mean area with its interval on the logit scale; `labels` are numbers of classes. */
export function oneVersusRestEstimate(
  average: AreaAverage,
  labels: ArrayLike<number>,
  probabilities: ClassProbabilities,
): Estimation {
  const found = meanArea(average, labels, probabilities)
  if (found === undefined) return undefinedEstimate(labels.length === 0 ? 'empty' : 'one-class')
  const variance = stratifiedVariance(found.influence, found.strata)
  return areaEstimate(found.area, variance, leastSupport(labels, probabilities.length))
}

/** The difference of two mean areas on the same rows, with its paired interval. */
export function oneVersusRestDifference(
  average: AreaAverage,
  labels: ArrayLike<number>,
  left: ClassProbabilities,
  right: ClassProbabilities,
): Estimation {
  const [a, b] = [meanArea(average, labels, left), meanArea(average, labels, right)]
  if (a === undefined || b === undefined) return undefinedEstimate(labels.length === 0 ? 'empty' : 'one-class')
  const apart = a.influence.map((value, row) => value - (b.influence[row] as number))
  return areaDifferenceEstimate(a.area - b.area, stratifiedVariance(apart, a.strata), leastSupport(labels, left.length))
}

function leastSupport(labels: ArrayLike<number>, classes: number): number {
  return Math.min(...supports(labels, classes))
}
