import { type Aggregate, type AggregateName, aggregates } from '@plumbline/core'
import { describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/every-metric.json' with { type: 'json' }
import explanations from '../../../core/golden/stats/explanations.json' with { type: 'json' }
import more from '../../../core/golden/stats/more-metrics.json' with { type: 'json' }
import { measure, metricTerm, type PlainMetric } from './testing/terms.ts'

// Every metric of rows that the function table has is held to numbers of another implementation: most of them here, on data of their own with
// ties and with weights that are real, tiny and zero.

const numbers: Partial<Record<string, readonly number[]>> = golden.numbers
const rowOf = (fn: AggregateName): Aggregate => aggregates[fn]
const termOf = (fn: AggregateName) => metricTerm(fn, ...(numbers[fn] ?? []))

function expectAll(
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
  const measured = measure(
    rows,
    names.map((fn) => ({ ...placesOf(fn), term: termOf(fn) })),
    99,
  )
  const apart = names.flatMap((name, i) => {
    const [found, right] = [Number(measured[i]?.value), wanted[name] as number]
    return Math.abs(found - right) <= 1e-9 * Math.max(1e-3, Math.abs(right)) ? [] : [`${name}: ${found}, not ${right}`]
  })
  expect(apart).toEqual([])
}

/** Plain, then weighted. */
const WEIGHTED = [false, true] as const

describe('every metric is that of another implementation', () => {
  it.each(golden.binary)('of two classes', ({ labels, scores, decisions, weights, metrics }) => {
    for (const [i, weighted] of WEIGHTED.entries())
      expectAll(labels, [decisions, scores, weights], metrics[i] ?? {}, (fn) => ({
        values: [aggregates[fn].needs === 'decision' ? 0 : 1],
        ...(weighted ? { weights: 2 } : {}),
      }))
  })
  it.each(golden.classes)('of several classes', ({ labels, answers, probabilities, weights, metrics }) => {
    for (const [i, weighted] of WEIGHTED.entries())
      expectAll(labels, [answers, ...probabilities, weights], metrics[i] ?? {}, (fn) => ({
        classes: 3,
        named: fn === 'confusion' ? [0, 2] : [],
        values: ['decision', 'answer'].includes(aggregates[fn].needs ?? '') ? [0] : [1, 2, 3],
        ...(weighted ? { weights: 4 } : {}),
      }))
  })
  it.each(golden.classes)('of one class of several', ({ labels, answers, probabilities, weights, ofOne }) => {
    for (const [i, weighted] of WEIGHTED.entries()) {
      const askedOfOne = Object.entries(ofOne[i] ?? {}).filter(([fn]) => rowOf(fn as AggregateName).ofClasses === 'one')
      expect(askedOfOne.length).toBeGreaterThan(10)
      expectAll(labels, [answers, ...probabilities, weights], Object.fromEntries(askedOfOne), (fn) => ({
        classes: 3,
        ofClass: 1,
        values: aggregates[fn].needs === 'decision' ? [0] : [2],
        ...(weighted ? { weights: 4 } : {}),
      }))
    }
  })
  it.each(golden.regression)('of a regression', ({ observed, predicted, low, high, weights, metrics }) => {
    for (const [i, weighted] of WEIGHTED.entries())
      expectAll(observed, [predicted, low, high, weights], metrics[i] ?? {}, (fn) => ({
        values: aggregates[fn].needs === 'columns' ? [1, 2] : [0],
        ...(weighted ? { weights: 3 } : {}),
      }))
  })
  it.each(golden.ranking)('of an order within groups', ({ labels, scores, query, metrics }) => {
    expectAll(labels, [scores, query], metrics, () => ({ values: [0, 1] }))
  })
})

/** What is no number of rows alone, and where it is held to something. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  reference: 'estimates of metrics whose labels are not there: simulated against the labels (stats/label-free)',
  model: 'of a model, not of rows',
  timing: 'of a staged model, not of rows',
}

it('no metric of the function table is left out', () => {
  const numbers: readonly object[] = [
    ...golden.binary.flatMap(({ metrics }) => metrics),
    ...golden.classes.flatMap(({ metrics }) => metrics),
    ...golden.regression.flatMap(({ metrics }) => metrics),
    ...golden.ranking.map(({ metrics }) => metrics),
    ...more.labels.flatMap(({ metrics }) => metrics),
    more.texts,
    more.series,
    ...more.boxes,
    ...explanations.cases.map(({ plain }) => plain),
  ]
  const held = new Set(numbers.flatMap((each) => Object.keys(each)))
  const left = Object.entries(aggregates).flatMap(([name, { needs }]) =>
    needs === undefined || needs in ELSEWHERE || held.has(name) ? [] : [name],
  )
  expect(left).toEqual([])
  expect(held.size).toBeGreaterThan(65)
})
