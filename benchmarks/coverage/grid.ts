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
  REPLICATES,
  resampled,
  type Scored,
  scored,
  SIZES,
} from './cells.ts'
import { NEWER } from './newer-cells.ts'
import { NEWEST } from './newest-cells.ts'

/** Four classes, the last rare, answered right three times in four. */
const answered = (random: stats.Random, n: number): Scored => {
  const drawn = () => {
    const u = random.float()
    return [0.4, 0.7, 0.93, 1].findIndex((below) => u < below)
  }
  const labels = Float64Array.from({ length: n }, drawn)
  return { labels, scores: labels.map((label) => (random.float() < 0.75 ? label : drawn())) }
}
const ofClasses =
  (metric: (matrix: stats.ClassMatrix) => number | undefined) =>
  ({ labels, scores }: Scored): Metric<Scored> =>
  (_, weights) => {
    const matrix = stats.classMatrix(4)
    for (let row = 0; row < labels.length; row++)
      stats.countClass(matrix, labels[row] as number, scores[row] as number, weights?.[row] ?? 1)
    return metric(matrix)
  }

const proportions = [0.05, 0.3, 0.95].map(
  (p): Cell => ({
    name: `share, p = ${p}`,
    method: 'Wilson',
    exact: false,
    sizes: SIZES,
    truth: p,
    value: () => p,
    estimate: (random, n) => stats.wilsonEstimate(stats.drawBinomial(n, p, random), n),
  }),
)
const exact = [0.02, 0.3].map(
  (p): Cell => ({
    name: `share, p = ${p}`,
    method: 'Clopper-Pearson',
    exact: true,
    sizes: [50, ...SIZES],
    truth: p,
    value: () => p,
    estimate: (random, n) => stats.clopperPearsonEstimate(stats.drawBinomial(n, p, random), n),
  }),
)
const quantiles = [0.5, 0.9].map(
  (q): Cell => ({
    name: `quantile ${q}, lognormal`,
    method: 'order statistics',
    exact: true,
    sizes: [50, ...SIZES],
    value: (random, n) =>
      stats.quantileType7(Float64Array.from({ length: n }, () => Math.exp(random.normal())).sort(), q),
    estimate: (random, n) =>
      stats.quantileEstimate(Float64Array.from({ length: n }, () => Math.exp(random.normal())).sort(), q),
  }),
)
const areas = [
  [0.1, 0.6],
  [0.1, 2.5],
  [0.5, 1.2],
].map(
  ([share, distance]): Cell =>
    area(
      `ROC AUC, ${100 * (share as number)} % positive, distance ${distance}`,
      scored(share as number, distance as number),
    ),
)
const meanArea = (random: stats.Random, n: number) => {
  const { labels } = answered(random, n)
  const probabilities = [0, 1, 2, 3].map((of) => labels.map((label) => random.normal() + (label === of ? 1 : 0)))
  return { labels, probabilities }
}
const ovr: Cell = {
  name: 'mean ROC AUC of four classes',
  method: 'DeLong by row, logit',
  exact: false,
  sizes: SIZES,
  value: (random, n) => {
    const { labels, probabilities } = meanArea(random, n)
    return stats.oneVersusRest('macro', labels, probabilities)()
  },
  estimate: (random, n) => {
    const { labels, probabilities } = meanArea(random, n)
    return stats.oneVersusRestEstimate('macro', labels, probabilities)
  },
}
/** n groups of three to eight rows. */
const groupValues = (random: stats.Random, n: number): Scored => ({
  labels: new Float64Array(n),
  scores: Float64Array.from({ length: n }, () => {
    const relevance = Array.from({ length: 3 + random.int(6) }, (_, i) => (i === 0 ? 2 : random.int(3)))
    return stats.ndcg(5)(
      relevance,
      relevance.map((of) => of + 1.5 * random.normal()),
    ) as number
  }),
})

