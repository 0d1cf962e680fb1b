import { type AggregateName, aggregates, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/weighted.json' with { type: 'json' }
import { askOf, type Place, placeWith, scaledInput } from './testing/ask-clause.ts'
import { measure, metricTerm, type PlainMetric } from './testing/terms.ts'

// The numbers are scikit-learn's with `sample_weight`: real, whole and zero weights, scores with ties.

const NUMBERS: Partial<Record<AggregateName, readonly number[]>> = {
  expected_cost: [1, 5],
  top_k_accuracy: [2],
  pinball: [0.9],
}

function expectMetrics(
  labels: readonly number[],
  columns: readonly (readonly number[])[],
  wanted: Readonly<Record<string, number>>,
  placesOf: (fn: AggregateName) => Partial<PlainMetric> & Pick<PlainMetric, 'values'>,
): void {
  const rows = {
    n: labels.length,
    labels: Float64Array.from(labels),
    columns: columns.map((column) => Float64Array.from(column)),
  }
  const names = Object.keys(wanted) as AggregateName[]
  const metrics = names.map((fn) => ({
    weights: columns.length - 1,
    ...placesOf(fn),
    term: metricTerm(fn, ...(NUMBERS[fn] ?? [])),
  }))
  for (const [i, measured] of measure(rows, metrics).entries()) {
    const name = names[i] as AggregateName
    const value = Number(measured.value)
    expect(Math.abs(value / (wanted[name] as number) - 1), `${name}: ${value}, not ${wanted[name]}`).toBeLessThan(1e-9)
    // Of few rows resamples may lack a class: then there is no interval, never a wrong one.
    if (measured.estimate?.kind === 'undefined') expect(measured.estimate.reason).toBe('undefined-replicates')
    else {
      const { low, high } = measured.estimate?.interval(0.9) ?? { low: 1, high: 0 }
      expect(low, name).toBeLessThanOrEqual(value)
      expect(high, name).toBeGreaterThanOrEqual(value)
      expect(high - low, name).toBeGreaterThan(0)
    }
  }
}

describe('weighted metrics are those of scikit-learn', () => {
  it.each(golden.binary)('of a decision and a score', ({ labels, scores, decisions, weights, metrics }) => {
    expectMetrics(labels, [decisions, scores, weights], metrics, (fn) => ({
      values: [aggregates[fn].needs === 'decision' ? 0 : 1],
    }))
  })
  it.each(golden.classes)('of several classes', ({ labels, answers, probabilities, weights, metrics }) => {
    const ofAnswer: ReadonlySet<string> = new Set(['decision', 'answer'])
    expectMetrics(labels, [answers, ...probabilities, weights], metrics, (fn) => ({
      classes: 3,
      values: ofAnswer.has(aggregates[fn].needs ?? '') ? [0] : [1, 2, 3],
    }))
  })
  it.each(golden.regression)('of a regression', ({ observed, predicted, weights, metrics }) => {
    expectMetrics(observed, [predicted, weights], metrics, () => ({ values: [0] }))
  })
})

describe('weights', () => {
  const random = stats.createRandom('weights', 'test')
  const n = 240
  const labels = Float64Array.from({ length: n }, () => random.int(2))
  const scores = labels.map((label) => Math.round(16 * (0.3 * label + 0.7 * random.float())) / 16)
  const decisions = scores.map((score) => (score >= 0.5 ? 1 : 0))
  const all: readonly PlainMetric[] = [
    ...(['accuracy', 'precision', 'f1', 'mcc'] as const).map((fn) => ({ term: metricTerm(fn), values: [0] })),
    ...(['roc_auc', 'average_precision', 'brier', 'log_loss', 'gini', 'calibration_bias'] as const).map((fn) => ({
      term: metricTerm(fn),
      values: [1],
    })),
    { term: metricTerm('lift', 0.2), values: [1] },
    { term: metricTerm('calibration_error'), values: [1] },
  ]
  const valuesBy = (
    weights: Float64Array | undefined,
    kept: (row: number) => boolean = () => true,
  ): readonly unknown[] => {
    const rows = [...labels.keys()].filter(kept)
    const pick = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] as number)
    const columns = [decisions, scores, ...(weights === undefined ? [] : [weights])].map(pick)
    return measure(
      { n: rows.length, labels: pick(labels), columns },
      all.map((metric) => (weights === undefined ? metric : { ...metric, weights: 2 })),
      19,
    ).map(({ value }) => Number(value).toPrecision(11))
  }
  it('that are all alike change nothing but the edges of calibration bins', () => {
    expect(valuesBy(new Float64Array(n).fill(0.7)).slice(0, -1)).toEqual(valuesBy(undefined).slice(0, -1))
  })
  it('of 0 leave rows out', () => {
    const weights = Float64Array.from(labels, (_, row) => (row % 3 === 0 ? 0 : 1 + (row % 5)))
    expect(valuesBy(weights)).toEqual(valuesBy(weights, (row) => row % 3 !== 0))
  })
  it('can be scaled', () => {
    const weights = Float64Array.from(labels, () => random.float())
    expect(valuesBy(weights.map((weight) => 1e6 * weight))).toEqual(valuesBy(weights))
  })
  it('make less of the rows than they are: intervals grow', () => {
    const columns = [decisions, scores, Float64Array.from(labels, (_, row) => (row % 10 === 0 ? 20 : 0.1))]
    const metric = { term: metricTerm('accuracy'), values: [0] }
    const widthOf = (more: Partial<PlainMetric>): number => {
      const [measured] = measure({ n, labels, columns }, [{ ...metric, ...more }])
      const { low, high } =
        measured?.estimate?.kind === 'estimate' ? measured.estimate.interval(0.95) : { low: 0, high: 0 }
      return high - low
    }
    expect(widthOf({ weights: 2 })).toBeGreaterThan(2.5 * widthOf({}))
  })
})

