import { stats } from '@plumbline/core'
import {
  type Cell,
  decided,
  losses,
  meanLoss,
  type Metric,
  regressed,
  resampled,
  type Scored,
  scored,
  SIZES,
} from './cells.ts'

const unit = { low: 0, high: 1 }

/** Of the rows that a decision leaves out, the share that is positive: Wilson, of as many rows as are left out. */
const falseOmission = (name: string, draw: (random: stats.Random, n: number) => Scored, threshold: number): Cell => {
  const of = ({ labels, scores }: Scored): stats.Proportion => {
    const decisions = scores.map((score) => (score >= threshold ? 1 : 0))
    return stats.proportionOf('false_omission_rate', stats.confusion(labels, decisions))
  }
  return {
    name,
    method: 'Wilson',
    exact: false,
    sizes: SIZES,
    value: (random, n) => {
      const { k, n: all } = of(draw(random, n))
      return k / all
    },
    estimate: (random, n) => {
      const { k, n: all } = of(draw(random, n))
      return stats.wilsonEstimate(k, all)
    },
  }
}

/** Of each of n queries whether one of the first `k` of 12 items is relevant: the share of relevant ones varies by query. */
const hits =
  (k: number) =>
  (random: stats.Random, n: number): Float64Array => {
    const hit = stats.hitAt(k)
    return Float64Array.from({ length: n }, () => {
      const share = 0.05 + 0.4 * random.float() ** 2
      const relevance = Array.from({ length: 12 }, () => (random.float() < share ? 1 : 0))
      return (
        hit(
          relevance,
          relevance.map((one) => one + 1.5 * random.normal()),
        ) ?? Number.NaN
      )
    })
  }
/** A query without a relevant item has no value, and is no part of the mean. */
const meanOfQueries =
  (values: Float64Array): Metric<Float64Array> =>
  (_, weights) => {
    let [sum, total] = [0, 0]
    for (let query = 0; query < values.length; query++) {
      const value = values[query] as number
      if (Number.isNaN(value)) continue
      sum += (weights?.[query] ?? 1) * value
      total += weights?.[query] ?? 1
    }
    return total === 0 ? undefined : sum / total
  }

/** Claims: counts with their rate as the prediction, a tenth too great; most are 0. */
const claims = (random: stats.Random, n: number): Scored => {
  const rates = Float64Array.from({ length: n }, () => 0.1 * Math.exp(0.7 * random.normal()))
  const labels = rates.map((rate) => {
    let [count, left] = [0, random.float() - Math.exp(-rate)]
    for (let share = Math.exp(-rate); left > 0 && count < 50; left -= share) share *= rate / ++count
    return count
  })
  return { labels, scores: rates.map((rate) => 1.1 * rate) }
}
/** Amounts, each with a relative error of its own. */
const amounts = (random: stats.Random, n: number): Scored => {
  const scores = Float64Array.from({ length: n }, () => Math.exp(3 + random.normal() / 2))
  return { scores, labels: scores.map((score) => score * Math.exp(random.normal() / 3)) }
}

/** Four classes with probabilities by a softmax that is half as sure as it should be. */
interface Classified {
  readonly labels: Float64Array
  readonly probabilities: readonly Float64Array[]
}
const classified = (random: stats.Random, n: number): Classified => {
  const probabilities = Array.from({ length: 4 }, () => new Float64Array(n))
  const labels = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const logits = [0.6, 0.2, -0.2, -0.6].map((shift) => shift + 1.5 * random.normal())
    const softmax = (sure: number): readonly number[] => {
      const odds = logits.map((logit) => Math.exp(sure * logit))
      const all = odds.reduce((sum, each) => sum + each, 0)
      return odds.map((each) => each / all)
    }
    let left = random.float()
    labels[row] = Math.max(
      0,
      softmax(1).findIndex((share) => (left -= share) < 0),
    )
    for (const [of, share] of softmax(0.5).entries()) (probabilities[of] as Float64Array)[row] = share
  }
  return { labels, probabilities }
}
const brierLosses = ({ labels, probabilities }: Classified): Float64Array =>
  stats.classBrierLosses(labels, probabilities)

