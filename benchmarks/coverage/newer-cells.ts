import { stats } from '@plumbline/core'
import {
  area,
  calibration,
  type Cell,
  decided,
  determination,
  losses,
  meanLoss,
  meanOfLosses,
  type Metric,
  ranked,
  regressed,
  resampled,
  type Scored,
  scored,
  SIZES,
} from './cells.ts'

const unit = { low: 0, high: 1 }

/** A label of a positive amount, predicted with an error that grows with it. */
const amounts = (random: stats.Random, n: number): Scored => {
  const labels = Float64Array.from({ length: n }, () => Math.exp(3 + random.normal() / 2))
  return { labels, scores: labels.map((label) => label * Math.exp(0.05 + random.normal() / 5)) }
}
const WAPE = ({ labels, scores }: Scored): Metric<Scored> => {
  const errors = stats.lossesOf(stats.absoluteLoss, labels, scores)
  return (_, weights) => {
    const [error, amount] = [stats.weightedMean(errors, weights), stats.weightedMean(labels, weights)]
    return error === undefined || amount === undefined ? undefined : error / amount
  }
}

/** Four features' attributions, heavy-tailed, and the same made again with noise. */
interface Explained {
  readonly one: readonly Float64Array[]
  readonly other: readonly Float64Array[]
  readonly rows: number
}
const explained = (random: stats.Random, n: number): Explained => {
  const one = [2, 1, 0.5, 0.5].map((scale) =>
    Float64Array.from({ length: n }, () => scale * random.normal() * Math.exp(random.normal() / 2)),
  )
  return { one, other: one.map((each) => each.map((value) => value + 0.5 * random.normal())), rows: n }
}
const meanOf =
  (each: (sample: Explained) => Float64Array) =>
  (sample: Explained): Metric<Explained> => {
    const values = each(sample)
    return (_, weights) => stats.weightedMean(values, weights)
  }

/** Texts that share most of their words with the reference; one in five is the same. */
const texts = (random: stats.Random, n: number): Scored => ({
  labels: new Float64Array(n),
  scores: Float64Array.from({ length: n }, () => {
    const reference = Array.from({ length: 4 + random.int(10) }, () => `w${random.int(40)}`)
    if (random.float() < 0.2) return 1
    const answer = reference.map((word) => (random.float() < 0.6 ? word : `w${random.int(40)}`))
    return stats.tokenF1(reference.join(' '), answer.join(' '))
  }),
})

/** Whether labels lie within bounds that hold nine in ten. */
const covered: Cell = {
  name: 'coverage of a forecast interval, 90 %',
  method: 'Wilson',
  exact: false,
  sizes: SIZES,
  truth: 0.9,
  value: () => 0.9,
  estimate: (random, n) => {
    let k = 0
    for (let row = 0; row < n; row++) if (Math.abs(random.normal()) < 1.6448536269514722) k++
    return stats.wilsonEstimate(k, n)
  },
}

/** Labels drawn by a law of the score that is not the score; the reference has ten times a third of the rows. */
const judged =
  (shift: number) =>
  (random: stats.Random, n: number): stats.ScoredRows => {
    const x = Float64Array.from({ length: n }, () => shift + random.normal())
    const logistic = (z: number): number => 1 / (1 + Math.exp(-z))
    const scores = x.map((z) => logistic(0.7 * z))
    return {
      scores,
      decisions: scores.map((score) => (score >= 0.5 ? 1 : 0)),
      labels: x.map((z) => (random.float() < logistic(1.4 * z) ? 1 : 0)),
    }
  }
const withoutLabels = (['accuracy', 'f1', 'roc_auc'] as const).map(
  (metric): Cell => ({
    name: `${metric} without labels, rows shifted by 0.3, a reference of 2000`,
    method: 'BCa bootstrap of both samples',
    exact: false,
    sizes: SIZES,
    value: (random, n) => {
      const { scores, decisions, labels } = judged(0.3)(random, n)
      if (metric === 'roc_auc') return stats.rocAuc(stats.rankByScore(labels, scores) as stats.Ranking)
      return { accuracy: stats.accuracy, f1: stats.f1 }[metric](stats.confusion(labels, decisions))
    },
    estimate: (random, n) => {
      const rows = judged(0.3)(random, n)
      return stats.labelFreeEstimate({
        metric,
        reference: judged(0)(random, 2000),
        rows: { ...rows, labels: rows.labels.map(() => Number.NaN) },
        outside: { rows: 0, expected: 0 },
        columns: () => [],
        random,
        replicates: 399,
      }).estimate
    },
  }),
)

/** Samples of more than 10 000 kinds of rows, where the jackknife takes the place of resamples. */
const large = (cell: Cell): Cell => ({
  ...cell,
  name: `${cell.name}, many rows`,
  method: 'delete-a-group jackknife',
  sizes: [12_000],
})

