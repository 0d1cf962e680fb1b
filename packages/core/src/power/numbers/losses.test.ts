import { expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import * as regression from '../../stats/metrics/regression.ts'
import { studentizedDetermination, studentizedMean } from '../../stats/metrics/studentized-losses.ts'
import { weightedMean } from '../../stats/metrics/weights.ts'
import { createRandom } from '../../stats/prng.ts'
import { quantileEstimate } from '../../stats/quantile.ts'
import { rowPopulation } from '../../stats/resample.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { type LossMetric, lossBeyond } from './losses.ts'

const random = createRandom('plumbline', 'losses test')
const Q = 0.9

/** The interval that decides, of labels and predictions. */
function decided(metric: LossMetric, labels: Float64Array, predicted: Float64Array, level = 0.95, replicates = 399) {
  const losses = (loss: regression.RowLoss): Float64Array => regression.lossesOf(loss, labels, predicted)
  if (metric === 'median_absolute_error') {
    const found = quantileEstimate(losses(regression.absoluteLoss).sort(), 0.5)
    return found.kind === 'estimate' ? found.interval(level) : undefined
  }
  const rows = { mae: regression.absoluteLoss, mape: regression.relativeLoss, pinball: regression.pinballLoss(Q) }
  const each = losses(rows[metric as keyof typeof rows] ?? regression.squaredLoss)
  const evaluate = (counts?: Uint32Array): number | undefined => {
    if (metric === 'r2') return regression.r2(labels, each, counts)
    const mean = weightedMean(each, counts)
    return metric === 'rmse' ? regression.root(mean) : mean
  }
  const range = metric === 'r2' ? { low: -Infinity, high: 1 } : { low: 0, high: Infinity }
  const errors = labels.map((label, row) => (predicted[row] as number) - label)
  const studentized =
    metric === 'r2'
      ? studentizedDetermination(labels, errors, false)
      : studentizedMean(each, metric === 'rmse' ? 0.5 : 1)
  const found = bootstrap(
    { populations: [rowPopulation(labels.length)], random, replicates },
    { evaluate, range, studentized },
  )
  return found.kind === 'estimate' ? found.interval(level) : undefined
}

/** Labels and predictions of so many rows with normal errors, of which the metric is so much. */
function draw(metric: LossMetric, rows: number, value: number) {
  const deviation: number = {
    mae: value * Math.sqrt(Math.PI / 2),
    mape: value * Math.sqrt(Math.PI / 2),
    mse: Math.sqrt(value),
    rmse: value,
    median_absolute_error: value / normalQuantile(0.75),
    pinball: value / (Math.exp(-(normalQuantile(Q) ** 2) / 2) / Math.sqrt(2 * Math.PI)),
    r2: Math.sqrt(1 - value),
    smape: Number.NaN,
    rmsle: Number.NaN,
    explained_variance: Number.NaN,
  }[metric]
  const errors = Float64Array.from({ length: rows }, () => deviation * random.normal())
  if (metric === 'r2') {
    const predicted = Float64Array.from({ length: rows }, () => Math.sqrt(value) * random.normal())
    return { predicted, labels: predicted.map((p, i) => p + (errors[i] as number)) }
  }
  // Relative errors: of labels of any size.
  const scale = Float64Array.from({ length: rows }, () => (metric === 'mape' ? Math.exp(random.normal()) : 1))
  const labels = metric === 'mape' ? scale : new Float64Array(rows).map(() => 5 * random.normal())
  const shift = metric === 'pinball' ? deviation * normalQuantile(Q) : 0
  return { labels, predicted: labels.map((y, i) => y + (errors[i] as number) * (scale[i] as number) + shift) }
}

it.each([
  ['mae', 150, 10],
  ['mse', 200, 4],
  ['rmse', 200, 10],
  ['mape', 150, 0.2],
  ['pinball', 300, 3],
  ['median_absolute_error', 150, 10],
  ['r2', 200, 0.6],
] as const)('%s on %i rows beside %d is shown four times in five where it is detectable', (metric, rows, bound) => {
  const { detectable = Number.NaN, canHold } = lossBeyond(metric, rows, bound, 0.95, { q: Q })
  expect(canHold).toBe(true)
  const trials = 250
  let shown = 0
  for (let trial = 0; trial < trials; trial++) {
    const { labels, predicted } = draw(metric, rows, detectable)
    const found = decided(metric, labels, predicted)
    if (found !== undefined && (metric === 'r2' ? found.low >= bound : found.high <= bound)) shown++
  }
  expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.09)
})

it.each(['mae', 'rmse', 'pinball', 'median_absolute_error', 'r2'] as const)(
  'the fewest rows of %s are those of which some outcome has an interval with two ends',
  (metric) => {
    const { rowsToHold: least = 0 } = lossBeyond(metric, 1, 0.9, 0.95)
    const isShown = (rows: number): boolean => {
      const labels = Float64Array.from({ length: rows }, (_, i) => i * 10)
      const predicted = labels.map((y, i) => y + 0.01 * (i + 1))
      const found = decided(metric, labels, predicted, 0.95, 1999)
      return found !== undefined && (metric === 'r2' ? found.low >= 0.9 : found.high <= 0.9)
    }
    expect(lossBeyond(metric, least - 1, 0.9, 0.95).canHold).toBe(false)
    expect(lossBeyond(metric, least, 0.9, 0.95).canHold).toBe(true)
    expect([isShown(least - 1), isShown(least)]).toEqual([false, true])
  },
)

it('takes the spread of losses at hand in the place of that of normal errors', () => {
  const losses = { rows: 400, mean: 8, deviation: 16 }
  const measured = lossBeyond('mae', 400, 10, 0.95, { losses }).detectable ?? Number.NaN
  expect(measured).toBeGreaterThan(6.5)
  expect(measured).toBeLessThan(7.82)
  expect(lossBeyond('mae', 400, 10, 0.95).detectable).toBeGreaterThan(measured)
})