/** The calibration error where rows bring weights along, or are drawn by clusters. */
function calibrationOfGroups(
  name: string,
  draw: (random: stats.Random, n: number) => Scored & { readonly weights?: Float64Array },
  rowsOfCluster = 1,
): Cell {
  return {
    name,
    method: 'folded normal',
    exact: false,
    sizes: SIZES,
    value: (random, n) => {
      const { labels, scores, weights } = draw(random, n)
      return stats.calibrationError(stats.rankByScore(labels, scores) as stats.Ranking, weights)
    },
    estimate: (random, n) => {
      const { labels, scores, weights } = draw(random, n)
      const clusters =
        rowsOfCluster === 1 ? undefined : Uint32Array.from({ length: n }, (_, row) => Math.floor(row / rowsOfCluster))
      return stats.calibrationErrorEstimate(stats.rankByScore(labels, scores) as stats.Ranking, { weights, clusters })
    },
  }
}
/** Weights that vary by themselves, as those of a survey. */
const withWeights =
  (draw: (random: stats.Random, n: number) => Scored) =>
  (random: stats.Random, n: number): Scored & { readonly weights: Float64Array } => ({
    ...draw(random, n),
    weights: Float64Array.from({ length: n }, () => Math.exp(random.normal() / 2)),
  })
/** Five rows of a customer: alike in the score and, beyond that, in what came true. */
const customers =
  (bias: number) =>
  (random: stats.Random, n: number): Scored => {
    const [labels, scores] = [new Float64Array(n), new Float64Array(n)]
    let [risk, luck] = [0, 0]
    for (let row = 0; row < n; row++) {
      if (row % 5 === 0) [risk, luck] = [random.normal(), 0.5 * random.normal()]
      const logit = -1 + 1.2 * risk + 0.3 * random.normal()
      scores[row] = 1 / (1 + Math.exp(-logit - bias))
      labels[row] = random.float() < 1 / (1 + Math.exp(-logit - luck)) ? 1 : 0
    }
    return { labels, scores }
  }

/** Metrics that came last, and calibration where rows are not drawn one by one. Written down before any was simulated. */
export const NEWEST: readonly Cell[] = [
  resampled(
    'F-beta 2, 30 % positive',
    scored(0.3, 1.2),
    decided((matrix) => stats.fBeta(2, matrix), 0.4),
    { range: unit },
  ),
  resampled(
    'F-beta 0.5, 10 % positive',
    scored(0.1, 1.6),
    decided((matrix) => stats.fBeta(0.5, matrix), 0.3),
    { range: unit },
  ),
  falseOmission('false omission rate, 30 % positive', scored(0.3, 1.2), 0.4),
  falseOmission('false omission rate, 10 % positive', scored(0.1, 1.6), 0.3),
  ...[1, 5].map((k) =>
    resampled(`hit rate in the first ${k} of 12, groups drawn`, hits(k), meanOfQueries, { range: unit }),
  ),
  meanLoss('Poisson deviance of claims, a tenth too great', claims, losses(stats.tweedieLoss(1))),
  meanLoss('Tweedie deviance of power 1.5, claims', claims, losses(stats.tweedieLoss(1.5))),
  meanLoss('gamma deviance of amounts', amounts, losses(stats.tweedieLoss(2))),
  resampled('D² of absolute errors, skewed noise', regressed, ({ labels, scores }) => {
    const metric = stats.d2AbsoluteError(labels, stats.lossesOf(stats.absoluteLoss, labels, scores))
    return (_, weights) => metric(weights)
  }),
  resampled(
    'Brier of four classes, half as sure',
    classified,
    (sample) => {
      const values = brierLosses(sample)
      return (_, weights) => stats.weightedMean(values, weights)
    },
    { range: { low: 0, high: 2 }, studentized: (sample) => stats.studentizedMean(brierLosses(sample)) },
  ),
  calibrationOfGroups('calibration error, well calibrated, rows with weights', withWeights(scored(0.3, 1.2))),
  calibrationOfGroups('calibration error, 0.8 off on the logit, rows with weights', withWeights(scored(0.3, 1.2, 0.8))),
  calibrationOfGroups('calibration error, nearly calibrated, clusters of 5', customers(0), 5),
  calibrationOfGroups('calibration error, 0.8 off on the logit, clusters of 5', customers(0.8), 5),
]