/** Scores whose logit is `slope` times what it should be, and `bias` off. */
const miscalibrated =
  (share: number, distance: number, slope: number, bias: number) =>
  (random: stats.Random, n: number): Scored => {
    const { labels, scores } = scored(share, distance)(random, n)
    return { labels, scores: scores.map((p) => 1 / (1 + Math.exp(-slope * Math.log(p / (1 - p)) - bias))) }
  }
/** Exponential scores, those of positives so many times as great: some positives score as low as negatives. */
const exponential =
  (share: number, times: number) =>
  (random: stats.Random, n: number): Scored => {
    const labels = Float64Array.from({ length: n }, () => (random.float() < share ? 1 : 0))
    return { labels, scores: labels.map((label) => -Math.log(1 - random.float()) * (label === 1 ? times : 1)) }
  }
/** A line with noise of another law. */
const noisy =
  (noise: (random: stats.Random) => number) =>
  (random: stats.Random, n: number): Scored => {
    const scores = Float64Array.from({ length: n }, () => 5 + 2 * random.normal())
    return { scores, labels: scores.map((x) => x + noise(random)) }
  }
const normalNoise = noisy((random) => random.normal())
/** One error in twenty is four times as large. */
const mixedNoise = noisy((random) => (random.float() < 0.05 ? 4 : 1) * random.normal())
/** What intervals missed, or might miss, elsewhere than where they were improved. */
const harder: readonly Cell[] = [
  area('ROC AUC, 5 % positive, distance 1.8', scored(0.05, 1.8)),
  area('ROC AUC, 90 % positive, distance 2.5', scored(0.9, 2.5)),
  area('ROC AUC, 10 % positive, exponential scores 12 times as great', exponential(0.1, 12)),
  area('ROC AUC, 50 % positive, distance 2.8', scored(0.5, 2.8)),
  calibration('calibration error, 10 % positive, 0.5 off on the logit', scored(0.1, 1.6, 0.5)),
  calibration('calibration error, half the logit', miscalibrated(0.3, 1.2, 0.5, 0)),
  calibration('calibration error, twice the logit, 0.4 off', miscalibrated(0.4, 1.5, 2, 0.4)),
  ...(
    [
      ['normal noise', normalNoise],
      ['one error in twenty four times as large', mixedNoise],
    ] as const
  ).flatMap(([noise, draw]) => [
    meanLoss(`RMSE, ${noise}`, draw, losses(stats.squaredLoss), { power: 0.5 }),
    meanLoss(`MAE, ${noise}`, draw, losses(stats.absoluteLoss)),
    determination(`R², ${noise}`, draw),
  ]),
]

/** Cells of metrics that came later. As the others: written down before any was simulated. */
export const NEWER: readonly Cell[] = [
  ...harder,
  meanLoss('RMSLE, error that grows with the amount', amounts, losses(stats.squaredLogLoss), { power: 0.5 }),
  meanLoss('sMAPE, error that grows with the amount', amounts, losses(stats.symmetricRelativeLoss)),
  meanLoss('MAPE, error that grows with the amount', amounts, losses(stats.relativeLoss)),
  resampled('WAPE, error that grows with the amount', amounts, WAPE, {
    studentized: ({ labels, scores }) =>
      stats.studentizedRatio(stats.lossesOf(stats.absoluteLoss, labels, scores), labels),
  }),
  resampled('bias, skewed noise', regressed, meanOfLosses(losses(stats.signedError))),
  resampled('balanced accuracy, 10 % positive', scored(0.1, 1.6), decided(stats.balancedAccuracy, 0.3), {
    range: unit,
  }),
  covered,
  resampled(
    'token F1 of texts',
    texts,
    meanOfLosses((_, values) => values),
    { range: unit },
  ),
  resampled(
    'attribution stability of four features',
    explained,
    meanOf(({ one, other, rows }) => stats.attributionCosines(one, other, rows)),
    { range: { low: -1, high: 1 } },
  ),
  resampled(
    'attribution overlap of the first two of four features',
    explained,
    meanOf(({ one, other, rows }) => stats.attributionOverlaps(2, one, other, rows)),
    { range: unit },
  ),
  resampled(
    'attribution share of the first two of four features',
    explained,
    ({ one, rows }) => {
      const share = stats.attributionShare(2, one, rows)
      return (_, weights) => share(weights)
    },
    { range: unit },
  ),
  ...withoutLabels,
  ...[
    meanLoss('MAE, skewed noise', regressed, losses(stats.absoluteLoss)),
    meanLoss('RMSE, skewed noise', regressed, losses(stats.squaredLoss), { power: 0.5 }),
    meanLoss('Brier, 30 % positive', scored(0.3, 1.2), stats.brierLosses, { range: unit }),
    meanLoss('log loss, 10 % positive', scored(0.1, 1.6), stats.logLosses),
    resampled('average precision, 10 % positive', scored(0.1, 1.2), ranked(stats.averagePrecision), { range: unit }),
    resampled('F1, 30 % positive', scored(0.3, 1.2), decided(stats.f1, 0.4), { range: unit }),
  ].map(large),
]
