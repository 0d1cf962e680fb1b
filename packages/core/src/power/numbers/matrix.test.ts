import { expect, it } from 'vitest'
import {
  bootstrap,
  cellPopulation,
  confusionOf,
  createRandom,
  drawBinomial,
  type Confusion,
} from '../../stats/index.ts'
import { decisionDecides, detectableDecision } from './decisions.ts'
import { MATRIX_METRICS, type MatrixMetric, scaledMatrix } from './matrix.ts'

function matrixAtLeast(metric: MatrixMetric, positives: number, negatives: number, bound: number, level: number) {
  const decisions = scaledMatrix(metric, positives, negatives)
  if (decisions === undefined) throw new Error('too few rows')
  const detectable = detectableDecision(decisions.of(decisions.rows), bound, level)
  return { ...decisionDecides(decisions, bound, level), ...(detectable === undefined ? {} : { detectable }) }
}

const random = createRandom('plumbline', 'matrix test')

/** The interval that decides, of a decision with so many rows of each kind. */
function decided(metric: MatrixMetric, cells: readonly number[]) {
  const { of, range } = MATRIX_METRICS[metric]
  const evaluate = (counts?: Uint32Array): number | undefined => of(confusionOf(counts ?? []) satisfies Confusion, 1)
  const found = bootstrap({ populations: [cellPopulation(cells)], random, replicates: 499 }, { evaluate, range })
  return found.kind === 'estimate' ? found.interval(0.95) : undefined
}

it.each([
  ['f1', 4, 6, 0.9],
  ['f1', 12, 12, 0.9],
  ['f1', 12, 12, 0.6],
  ['balanced_accuracy', 8, 10, 0.8],
  ['balanced_accuracy', 8, 10, 0.5],
  ['mcc', 10, 10, 0.7],
] as const)('%s of %i and %i rows is shown to be %d exactly where some decision shows it', (metric, p, n, bound) => {
  const { canHold, canFail } = matrixAtLeast(metric, p, n, bound, 0.95)
  let [shown, refuted] = [false, false]
  for (let fn = 0; fn <= p; fn++)
    for (let fp = 0; fp <= n; fp++) {
      const interval = decided(metric, [p - fn, fp, fn, n - fp])
      shown ||= interval !== undefined && interval.low >= bound
      refuted ||= interval !== undefined && interval.high < bound
    }
  expect([canHold, canFail]).toEqual([shown, refuted])
})

it.each([
  ['f1', 120, 280, 0.7],
  ['balanced_accuracy', 100, 300, 0.7],
  ['mcc', 150, 150, 0.5],
] as const)('%s of %i and %i rows is shown four times in five where it is detectable', (metric, p, n, bound) => {
  const { detectable = Number.NaN } = matrixAtLeast(metric, p, n, bound, 0.95)
  // The share of errors at which the metric has that value.
  const { of } = MATRIX_METRICS[metric]
  let [few, many] = [0, 0.5]
  for (let i = 0; i < 40; i++) {
    const wrong = (few + many) / 2
    const value = of({
      truePositives: p * (1 - wrong),
      falsePositives: n * wrong,
      falseNegatives: p * wrong,
      trueNegatives: n * (1 - wrong),
    })
    if ((value ?? 0) > detectable) few = wrong
    else many = wrong
  }
  const trials = 200
  let shown = 0
  for (let i = 0; i < trials; i++) {
    const [fn, fp] = [drawBinomial(p, few, random), drawBinomial(n, few, random)]
    if ((decided(metric, [p - fn, fp, fn, n - fp])?.low ?? 0) >= bound) shown++
  }
  expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.1)
})

it('is shown at the strict level of many slices, too: there are resamples enough for its end', () => {
  const { detectable } = matrixAtLeast('f1', 400, 600, 0.8, 1 - 0.05 / 20)
  expect(detectable).toBeGreaterThan(matrixAtLeast('f1', 400, 600, 0.8, 0.95).detectable ?? 1)
  expect(detectable).toBeLessThan(0.95)
})
