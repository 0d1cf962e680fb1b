import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/classes.json' with { type: 'json' }
import { areaDifferenceEstimate, areaEstimate, delong, delongDifference } from '../delong.ts'
import { createRandom } from '../prng.ts'
import { classLogLosses, topHits } from './class-probabilities.ts'
import {
  averagedMetric,
  classAccuracy,
  classBalancedAccuracy,
  classKappa,
  classMatrix,
  type ClassMatrix,
  classMcc,
  confusionShare,
  countClass,
  microF1,
  microProportion,
} from './classes.ts'
import type { Proportion } from './confusion.ts'
import { oneVersusRest, oneVersusRestDifference, oneVersusRestEstimate } from './one-versus-rest.ts'
import { weightedMean } from './weights.ts'

const share = ({ k, n }: Proportion): number => k / n

function matrixOf(
  classes: number,
  labels: readonly number[],
  answers: readonly number[],
  weights?: ArrayLike<number>,
): ClassMatrix {
  const matrix = classMatrix(classes)
  labels.forEach((label, row) => countClass(matrix, label, answers[row] ?? 0, weights?.[row] ?? 1))
  return matrix
}

describe('several classes, against scikit-learn', () => {
  golden.cases.forEach((row, index) => {
    const { classes, labels } = row
    const weights = row.weights ? Uint32Array.from(row.weights) : undefined
    const probabilities = row.probabilities.map((of) => Float64Array.from(of))
    it(`answers, case ${index}: ${labels.length} rows of ${classes} classes${weights ? ', weighted' : ''}`, () => {
      const matrix = matrixOf(classes, labels, row.answers, weights)
      row.confusion.forEach((counts, label) =>
        counts.forEach((count, answer) => {
          expect(matrix.counts[label * (classes + 1) + answer]).toBe(count)
          expectClose(share(confusionShare(matrix, label, answer)), row.normalised[label]?.[answer] as Golden, 1e-12)
        }),
      )
      expectClose(share(classAccuracy(matrix)), row.accuracy)
      expectClose(classBalancedAccuracy(matrix), row.balancedAccuracy, 1e-12)
      expectClose(classKappa(matrix), row.kappa, 1e-11, 'kappa', 1e-3)
      expectClose(classMcc(matrix), row.mcc, 1e-11, 'mcc', 1e-3)
      for (const metric of ['precision', 'recall', 'f1'] as const) {
        for (const average of ['macro', 'weighted'] as const)
          expectClose(averagedMetric(metric, average, matrix), row[`${metric}_${average}`], 1e-12, metric)
        const micro = {
          precision: share(microProportion('answers', matrix)),
          recall: share(microProportion('labels', matrix)),
          f1: microF1(matrix),
        }
        expectClose(micro[metric], row[`${metric}_micro`], 1e-12)
      }
    })
    it(`probabilities, case ${index}`, () => {
      expectClose(weightedMean(classLogLosses(labels, probabilities), weights), row.logLoss, 1e-11)
      for (const [i, top] of row.topK.entries())
        if (top !== null) expectClose(weightedMean(topHits(i + 1, labels, probabilities), weights), top, 1e-12, 'top k')
      expectClose(oneVersusRest('macro', labels, probabilities)(weights), row.areaMacro, 1e-12)
      expectClose(oneVersusRest('weighted', labels, probabilities)(weights), row.areaWeighted, 1e-12)
    })
  })
})

describe('two classes as several', () => {
  const random = createRandom('two', 'classes')
  const labels = Array.from({ length: 80 }, () => random.int(2))
  const scores = [0, 1].map(() => Float64Array.from(labels, (label) => Math.round(10 * (0.3 * label + random.float()))))
  const both = (of: Float64Array) => [of.map((score) => -score), of]
  it('have DeLong’s variance, alone and paired', () => {
    const [a, b] = scores as [Float64Array, Float64Array]
    const { auc, variance } = delong(labels, a) ?? never()
    const apart = delongDifference(labels, a, b) ?? never()
    const alone = areaEstimate(auc, variance, labels.length / 4)
    const paired = areaDifferenceEstimate(apart.difference, apart.variance, apart.pairs)
    const mean = oneVersusRestEstimate('macro', labels, both(a))
    const difference = oneVersusRestDifference('weighted', labels, both(a), both(b))
    if (alone.kind !== 'estimate' || mean.kind !== 'estimate') throw new Error('no estimate')
    if (paired.kind !== 'estimate' || difference.kind !== 'estimate') throw new Error('no difference')
    for (const [found, wanted] of [
      [mean, alone],
      [difference, paired],
    ] as const) {
      expectClose(found.value, wanted.value, 1e-12)
      expectClose(found.interval(0.95).low, wanted.interval(0.95).low, 1e-10)
      expectClose(found.interval(0.95).high, wanted.interval(0.95).high, 1e-10)
    }
  })
})

describe('what nobody declared, and what is not there', () => {
  it('a label or an answer outside the classes is wrong, also where both are', () => {
    const matrix = matrixOf(2, [0, 1, 2, 2], [0, 2, 2, 1])
    expect(classAccuracy(matrix)).toEqual({ k: 1, n: 4 })
    expect(microProportion('answers', matrix)).toEqual({ k: 1, n: 2 })
    expect(microProportion('labels', matrix)).toEqual({ k: 1, n: 2 })
    expect(averagedMetric('precision', 'macro', matrix)).toBe(0.5)
    expect(topHits(2, [2], [Float64Array.of(0.5), Float64Array.of(0.5)])[0]).toBe(0)
    expectClose(classLogLosses([2], [Float64Array.of(0.5), Float64Array.of(0.5)])[0], -Math.log(1e-15))
  })
  it('a class without rows makes means undefined, not green', () => {
    const matrix = matrixOf(3, [0, 1], [0, 1])
    expect(classBalancedAccuracy(matrix)).toBeUndefined()
    expect(averagedMetric('f1', 'macro', matrix)).toBeUndefined()
    expect(averagedMetric('precision', 'macro', matrix)).toBeUndefined()
    expect(averagedMetric('f1', 'weighted', matrix)).toBe(1)
    const even = [0, 1, 2].map(() => Float64Array.of(0.3, 0.4))
    expect(oneVersusRest('macro', [0, 1], even)()).toBeUndefined()
    expect(oneVersusRestEstimate('macro', [0, 1], even)).toMatchObject({ kind: 'undefined', reason: 'one-class' })
  })
  it('one class only, no rows, and numbers that are no probability', () => {
    expect(classMcc(matrixOf(2, [0, 0], [0, 0]))).toBeUndefined()
    expect(classKappa(matrixOf(2, [0, 0], [0, 0]))).toBeUndefined()
    expect(classKappa(matrixOf(2, [], []))).toBeUndefined()
    expect(averagedMetric('recall', 'weighted', matrixOf(2, [], []))).toBeUndefined()
    expect(weightedMean(classLogLosses([0], [Float64Array.of(1.2), Float64Array.of(0)]))).toBeUndefined()
  })
})

function never(): never {
  throw new Error('one class')
}