const drifted = (random: stats.Random, n: number) => {
  const side = (shift: number) => Float64Array.from({ length: n }, () => random.normal() + shift)
  return stats.mergeSamples(side(0), side(0.3))
}
const samplesOf = (merged: stats.MergedSamples) => stats.twoSamples(merged) as stats.TwoSamples
const norms = (['energy', 'mmd'] as const).map(
  (name): Cell => ({
    name: `${name}, shift 0.3`,
    method: 'bootstrap band',
    exact: false,
    sizes: SIZES,
    value: (random, n) => stats.normDistance(name, samplesOf(drifted(random, n))),
    estimate: (random, n) => stats.normEstimate(name, samplesOf(drifted(random, n)), { random, replicates: 299 }),
  }),
)
const wasserstein: Cell = {
  name: 'wasserstein, shift 0.3',
  method: 'bootstrap band',
  exact: false,
  sizes: SIZES,
  truth: 0.3,
  value: () => 0.3,
  estimate: (random, n) => stats.wassersteinEstimate(drifted(random, n), { random, replicates: 299 }),
}
const SHARES = [
  [0.4, 0.3, 0.2, 0.1],
  [0.3, 0.3, 0.2, 0.2],
] as const
const histograms = (['psi', 'js', 'hellinger', 'cramers_v', 'total_variation'] as const).map((name): Cell => {
  const draw = (random: stats.Random, n: number) =>
    SHARES.map((shares) => {
      const counts = new Uint32Array(4)
      for (let i = 0; i < n; i++) {
        let u = random.float()
        let bin = 0
        while (bin < 3 && u >= (shares[bin] as number)) u -= shares[bin++] as number
        ;(counts[bin] as number)++
      }
      return counts
    }) as [Uint32Array, Uint32Array]
  return {
    name: `${name}, a tenth of the rows moved`,
    method: name === 'total_variation' ? 'bootstrap band' : 'BCa bootstrap',
    exact: false,
    sizes: SIZES,
    value: (random, n) => stats.histogramDistances[name].evaluate(...draw(random, n)),
    estimate: (random, n) => stats.divergenceEstimate(name, ...draw(random, n), { random, replicates: REPLICATES }),
  }
})

/** Weights of a lognormal spread, and shares that hang on them: 0.3 in all, more where the weight is great. */
const weighedShare: Cell = {
  name: 'share of lognormal weights, about 0.3',
  method: 'Wilson, effective rows',
  exact: false,
  sizes: SIZES,
  value: (random, n) => {
    const { sums } = weighedSums(random, n)
    return sums.k / sums.n
  },
  estimate: (random, n) => {
    const { sums, squares } = weighedSums(random, n)
    return stats.weightedProportionEstimate(sums, squares)
  },
}

function weighedSums(random: stats.Random, n: number) {
  const [sums, squares] = [
    { k: 0, n: 0 },
    { k: 0, n: 0 },
  ]
  for (let row = 0; row < n; row++) {
    const weight = Math.exp(random.normal() / 2)
    const holds = random.float() < Math.min(0.9, 0.25 * weight)
    sums.n += weight
    squares.n += weight * weight
    if (!holds) continue
    sums.k += weight
    squares.k += weight * weight
  }
  return { sums, squares }
}

/** A metric of weighted rows: each resample brings the weights of its rows along. */
const weighed =
  (metric: (ranking: stats.Ranking, weights?: stats.Weights) => number | undefined) =>
  ({ labels, scores }: Scored): Metric<Scored> => {
    const ranking = stats.rankByScore(labels, scores) as stats.Ranking
    const weights = scores.map((score) => 0.2 + score * score)
    return (_, counts) =>
      metric(
        ranking,
        weights.map((weight, row) => weight * (counts?.[row] ?? 1)),
      )
  }

/** Three labels a row, each answered right nine times in ten; the rarest applies to one row in ten. */
const labelled = (random: stats.Random, n: number): stats.LabelSets => {
  const labels = [0.5, 0.25, 0.1].map((p) => Float64Array.from({ length: n }, () => (random.float() < p ? 1 : 0)))
  const answers = labels.map((label) => label.map((value) => (random.float() < 0.1 ? 1 - value : value)))
  return { labels, answers, rows: n }
}
const masks: Cell = {
  name: 'Jaccard index, 30 % positive',
  method: 'Wilson',
  exact: false,
  sizes: SIZES,
  value: (random, n) => {
    const { k, n: of } = jaccardOf(scored(0.3, 1.2)(random, n))
    return k / of
  },
  estimate: (random, n) => {
    const { k, n: of } = jaccardOf(scored(0.3, 1.2)(random, n))
    return stats.wilsonEstimate(k, of)
  },
}
function jaccardOf({ labels, scores }: Scored): stats.Proportion {
  return stats.proportionOf(
    'jaccard',
    stats.confusion(
      labels,
      scores.map((score) => (score >= 0.4 ? 1 : 0)),
    ),
  )
}