describe('a clause with weights', () => {
  const ROWS = 300
  const columnsOf = (row: number) =>
    [
      (row % 32) / 32,
      row % 3 === 0 || row % 32 > 20,
      row % 2 === 0 ? 'a' : 'b',
      1 + (row % 4),
      0,
      row === 7 ? -1 : 1,
      row === 9 ? '' : 1,
      `p${row % 60}`,
    ].join()
  let place: Place
  beforeAll(async () => {
    const rows = Array.from({ length: ROWS }, (_, row) => columnsOf(row))
    place = await placeWith({
      'rows.csv': `x,late,town,weight,nothing,negative,lacking,person\n${rows.join('\n')}\n`,
      'model.onnx': scaledInput('x', 'risk'),
      'other.onnx': scaledInput('x', 'risk', 0.75),
    })
  })
  afterAll(() => place.remove())
  const specOf = (must: string, more: string, of = 'champion') => `plumbline: 1
system: { name: weighed, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      x: { type: number, range: [0, 1] }
      late: { type: boolean, role: label }
      town: { type: category, values: [a, b] }
      weight: { type: integer }
      nothing: { type: number }
      negative: { type: number }
      lacking: { type: number, optional: true }
      person: { type: text }
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: rows, columns: [x] }
    outputs: { risk: { type: number, range: [0, 1] } }
    decision: risk >= 0.5
clauses:
  it: { of: ${of}, must: "${must}", ${more} }
`
  const METRICS = ['accuracy()', 'roc_auc()', 'f1()', 'brier()', 'calibration_error()']

  it.each(METRICS)('%s is decided by them', async (metric) => {
    const weighed = await askOf(place, specOf(`${metric} >= 0.01`, 'weights: weight'))
    expect(weighed.verdict).toBe('satisfied')
    expect(weighed.measured).not.toBe((await askOf(place, specOf(`${metric} >= 0.01`, 'severity: block'))).measured)
  })
  it.each(METRICS)('%s is nothing where no row weighs anything', async (metric) => {
    const verdict = await askOf(place, specOf(`${metric} >= 0.0`, 'weights: nothing'))
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'undefined-metric' })
  })
  it.each([
    ['negative', 'The weight negative is below 0 in 1 row; a weight is a number of 0 or more.'],
    ['lacking', 'The weight lacking is missing in 1 row; a weight is a number of 0 or more.'],
  ])('refuses %s ones', async (column, cause) => {
    for (const metric of METRICS)
      expect(await askOf(place, specOf(`${metric} >= 0.0`, `weights: ${column}`))).toMatchObject({
        verdict: 'error',
        reason: 'evaluation-failed',
        cause,
      })
  })
  it('compares models on the same draws, and draws clusters with their weights', async () => {
    interface Shown {
      readonly interval: { readonly low: number; readonly high: number }
    }
    const widthOf = ({ interval }: Shown): number => interval.high - interval.low
    const must = 'brier() - brier(champion) <= 0.5'
    const [paired] = (await place.ask(specOf(must, 'weights: weight', 'challenger'), {
      model: 'other',
      production: 'model',
    })) as unknown as readonly {
      readonly terms: readonly Shown[]
      readonly comparisons: readonly { readonly margin: Shown }[]
    }[]
    const apart = paired?.terms.reduce((sum, term) => sum + widthOf(term), 0) ?? 0
    expect(widthOf(paired?.comparisons[0]?.margin as Shown)).toBeLessThan(0.5 * apart)
    const drawn = async (more: string) =>
      widthOf(((await askOf(place, specOf('accuracy() >= 0.1', more))).terms as readonly Shown[])[0] as Shown)
    expect(await drawn('weights: weight, cluster: person')).not.toBe(await drawn('weights: weight'))
  })
})
