import type { AggregateName } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/more-metrics.json' with { type: 'json' }
import { type Place, placeWith, scaledInput } from './testing/ask-clause.ts'
import { expectValue } from './testing/expect-value.ts'
import { metricTerm } from './testing/terms.ts'
import { textScores } from './text-scores.ts'

// The numbers are those of scikit-learn, rouge-score, the script of SQuAD, SciPy and pycocotools.

const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('several labels of a row', () => {
  it.each(golden.labels)('are measured as scikit-learn does, with and without weights', (each) => {
    const pairs = each.truth.flatMap((labels, i) => [labels, each.said[i] ?? []])
    const none = each.weights.map(() => Number.NaN)
    for (const [i, metrics] of each.metrics.entries())
      for (const [fn, wanted] of Object.entries(metrics))
        expectValue(wanted, none, [...pairs, each.weights], {
          term: metricTerm(fn as AggregateName),
          values: places(pairs.length),
          ...(i === 0 ? {} : { weights: pairs.length }),
        })
  })
})

describe('texts', () => {
  const { pairs, ...wanted } = golden.texts
  it.each(Object.entries(wanted))('%s of each is that of its script', (fn, scores) => {
    const found = textScores(
      fn as AggregateName,
      pairs.map(([reference]) => reference ?? ''),
      pairs.map(([, answer]) => answer ?? ''),
    )
    for (const [i, score] of scores.entries()) expect(found[i], pairs[i]?.join(' | ')).toBeCloseTo(score, 12)
  })
  it('are missing where one is', () => {
    expect([...textScores('rouge_l', ['a', null, 'a'], [null, 'a', 'a'])]).toEqual([Number.NaN, Number.NaN, 1])
  })
})

describe('series', () => {
  const { observed, predicted, labels, alarms } = golden.series
  // The rows come in another order than that of time.
  const shuffled = places(observed.length).toSorted((a, b) => ((a * 37) % 120) - ((b * 37) % 120))
  const pick = (values: readonly number[]): number[] => shuffled.map((row) => values[row] as number)
  it.each(Object.entries(golden.series.mase))('mase with a period of %s', (period, wanted) => {
    const term = metricTerm('mase', Number(period))
    expectValue(wanted, pick(observed), [pick(predicted), shuffled], { term, values: [0, 1] })
  })
  it.each(['range_recall', 'range_precision'] as const)('%s', (fn) => {
    expectValue(golden.series[fn], pick(labels), [pick(alarms), shuffled], { term: metricTerm(fn), values: [0, 1] })
  })
})

describe('masks', () => {
  const { truth, said, jaccard, jaccard_macro: macro } = golden.masks
  it('intersection over union of one class and of all', () => {
    expectValue(jaccard, truth, [said], { term: metricTerm('jaccard'), values: [0], ofClass: 1, classes: 3 })
    expectValue(macro, truth, [said], { term: metricTerm('jaccard_macro'), values: [0], classes: 3 })
  })
})

describe('boxes', () => {
  it.each(golden.boxes)('are matched and averaged as pycocotools does', (each) => {
    const columns = places(8).map((column) => each.rows.map((row) => row[column] as number))
    const none = each.rows.map(() => Number.NaN)
    expectValue(each.detection_map, none, columns, { term: metricTerm('detection_map'), values: places(8) })
    for (const [overlap, wanted] of Object.entries(each.detection_map_at))
      expectValue(wanted, none, columns, { term: metricTerm('detection_map_at', Number(overlap)), values: places(8) })
  })
})

