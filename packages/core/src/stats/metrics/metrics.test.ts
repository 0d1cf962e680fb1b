import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/metrics.json' with { type: 'json' }
import { createRandom } from '../prng.ts'
import { averagePrecision } from './average-precision.ts'
import { calibrationBins, calibrationError } from './calibration.ts'
import {
  accuracy,
  balancedAccuracy,
  confusion,
  confusionOf,
  f1,
  kappa,
  mcc,
  negativePredictiveValue,
  positiveRate,
  precision,
  proportionOf,
  recall,
  specificity,
} from './confusion.ts'
import { brier, logLoss } from './probability.ts'
import { type Ranking, rankByScore } from './ranking.ts'
import {
  absoluteLoss,
  lossesOf,
  type RowLoss,
  r2,
  relativeLoss,
  root,
  signedError,
  squaredLoss,
  weightedMedian,
} from './regression.ts'
import { rocAuc } from './roc-auc.ts'
import { weightedMean } from './weights.ts'

function ranked(labels: readonly number[], scores: readonly number[], rows?: readonly number[]): Ranking {
  const ranking = rankByScore(labels, scores, rows)
  if (ranking === undefined) throw new Error('a score is NaN')
  return ranking
}

describe('against scikit-learn', () => {
  golden.classification.forEach((row, index) => {
    it(`classification case ${index}: ${row.labels.length} rows${row.weights ? ', weighted' : ''}`, () => {
      const weights = row.weights ? Uint32Array.from(row.weights) : undefined
      const { labels, scores } = row
      const ranking = ranked(labels, scores)
      expectClose(rocAuc(ranking, weights), row.rocAuc, 1e-12)
      expectClose(averagePrecision(ranking, weights), row.averagePrecision, 1e-12)
      expectClose(brier(labels, scores, weights), row.brier, 1e-12)
      expectClose(logLoss(labels, scores, weights), row.logLoss, 1e-12)
      // scikit-learn clips at the spacing of doubles, not at 1e-15: equal unless a score is exactly 0 or 1.
      if (!scores.some((score) => score === 0 || score === 1)) {
        expectClose(logLoss(labels, scores, weights), row.sklearnLogLoss, 1e-12)
      }
      expectClose(calibrationError(ranking, weights), row.calibrationError, 1e-12, 'ECE', 1e-3)
      const decisions = scores.map((score) => (score >= 0.5 ? 1 : 0))
      const matrix = confusion(labels, decisions, weights)
      expect(matrix).toEqual(confusionOf(row.confusion))
      expectClose(accuracy(matrix), row.accuracy)
      expectClose(precision(matrix), row.precision as Golden)
      expectClose(recall(matrix), row.recall as Golden)
      expectClose(specificity(matrix), row.specificity as Golden)
      expectClose(f1(matrix), row.f1 as Golden)
      expectClose(positiveRate(matrix), row.positiveRate)
      expectClose(negativePredictiveValue(matrix), row.negativePredictiveValue as Golden)
      expectClose(balancedAccuracy(matrix), row.balancedAccuracy as Golden)
      expectClose(mcc(matrix), row.mcc as Golden)
      expectClose(kappa(matrix), row.kappa as Golden)
    })
  })

  golden.regression.forEach((row, index) => {
    it(`regression case ${index}: ${row.observed.length} rows${row.weights ? ', weighted' : ''}`, () => {
      const weights = row.weights ? Uint32Array.from(row.weights) : undefined
      const { observed, predicted } = row
      const losses = (loss: RowLoss) => lossesOf(loss, observed, predicted)
      const mean = (loss: RowLoss) => weightedMean(losses(loss), weights)
      expectClose(mean(absoluteLoss), row.mae)
      expectClose(mean(squaredLoss), row.mse)
      expectClose(root(mean(squaredLoss)), row.rmse)
      expectClose(mean(relativeLoss), row.mape)
      expectClose(mean(signedError), row.meanError, 1e-9)
      expectClose(weightedMedian(losses(absoluteLoss))(weights), row.medianAbsoluteError)
      expectClose(r2(observed, losses(squaredLoss), weights), row.r2)
    })
  })
})

