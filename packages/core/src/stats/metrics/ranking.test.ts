import { describe, expect, it } from 'vitest'
import { expectClose } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/ranking.json' with { type: 'json' }
import { confusionOf, expectedCost, proportion } from './confusion.ts'
import { groupPrecision, hitAt, ndcg, precisionAt, recallAt, reciprocalRank } from './group-ranking.ts'
import { rankByScore, type Ranking } from './ranking.ts'
import {
  explainedVariance,
  lossesOf,
  pinballLoss,
  root,
  signedError,
  squaredLogLoss,
  symmetricRelativeLoss,
  tweedieLoss,
} from './regression.ts'
import { topShare } from './top-share.ts'
import { weightedMean } from './weights.ts'

const ranked = (labels: readonly number[], scores: readonly number[]): Ranking => rankByScore(labels, scores) as Ranking

describe('the order of one group, ties as in a random order', () => {
  it('against scikit-learn and the mean over every order', () => {
    expect(golden.groups.length).toBeGreaterThan(15)
    for (const { relevance, scores, map, mrr, at } of golden.groups) {
      expectClose(groupPrecision(relevance, scores), map, 1e-12, 'map')
      expectClose(reciprocalRank(relevance, scores), mrr, 1e-12, 'mrr')
      for (const row of at) {
        expectClose(ndcg(row.k)(relevance, scores), row.ndcg, 1e-12, 'ndcg')
        expectClose(precisionAt(row.k)(relevance, scores), row.precision, 1e-12, 'precision')
        expectClose(recallAt(row.k)(relevance, scores), row.recall, 1e-12, 'recall')
        expectClose(hitAt(row.k)(relevance, scores), row.hit, 1e-12, 'hit rate')
      }
    }
  })
  it('of a group without anything relevant there is none', () => {
    for (const metric of [groupPrecision, reciprocalRank, ndcg(3), precisionAt(3), recallAt(3), hitAt(3)])
      expect(metric([0, 0], [1, 2])).toBeUndefined()
  })
})

describe('the top share of rows by score', () => {
  it('against the mean over every order of equal scores', () => {
    for (const { labels, scores, share, gain, precision, lift } of golden.tops) {
      const found = topShare(share, ranked(labels, scores))
      expectClose(found?.gain, gain, 1e-12, 'gain')
      expectClose(found?.precision, precision, 1e-12, 'precision')
      expectClose(found?.lift, lift, 1e-12, 'lift')
    }
  })
  it('weights are repetitions; without positive rows there is none', () => {
    const weights = Uint32Array.of(2, 0, 1)
    const weighted = topShare(0.5, ranked([1, 1, 0], [3, 2, 1]), weights)
    expect(weighted).toEqual(topShare(0.5, ranked([1, 1, 0], [3, 3, 1])))
    expect(topShare(0.5, ranked([0, 0], [1, 2]))).toBeUndefined()
    expect(topShare(0.5, ranked([], []))).toBeUndefined()
  })
})

describe('the Tweedie deviance', () => {
  const predicted = [0.4, 1.2, 2, 3, 6.5]
  // mean_tweedie_deviance of scikit-learn 1.9.1
  it.each([
    [0, 0, 0.33999999999999997],
    [1, 0, 0.2788102722486819],
    [1.3, 0, 0.3923491645336063],
    [2, 0.5, 0.062206490240622705],
    [2.5, 0.5, 0.05152243329926711],
    [3, 0.5, 0.04961350615196771],
  ])('of the power %d is that of scikit-learn', (power, first, wanted) => {
    const losses = lossesOf(tweedieLoss(power), [first, 1, 3, 2.5, 7], predicted)
    expectClose(weightedMean(losses), wanted, 1e-12)
  })
  it('does not exist where its distribution does not', () => {
    expect(tweedieLoss(0.5)(1, 1)).toBeNaN()
    expect(tweedieLoss(1)(1, 0)).toBeNaN()
    expect(tweedieLoss(1)(-1, 1)).toBeNaN()
    expect(tweedieLoss(2)(0, 1)).toBeNaN()
    expect(tweedieLoss(1)(0, 2)).toBe(4)
  })
})

describe('metrics of a regression, against scikit-learn', () => {
  it.each(golden.regressions.map((row, i) => [i, row] as const))('case %d', (_, row) => {
    const { observed, predicted } = row
    const weights = row.weights ? Uint32Array.from(row.weights) : undefined
    for (const [q, value] of row.pinball as [number, number][])
      expectClose(
        weightedMean(lossesOf(pinballLoss(q), observed, predicted), weights),
        value,
        1e-12,
        `pinball ${q}`,
        1e-3,
      )
    expectClose(root(weightedMean(lossesOf(squaredLogLoss, observed, predicted), weights)), row.rmsle, 1e-12, 'rmsle')
    expectClose(weightedMean(lossesOf(symmetricRelativeLoss, observed, predicted), weights), row.smape, 1e-12, 'smape')
    const errors = lossesOf(signedError, observed, predicted)
    expectClose(explainedVariance(observed, errors, weights), row.explainedVariance, 1e-11, 'explained', 1e-3)
  })
  it('numbers outside a logarithm, and both zero', () => {
    expect(weightedMean(lossesOf(squaredLogLoss, [1, -1], [1, 2]))).toBeUndefined()
    expect([...lossesOf(symmetricRelativeLoss, [0, 1], [0, 0])]).toEqual([0, 2])
  })
})

describe('rates of wrong decisions, and what they cost', () => {
  const matrix = confusionOf([6, 2, 4, 8])
  it('are the complements of what is right', () => {
    expect(proportion('false_positive_rate', matrix)).toBe(0.2)
    expect(proportion('false_negative_rate', matrix)).toBe(0.4)
    expect(proportion('false_discovery_rate', matrix)).toBe(0.25)
    expect(expectedCost(10, 100, matrix)).toBe((2 * 10 + 4 * 100) / 20)
    expect(expectedCost(1, 1, confusionOf([0, 0, 0, 0]))).toBeUndefined()
  })
})