describe('in a spec', () => {
  let place: Place
  beforeAll(async () => {
    const lines = (header: string, rows: readonly (readonly unknown[])[]) =>
      `${header}\n${rows.map((row) => row.join()).join('\n')}\n`
    const quoted = (text: string | undefined) => `"${(text ?? '').replaceAll('"', '""')}"`
    const { observed, predicted, labels, alarms } = golden.series
    const [sets] = golden.labels
    place = await placeWith({
      'texts.csv': lines(
        'reference,answer',
        golden.texts.pairs.map((pair) => pair.map(quoted)),
      ),
      'series.csv': lines(
        'day,y,guess,low,high,bad,alarm',
        observed.map((y, i) => {
          const guess = Math.fround(predicted[i] ?? 0)
          return [i, y, guess, guess - 2, guess + 2, labels[i] === 1, alarms[i]]
        }),
      ),
      'boxes.csv': lines(
        'image,truth,kind,x1,y1,x2,y2,score',
        golden.boxes[1]?.rows.map((row) => [
          `i${1000 + (row[0] ?? 0)}`,
          row[1] === 1,
          ...row.slice(2, 7),
          row[1] === 1 ? '' : row[7],
        ]) ?? [],
      ),
      'labels.csv': lines(
        'a,says_a,b,says_b',
        sets?.truth[0]?.map((_, i) => [0, 1].flatMap((k) => [sets.truth[k]?.[i] === 1, sets.said[k]?.[i] === 1])) ?? [],
      ),
      'model.onnx': scaledInput('guess', 'forecast'),
      'alarm.onnx': scaledInput('alarm', 'risk'),
    })
  })
  afterAll(() => place.remove())

  const DATA = `plumbline: 1
system: { name: more, version: 1.0.0 }
data:
  texts: { source: texts.csv, columns: { reference: { type: text, optional: true }, answer: { type: text, optional: true } } }
  labels: { source: labels.csv, columns: { a: { type: boolean }, says_a: { type: boolean }, b: { type: boolean }, says_b: { type: boolean } } }
  boxes:
    source: boxes.csv
    columns:
      image: { type: text }
      truth: { type: boolean }
      kind: { type: integer }
      x1: { type: number }
      y1: { type: number }
      x2: { type: number }
      y2: { type: number }
      score: { type: number, optional: true }
`
  const series = (label: string, task: string, input: string, output: string) => `plumbline: 1
system: { name: more, version: 1.0.0 }
data:
  days:
    source: series.csv
    columns:
      day: { type: integer }
      y: { type: number }
      guess: { type: number }
      low: { type: number }
      high: { type: number }
      bad: { type: boolean }
      alarm: { type: number, range: [0, 1] }
models:
  champion:
    artifact: ${task === 'regression' ? 'model' : 'alarm'}.onnx
    task: ${task}
    input: { from: days, columns: [${input}] }
    outputs: { ${output} }
    label: ${label}
${task === 'regression' ? '' : '    decision: risk >= 0.5\n'}`
  const FORECAST = series('y', 'regression', 'guess', 'forecast: { type: number }')
  const ALARM = series('bad', 'binary-classification', 'alarm', 'risk: { type: number, range: [0, 1] }')

  it.each([
    ['texts of data', DATA, 'texts', 'rouge_l(reference, answer) >= 0.3', undefined, undefined],
    [
      'texts beside plain aggregates',
      DATA,
      'texts',
      'token_f1(reference, answer) >= 0.3 && count() >= 10',
      undefined,
      undefined,
    ],
    ['labels of data', DATA, 'labels', 'hamming_loss(a, says_a, b, says_b) <= 0.4', undefined, undefined],
    [
      'boxes of data',
      DATA,
      'boxes',
      'detection_map_at(0.5, image, truth, kind, x1, y1, x2, y2, score) >= 0.05',
      golden.boxes[1]?.detection_map_at['0.5'],
      undefined,
    ],
    ['a forecast', FORECAST, 'champion', 'mase(day, 7) <= 0.9', golden.series.mase['7'], 'model'],
    ['bounds of a forecast', FORECAST, 'champion', 'interval_coverage(low, high) >= 0.3', undefined, 'model'],
    ['anomalies', ALARM, 'champion', 'range_recall(day) >= 0.2', golden.series.range_recall, 'alarm'],
    ['alarms', ALARM, 'champion', 'range_precision(day) >= 0.05', golden.series.range_precision, 'alarm'],
  ])('%s are decided', async (_, spec, of, must, wanted, model) => {
    const text = `${spec}clauses:\n  it: { of: ${of}, must: "${must}" }\n`
    const found = model === undefined ? await place.askData(text) : (await place.ask(text, { model }))[0]
    expect(found).toMatchObject({ verdict: 'satisfied' })
    if (wanted === undefined) return
    const { terms } = found as unknown as { readonly terms: readonly { readonly value: number }[] }
    expect(terms[0]?.value).toBeCloseTo(wanted, 6)
  })
  it.each([
    ['a forecast without as many rows as a season', FORECAST, 'champion', 'mase(day, 400) <= 0.9', 'model'],
    [
      'boxes where none is',
      DATA,
      'boxes',
      'detection_map(image, truth, kind, x1, y1, x2, y2, score) >= 0.1',
      undefined,
    ],
  ])('%s: undefined, not 0 and not green', async (_, spec, of, must, model) => {
    const slice = of === 'boxes' ? ', slices: [none]' : ''
    const text = `${spec}${of === 'boxes' ? 'slices: { none: x1 < -1000.0 }\n' : ''}clauses:\n  it: { of: ${of}, must: "${must}"${slice} }\n`
    const found = model === undefined ? await place.askData(text) : (await place.ask(text, { model }))[0]
    expect(found).toMatchObject({ verdict: 'inconclusive' })
  })
})