describe('weights are repetitions', () => {
  it('for every ranking metric, on random rows with ties and zero weights', () => {
    const random = createRandom('weights', 'test')
    for (let round = 0; round < 200; round++) {
      const n = 2 + random.int(25)
      const labels = Array.from({ length: n }, () => random.int(2))
      const scores = labels.map(() => random.int(8) / 7)
      const weights = Uint32Array.from(labels, () => random.int(3))
      const repeated = labels.flatMap((_, row) => Array.from({ length: weights[row] ?? 0 }, () => row))
      const weighted = ranked(labels, scores)
      const expanded = ranked(
        repeated.map((row) => labels[row] ?? 0),
        repeated.map((row) => scores[row] ?? 0),
      )
      for (const metric of [rocAuc, averagePrecision, calibrationError]) {
        const expected = metric(expanded)
        const actual = metric(weighted, weights)
        if (expected === undefined) expect(actual, metric.name).toBeUndefined()
        else expectClose(actual, expected, 1e-12, metric.name, 1e-3)
      }
    }
  })
  it('a ranking of a slice is the ranking of its rows', () => {
    const labels = [1, 0, 1, 0, 1, 0]
    const scores = [0.9, 0.8, 0.3, 0.4, 0.5, 0.1]
    const rows = [0, 2, 3, 5]
    const sliced = ranked(labels, scores, rows)
    const alone = ranked(
      rows.map((row) => labels[row] ?? 0),
      rows.map((row) => scores[row] ?? 0),
    )
    expect(rocAuc(sliced)).toBe(rocAuc(alone))
    expect(averagePrecision(sliced)).toBe(averagePrecision(alone))
    expect(rocAuc(sliced, Uint32Array.of(1, 9, 0, 1, 9, 1))).toBe(1)
  })
})

describe('undefined where the metric does not exist', () => {
  it('one class', () => {
    for (const labels of [
      [1, 1],
      [0, 0],
    ]) {
      expect(rocAuc(ranked(labels, [0.1, 0.2]))).toBeUndefined()
      expect(averagePrecision(ranked(labels, [0.1, 0.2]))).toBeUndefined()
    }
  })
  it('no rows', () => {
    expect(rocAuc(ranked([], []))).toBeUndefined()
    expect(averagePrecision(ranked([], []))).toBeUndefined()
    expect(calibrationError(ranked([], []))).toBeUndefined()
    expect(calibrationBins(ranked([1], [0.5]), Uint32Array.of(0))).toBeUndefined()
    expect(brier([], [])).toBeUndefined()
    const none = confusion([], [])
    for (const metric of [accuracy, precision, recall, specificity, positiveRate, f1])
      expect(metric(none)).toBeUndefined()
    expect(proportionOf('recall', none)).toEqual({ k: 0, n: 0 })
  })
  it('scores that are no probability, NaN included', () => {
    for (const bad of [Number.NaN, -0.1, 1.1, Infinity]) {
      expect(brier([1, 0], [0.5, bad]), `${bad}`).toBeUndefined()
      expect(logLoss([1, 0], [0.5, bad]), `${bad}`).toBeUndefined()
    }
    expect(rankByScore([1, 0], [0.5, Number.NaN])).toBeUndefined()
    expect(calibrationError(ranked([1, 0], [0.5, 1.1]))).toBeUndefined()
    expect(rocAuc(ranked([0, 1], [-Infinity, Infinity]))).toBe(1)
  })
  it('a row of weight 0 cannot spoil a mean', () => {
    expect(weightedMean([1, Number.NaN, Infinity], Uint32Array.of(2, 0, 0))).toBe(1)
    expect(weightedMean([1, Number.NaN])).toBeUndefined()
  })
  it('certain and wrong is clipped at 1e-15', () => {
    expectClose(logLoss([1], [0]), -Math.log(1e-15), 1e-14)
    expectClose(logLoss([1], [1]), 1e-15, 0.2)
  })
})

describe('a regression metric that does not exist is undefined', () => {
  it('for a label of 0, labels that are all equal, no rows, and a prediction that is no number', () => {
    expect(weightedMean(lossesOf(relativeLoss, [0, 2], [1, 2]))).toBeUndefined()
    expect(weightedMean(lossesOf(relativeLoss, [0, 2], [1, 3]), Uint32Array.of(0, 2))).toBe(0.5)
    expect(r2([3, 3, 3], lossesOf(squaredLoss, [3, 3, 3], [3, 3, 3]))).toBeUndefined()
    expect(weightedMedian(new Float64Array(0))()).toBeUndefined()
    expect(weightedMedian(Float64Array.of(1, 2))(Uint32Array.of(0, 0))).toBeUndefined()
    expect(weightedMedian(Float64Array.of(1, Number.NaN))()).toBeUndefined()
    expect(root(weightedMean(lossesOf(squaredLoss, [1], [Number.POSITIVE_INFINITY])))).toBeUndefined()
  })
})