/** Images of one to four true boxes of two classes, most found, some where there is none. */
function pictured(random: stats.Random, images: number): { readonly boxes: stats.Boxes; readonly rows: Uint32Array } {
  const rows: number[][] = []
  for (let image = 0; image < images; image++)
    for (let box = 0; box <= random.int(4); box++) {
      const [x, y, kind] = [100 * box, random.int(50), random.int(2)]
      rows.push([image, 1, kind, x, y, x + 20, y + 20, 0])
      const shift = random.int(12)
      if (random.float() < 0.8) rows.push([image, 0, kind, x + shift, y, x + 20 + shift, y + 20, random.float() + 0.4])
      if (random.float() < 0.3) rows.push([image, 0, kind, x, y + 200, x + 20, y + 220, random.float()])
    }
  const [image, truth, ofClass, x1, y1, x2, y2, score] = Array.from({ length: 8 }, (_, place) =>
    Float64Array.from(rows, (row) => row[place] as number),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array]
  return { boxes: { image, truth, class: ofClass, x1, y1, x2, y2, score }, rows: Uint32Array.from(rows.keys()) }
}
const detection: Cell = {
  name: 'average precision of boxes at IoU 0.5',
  method: 'BCa bootstrap of images',
  exact: false,
  sizes: [200],
  value: (random, n) => {
    const { boxes, rows } = pictured(random, n)
    return stats.meanAveragePrecision(boxes, rows, [0.5])(new Uint32Array(n).fill(1))
  },
  estimate: (random, n) => {
    const { boxes, rows } = pictured(random, n)
    const metric = stats.meanAveragePrecision(boxes, rows, [0.5])
    const population = stats.rowPopulation(n)
    return stats.bootstrap(
      { populations: [population], random, replicates: 399 },
      { evaluate: (counts) => metric(counts ?? population.sizes), range: unit },
    )
  },
}

const unit = { low: 0, high: 1 }

/** Every cell. Written down before any was simulated; cells are added, never taken out. */
export const GRID: readonly Cell[] = [
  ...exact,
  ...quantiles,
  ...proportions,
  ...areas,
  ovr,
  resampled('F1, 30 % positive', scored(0.3, 1.2), decided(stats.f1, 0.4), { range: unit }),
  resampled('MCC, 30 % positive', scored(0.3, 1.2), decided(stats.mcc, 0.4)),
  resampled('kappa, 10 % positive', scored(0.1, 1.6), decided(stats.kappa, 0.3)),
  resampled('average precision, 30 % positive', scored(0.3, 1.2), ranked(stats.averagePrecision), { range: unit }),
  resampled('average precision, 10 % positive', scored(0.1, 1.2), ranked(stats.averagePrecision), { range: unit }),
  meanLoss('Brier, 30 % positive', scored(0.3, 1.2), stats.brierLosses, { range: unit }),
  meanLoss('log loss, 10 % positive', scored(0.1, 1.6), stats.logLosses),
  calibration('calibration error, well calibrated', scored(0.3, 1.2)),
  calibration('calibration error, 0.8 off on the logit', scored(0.3, 1.2, 0.8)),
  resampled(
    'gain of the top tenth',
    scored(0.1, 1.6),
    ranked((r, w) => stats.topShare(0.1, r, w)?.gain),
    { range: unit },
  ),
  resampled(
    'lift of the top tenth',
    scored(0.1, 1.6),
    ranked((r, w) => stats.topShare(0.1, r, w)?.lift),
  ),
  meanLoss('MAE, skewed noise', regressed, losses(stats.absoluteLoss)),
  meanLoss('RMSE, skewed noise', regressed, losses(stats.squaredLoss), { power: 0.5 }),
  meanLoss('pinball 0.9, skewed noise', regressed, losses(stats.pinballLoss(0.9))),
  determination('R², skewed noise', regressed),
  resampled(
    'F1 macro, a class of 7 %',
    answered,
    ofClasses((m) => stats.averagedMetric('f1', 'macro', m)),
    { range: unit },
  ),
  resampled('recall macro, a class of 7 %', answered, ofClasses(stats.classBalancedAccuracy), { range: unit }),
  resampled('kappa of four classes', answered, ofClasses(stats.classKappa)),
  resampled(
    'NDCG@5 over n groups',
    groupValues,
    meanOfLosses((_, values) => values),
    { range: unit },
  ),
  ...histograms,
  wasserstein,
  ...norms,
  weighedShare,
  masks,
  resampled(
    'F1 micro of three labels',
    labelled,
    (sets) => (_, weights) => stats.multilabelF1('micro', sets)(weights),
    { range: unit },
  ),
  resampled(
    'F1 macro of three labels',
    labelled,
    (sets) => (_, weights) => stats.multilabelF1('macro', sets)(weights),
    { range: unit },
  ),
  resampled(
    'F1 by samples of three labels',
    labelled,
    (sets) => {
      const metric = stats.multilabelF1('samples', sets)
      return (_, weights) => metric(weights)
    },
    { range: unit },
  ),
  detection,
  resampled('ROC AUC of weighted rows', scored(0.3, 1.2), weighed(stats.rocAuc), { range: unit }),
  resampled('average precision of weighted rows', scored(0.3, 1.2), weighed(stats.averagePrecision), { range: unit }),
  ...NEWER,
  ...NEWEST,
]
