import { FEWEST_ROWS } from '../bootstrap.ts'
import { type Estimation, estimateByInversion, undefinedEstimate } from '../estimate.ts'
import { normalCdf, normalDensity, normalQuantile } from '../special/normal.ts'
import { studentQuantile } from '../special/student-t.ts'
import { CALIBRATION_BINS, type CalibrationBin, calibrationBins } from './calibration.ts'
import type { Ranking } from './ranking.ts'

/** Of fewer rows a bin has less than five, and its share is not near a normal law. */
export const FEWEST_CALIBRATED = 5 * CALIBRATION_BINS
/** Rows that each bin is given at what was predicted of it: a bin without positives is not without variance (Agresti and Coull 1998). */
const PSEUDO_ROWS = 2

/** Mean and variance of |x|, x normal. Source: F. C. Leone, L. S. Nelson, R. B. Nottingham, Technometrics 3 (1961). */
function folded(mean: number, sd: number): { readonly mean: number; readonly variance: number } {
  if (sd <= 0) return { mean: Math.abs(mean), variance: 0 }
  const u = mean / sd
  const absolute = sd * (2 * normalDensity(u) + u * (2 * normalCdf(u) - 1))
  return { mean: absolute, variance: Math.max(0, mean * mean + sd * sd - absolute * absolute) }
}

/** How rows were drawn, where not one by one and alike; by row number. */
export interface DrawnRows {
  /** How much each row counts: numbers of 0 or more. */
  readonly weights?: Float64Array | undefined
  /** The number of the cluster that each row was drawn with. */
  readonly clusters?: Uint32Array | undefined
}

/** A bin by the rows drawn one by one that its share is as certain as. */
type Bin = Pick<CalibrationBin, 'count' | 'predicted'>

/** Sampling variance of a bin's share where the truth is `apart` from what was predicted. */
function varianceOf({ count, predicted }: Bin, apart: number): number {
  const rate = predicted + (apart * count) / (count + PSEUDO_ROWS)
  const share = Math.min(1, Math.max(0, rate))
  return (share * (1 - share)) / count
}

/** How true differences may lie over the bins, up to their scale. */
type Shape = readonly number[]

/** Differences as found, shrunk to their mean as far as chance explains that they differ (method of moments; C. Morris, JASA 78, 1983). */
function shrunk(bins: readonly Bin[], weights: readonly number[], found: Shape): Shape {
  const sum = (of: (bin: number) => number): number => found.reduce((total, _, bin) => total + of(bin), 0)
  const mean = sum((bin) => (weights[bin] as number) * (found[bin] as number))
  const noise = bins.map((bin, i) => Math.max(1e-12, varianceOf(bin, found[i] as number)))
  const apart = sum((bin) => (weights[bin] as number) * ((found[bin] as number) - mean) ** 2)
  const byChance = (1 - 1 / bins.length) * sum((bin) => (weights[bin] as number) * (noise[bin] as number))
  const real = Math.max(0, apart - byChance)
  return found.map((each, i) => mean + ((each - mean) * real) / (real + (noise[i] as number)))
}

/**
 * The expected calibration error with an interval for that of the population. What is found lies above it by chance, the more the fewer
 * rows and the better the calibration: of calibrated scores it is about 0.07 on 200 rows. So a value is held for possible where the error
 * found lies within what it leads to: each bin's difference is normal, its absolute value folded normal, with the variance that the
 * value asks for (a score test). How the differences lie over the bins is not known either: as found, or shrunk to their mean as far as
 * chance explains them; a value that one of the two allows is possible. It holds the error found, so that none above a bound is within it.
 * Rows with weights, or drawn cluster by cluster, are as certain as fewer rows drawn one by one ({@link certaintyOf}).
 * Coverage is in `benchmarks/coverage`. `undefined` below five rows a bin.
 */
