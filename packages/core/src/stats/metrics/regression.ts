import { quantileType7 } from '../quantile.ts'
import { type Weights, weightedMean, weightOf } from './weights.ts'

/** A loss of each row, from what was observed (the label) and what was predicted. */
export type RowLoss = (observed: number, predicted: number) => number

/** |predicted − observed|, in the label's unit. Its mean is the mean absolute error. */
export const absoluteLoss: RowLoss = (observed, predicted) => Math.abs(predicted - observed)

/** (predicted − observed)², in the label's unit squared. Its mean is the mean squared error. */
export const squaredLoss: RowLoss = (observed, predicted) => (predicted - observed) ** 2

/** |predicted − observed| / |observed|; NaN where 0 was observed, which makes the mean undefined rather than huge. */
export const relativeLoss: RowLoss = (observed, predicted) =>
  observed === 0 ? Number.NaN : Math.abs(predicted - observed) / Math.abs(observed)

/** predicted − observed: its mean is the bias, positive where the model answers too much. */
export const signedError: RowLoss = (observed, predicted) => predicted - observed

/** Quantile (pinball) loss of a predicted q-quantile. Source: R. Koenker, G. Bassett, Econometrica 46 (1978). */
export const pinballLoss =
  (q: number): RowLoss =>
  (observed, predicted) =>
    observed >= predicted ? q * (observed - predicted) : (1 - q) * (predicted - observed)

/** (ln(1 + predicted) − ln(1 + observed))²; NaN where one is −1 or less. */
export const squaredLogLoss: RowLoss = (observed, predicted) =>
  observed > -1 && predicted > -1 ? (Math.log1p(predicted) - Math.log1p(observed)) ** 2 : Number.NaN

/** 2 |predicted − observed| / (|predicted| + |observed|), in [0, 2]; 0 where both are 0. */
export const symmetricRelativeLoss: RowLoss = (observed, predicted) => {
  const scale = Math.abs(observed) + Math.abs(predicted)
  return scale === 0 ? 0 : (2 * Math.abs(predicted - observed)) / scale
}

/** x ln(x / y), 0 where x is. */
const relativeLog = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y))

/**
 * Deviance of a row under a Tweedie distribution of a power, its mean being what was predicted; NaN where the distribution has no such
 * label or mean, and for powers between 0 and 1, of which there is none. Source: B. Jørgensen, The Theory of Dispersion Models (1997), 4.
 */
export function tweedieLoss(power: number): RowLoss {
  if (power === 0) return squaredLoss
  if (power < 1) return () => Number.NaN
  const least = power < 2 ? 0 : Number.MIN_VALUE
  return (observed, predicted) => {
    if (!(predicted > 0 && observed >= least)) return Number.NaN
    if (power === 1) return 2 * (relativeLog(observed, predicted) - observed + predicted)
    if (power === 2) return 2 * (Math.log(predicted / observed) + observed / predicted - 1)
    const [one, two] = [1 - power, 2 - power]
    return 2 * (observed ** two / (one * two) - (observed * predicted ** one) / one + predicted ** two / two)
  }
}

/**
 * 1 − Σ |y − ŷ| / Σ |y − median|, in (−∞, 1]; `undefined` where all observed values are equal. `median`: of the observed values, weighted as
 * they are.
 */
export function d2AbsoluteError(
  observed: Float64Array,
  absoluteLosses: Float64Array,
): (weights?: Weights) => number | undefined {
  const median = weightedMedian(observed)
  return (weights) => {
    const [middle, error] = [median(weights), weightedMean(absoluteLosses, weights)]
    if (middle === undefined || error === undefined) return undefined
    const left = weightedMean(
      observed.map((value) => Math.abs(value - middle)),
      weights,
    )
    return left === undefined || left === 0 ? undefined : 1 - error / left
  }
}

/** The loss of every row. */
export function lossesOf(loss: RowLoss, observed: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  return Float64Array.from(observed, (value, row) => loss(value, predicted[row] as number))
}

/**
 * Coefficient of determination, 1 − Σ (y − ŷ)² / Σ (y − ȳ)², in (−∞, 1]. `undefined` with fewer than two rows or where
 * all observed values are equal (scikit-learn answers 0 or 1 there).
 */
export function r2(
  observed: ArrayLike<number>,
  squaredLosses: ArrayLike<number>,
  weights?: Weights,
): number | undefined {
  const mean = weightedMean(observed, weights)
  if (mean === undefined) return undefined
  let residual = 0
  let total = 0
  for (let row = 0; row < observed.length; row++) {
    const weight = weightOf(weights, row)
    if (weight === 0) continue
    residual += weight * (squaredLosses[row] as number)
    total += weight * ((observed[row] as number) - mean) ** 2
  }
  const value = 1 - residual / total
  return total > 0 && Number.isFinite(value) ? value : undefined
}

/** 1 − variance of the errors / variance of the labels; `undefined` as for {@link r2}. */
export function explainedVariance(
  observed: ArrayLike<number>,
  errors: ArrayLike<number>,
  weights?: Weights,
): number | undefined {
  const bias = weightedMean(errors, weights)
  if (bias === undefined) return undefined
  return r2(
    observed,
    Float64Array.from(errors, (error) => (error - bias) ** 2),
    weights,
  )
}

/** √ of a mean of squares; `undefined` stays so. */
export function root(meanSquare: number | undefined): number | undefined {
  return meanSquare === undefined ? undefined : Math.sqrt(meanSquare)
}

/**
 * The median of values whose rows count several times or not at all: the type-7 median of the values written out. They
 * are ordered once; each call is one walk. With weights of the data it is the mean of the least values up to which at least, and
 * more than, half of the weight lies (as scikit-learn's median_absolute_error with sample_weight). `undefined` without rows or
 * with a NaN among the values.
 */
export function weightedMedian(values: Float64Array): (weights?: Weights) => number | undefined {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number))
  const sorted = Float64Array.from(order, (row) => values[row] as number)
  const isComplete = !values.some(Number.isNaN)
  return (weights) => {
    if (!isComplete) return undefined
    if (weights === undefined) return quantileType7(sorted, 0.5)
    let total = 0
    for (const row of order) total += weights[row] as number
    if (total === 0) return undefined
    if (weights instanceof Float64Array) return middleOfWeighted(order, sorted, weights, total)
    const at = (rank: number): number => {
      let seen = 0
      for (let i = 0; i < order.length; i++) {
        seen += weights[order[i] as number] as number
        if (seen > rank) return sorted[i] as number
      }
      return Number.NaN
    }
    const middle = (total - 1) / 2
    return quantileType7([at(Math.floor(middle)), at(Math.ceil(middle))], 0.5)
  }
}

function middleOfWeighted(order: Uint32Array, sorted: Float64Array, weights: Float64Array, total: number): number {
  let seen = 0
  let low: number | undefined
  for (let i = 0; i < order.length; i++) {
    const weight = weights[order[i] as number] as number
    if (weight === 0) continue
    seen += weight
    const value = sorted[i] as number
    // Half of the weight is met exactly where the sum says so but for its rounding.
    if (Math.abs(seen - total / 2) <= 1e-12 * total) low ??= value
    else if (seen > total / 2) return ((low ?? value) + value) / 2
  }
  return low ?? Number.NaN
}
