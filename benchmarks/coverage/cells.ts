import { stats } from '@plumbline/core'

/** One kind of interval of one number, at several sizes of the sample. */
export interface Cell {
  readonly name: string
  readonly method: string
  /** Exact methods may not fall below their level; others may by as much as the aim says. */
  readonly exact: boolean
  readonly sizes: readonly number[]
  /** The number on a sample, for the truth: from very many rows, unless it is known. */
  readonly value: (random: stats.Random, n: number) => number | undefined
  readonly truth?: number
  readonly estimate: (random: stats.Random, n: number) => stats.Estimation
}

/** Rows of a sample. */
export const SIZES = [200, 1000]
/** Resamples of an interval. */
export const REPLICATES = 599

/** A number of a sample whose rows count so often. */
export type Metric<S> = (sample: S, weights?: Uint32Array) => number | undefined

/** What a cell's interval is made of beside its metric. */
export interface Resampled<S> {
  readonly range?: stats.Interval
  /** The standard error that the metric has in the product: the interval is then bootstrap-t. */
  readonly studentized?: (sample: S) => stats.Studentized
}

/** A cell whose interval resamples the rows of a sample. */
export function resampled<S>(
  name: string,
  draw: (random: stats.Random, n: number) => S,
  prepare: (sample: S) => Metric<S>,
  { range, studentized }: Resampled<S> = {},
): Cell {
  return {
    name,
    method: studentized === undefined ? 'BCa bootstrap' : 'bootstrap-t',
    exact: false,
    sizes: SIZES,
    value: (random, n) => {
      const sample = draw(random, n)
      return prepare(sample)(sample)
    },
    estimate: (random, n) => {
      const sample = draw(random, n)
      const metric = prepare(sample)
      return stats.bootstrap(
        { populations: [stats.rowPopulation(n)], random, replicates: REPLICATES },
        {
          evaluate: (counts) => metric(sample, counts),
          ...(range === undefined ? {} : { range }),
          ...(studentized === undefined ? {} : { studentized: studentized(sample) }),
        },
      )
    },
  }
}

/** A cell of a mean of losses, or of its root. */
export function meanLoss(
  name: string,
  draw: (random: stats.Random, n: number) => Scored,
  losses: (labels: Float64Array, scores: Float64Array) => Float64Array,
  { range, power = 1 }: { readonly range?: stats.Interval; readonly power?: number } = {},
): Cell {
  return resampled(
    name,
    draw,
    meanOfLosses(losses, (mean) => mean ** power),
    {
      ...(range === undefined ? {} : { range }),
      studentized: ({ labels, scores }) => stats.studentizedMean(losses(labels, scores), power),
    },
  )
}

/** A cell of the calibration error. */
export function calibration(name: string, draw: (random: stats.Random, n: number) => Scored): Cell {
  const ranking = (random: stats.Random, n: number): stats.Ranking => {
    const { labels, scores } = draw(random, n)
    return stats.rankByScore(labels, scores) as stats.Ranking
  }
  return {
    name,
    method: 'folded normal',
    exact: false,
    sizes: SIZES,
    value: (random, n) => stats.calibrationError(ranking(random, n)),
    estimate: (random, n) => stats.calibrationErrorEstimate(ranking(random, n)),
  }
}

/** A cell of the area under the ROC curve. */
export function area(name: string, draw: (random: stats.Random, n: number) => Scored): Cell {
  return {
    name,
    method: 'DeLong moderated, logit, t',
    exact: false,
    sizes: SIZES,
    value: (random, n) => {
      const { labels, scores } = draw(random, n)
      return stats.rocAuc(stats.rankByScore(labels, scores) as stats.Ranking)
    },
    estimate: (random, n) => {
      const { labels, scores } = draw(random, n)
      return stats.aucEstimate(labels, scores)
    },
  }
}

/** A cell of R². */
export function determination(name: string, draw: (random: stats.Random, n: number) => Scored): Cell {
  const of = ({ labels, scores }: Scored): Metric<Scored> => {
    const squares = stats.lossesOf(stats.squaredLoss, labels, scores)
    return (_, weights) => stats.r2(labels, squares, weights)
  }
  return resampled(name, draw, of, {
    studentized: ({ labels, scores }) =>
      stats.studentizedDetermination(labels, stats.lossesOf(stats.signedError, labels, scores), false),
  })
}

/** Labels, and scores or predictions. */
export interface Scored {
  readonly labels: Float64Array
  readonly scores: Float64Array
}

/** Binormal scores turned into calibrated probabilities, shifted by `bias` on the logit. */
export const scored =
  (share: number, distance: number, bias = 0) =>
  (random: stats.Random, n: number): Scored => {
    const labels = Float64Array.from({ length: n }, () => (random.float() < share ? 1 : 0))
    const scores = labels.map((label) => {
      const x = random.normal() + distance * label
      return 1 / (1 + Math.exp(-(distance * x - distance ** 2 / 2 + Math.log(share / (1 - share)) + bias)))
    })
    return { labels, scores }
  }

/** A metric of rows in the order of their scores. */
export const ranked =
  (metric: (ranking: stats.Ranking, weights?: Uint32Array) => number | undefined) =>
  ({ labels, scores }: Scored): Metric<Scored> => {
    const ranking = stats.rankByScore(labels, scores) as stats.Ranking
    return (_, weights) => metric(ranking, weights)
  }

/** A mean of a loss of each row. */
export const meanOfLosses =
  (losses: (labels: Float64Array, scores: Float64Array) => Float64Array, finish = (mean: number) => mean) =>
  ({ labels, scores }: Scored): Metric<Scored> => {
    const each = losses(labels, scores)
    return (_, weights) => {
      const mean = stats.weightedMean(each, weights)
      return mean === undefined ? undefined : finish(mean)
    }
  }

/** A metric of decisions at a threshold. */
export const decided =
  (metric: (matrix: stats.Confusion) => number | undefined, threshold: number) =>
  ({ labels, scores }: Scored): Metric<Scored> => {
    const decisions = scores.map((score) => (score >= threshold ? 1 : 0))
    return (_, weights) => metric(stats.confusion(labels, decisions, weights))
  }

/** A label with skewed noise around a line, the prediction in place of the score. */
export const regressed = (random: stats.Random, n: number): Scored => {
  const scores = Float64Array.from({ length: n }, () => 5 + 2 * random.normal())
  return { scores, labels: scores.map((x) => x + Math.exp(random.normal() / 2) - 1.2) }
}
/** A loss of each row of a regression. */
export const losses = (loss: stats.RowLoss) => (labels: Float64Array, scores: Float64Array) =>
  stats.lossesOf(loss, labels, scores)