export function calibrationErrorEstimate(ranking: Ranking, drawn: DrawnRows = {}): Estimation {
  const bins = calibrationBins(ranking, drawn.weights)
  if (bins === undefined) return undefinedEstimate(ranking.order.length === 0 ? 'empty' : 'undefined-metric')
  const rows = bins.reduce((sum, bin) => sum + bin.count, 0)
  const weights = bins.map((bin) => bin.count / rows)
  const found = bins.map((bin) => bin.observed - bin.predicted)
  const value = absoluteMean(weights, found)
  const certainty = certaintyOf(ranking, bins, drawn)
  const certain = certainty.bins.reduce((sum, bin) => sum + bin.count, 0)
  if (certain < FEWEST_CALIBRATED || certainty.drawn < FEWEST_ROWS) return undefinedEstimate('too-few-rows', value)
  const shapes = [found, shrunk(certainty.bins, weights, found)].map((shape) => scaled(weights, shape))
  return estimateByInversion(value, 'folded-normal', (alpha) => {
    // Variances of few clusters are known as badly as they are few.
    const z =
      drawn.clusters === undefined ? -normalQuantile(alpha / 2) : -studentQuantile(alpha / 2, certainty.drawn - 1)
    const ends = shapes.map((shape) => {
      const end = (side: 1 | -1): number => solve((at) => deviation(certainty, weights, shape, at, value) + side * z)
      return { low: end(1), high: end(-1) }
    })
    return { low: Math.min(...ends.map(({ low }) => low)), high: Math.max(value, ...ends.map(({ high }) => high)) }
  })
}

/** Bins as certain as they are, and how many times the variance of their sum is that of bins that know nothing of one another. */
interface Certainty {
  readonly bins: readonly Bin[]
  readonly together: number
  /** Rows, or clusters, that were drawn. */
  readonly drawn: number
}

/**
 * Of rows with weights a bin counts (Σ w)² / Σ w² rows (L. Kish, Survey Sampling, 1965, section 11.7). Of clusters it counts as many times fewer
 * as the variance of all bins' differences by sums over clusters is that by rows (the design effect, section 8.2; never below 1, taken of all bins together
 * since one has few clusters); and as clusters reach over bins, the differences go together, as their sum, each with its sign, varies.
 */
function certaintyOf(
  { order, scores, positive }: Ranking,
  bins: readonly CalibrationBin[],
  { weights, clusters }: DrawnRows,
): Certainty {
  if (weights === undefined && clusters === undefined) return { bins, together: 1, drawn: order.length }
  const counts: number[] = []
  let [byRows, byClusters] = [0, 0]
  const signed = new Map<number, number>()
  let start = 0
  for (const { predicted, observed, end } of bins) {
    const apart = observed - predicted
    const sums = new Map<number, number>()
    let [all, squares] = [0, 0]
    for (let i = start; i < end; i++) {
      const row = order[i] as number
      const weight = weights?.[row] ?? 1
      const rest = weight * ((positive[i] as number) - (scores[i] as number) - apart)
      all += weight
      squares += weight * weight
      byRows += rest * rest
      const cluster = clusters?.[row] ?? row
      sums.set(cluster, (sums.get(cluster) ?? 0) + rest)
    }
    start = end
    counts.push((all * all) / squares)
    for (const [cluster, sum] of sums) {
      byClusters += sum * sum
      signed.set(cluster, (signed.get(cluster) ?? 0) + (apart < 0 ? -sum : sum))
    }
  }
  if (clusters === undefined)
    return { bins: bins.map((bin, i) => ({ ...bin, count: counts[i] as number })), together: 1, drawn: order.length }
  const ofAll = [...signed.values()].reduce((total, sum) => total + sum * sum, 0)
  const effect = Math.max(1, byClusters / Math.max(byRows, 1e-300))
  return {
    bins: bins.map((bin, i) => ({ ...bin, count: (counts[i] as number) / effect })),
    together: Math.max(1, ofAll / Math.max(byClusters, 1e-300)),
    drawn: signed.size,
  }
}

function absoluteMean(weights: readonly number[], shape: Shape): number {
  return weights.reduce((sum, weight, bin) => sum + weight * Math.abs(shape[bin] as number), 0)
}

/** The shape with an error of 1; without any difference each bin's is alike. */
function scaled(weights: readonly number[], shape: Shape): Shape {
  const size = absoluteMean(weights, shape)
  return size > 1e-9 ? shape.map((each) => each / size) : shape.map(() => 1)
}

/** How many standard errors the error found lies below the one expected, where the true error is `at`. */
function deviation(
  { bins, together }: Certainty,
  weights: readonly number[],
  shape: Shape,
  at: number,
  value: number,
): number {
  let [mean, variance] = [0, 0]
  for (const [i, bin] of bins.entries()) {
    const apart = at * (shape[i] as number)
    const weight = weights[i] as number
    const absolute = folded(apart, Math.sqrt(varianceOf(bin, apart)))
    mean += weight * absolute.mean
    variance += weight * weight * absolute.variance
  }
  return (mean - value) / Math.sqrt(Math.max(variance * together, 1e-300))
}

/** The least place in [0, 1] where a function that rises is not below 0; 1 where it is everywhere. */
function solve(of: (at: number) => number): number {
  if (of(0) >= 0) return 0
  let [low, high] = [0, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (of(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
