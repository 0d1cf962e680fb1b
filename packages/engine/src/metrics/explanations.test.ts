import { compile } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import golden from '../../../core/golden/stats/explanations.json' with { type: 'json' }
import { buildOnnx, tensor } from '../proofs/testing/build-onnx.ts'
import { type Place, placeWith } from './testing/ask-clause.ts'
import { expectValue } from './testing/expect-value.ts'
import { measure, metricTerm } from './testing/terms.ts'

// The numbers are those of NumPy and scikit-learn.

const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe.each(golden.cases.map((each) => [each.one.length, each] as const))('%i features', (features, each) => {
  const none = each.weights.map(() => Number.NaN)
  const pairs = each.one.flatMap((attribution, i) => [attribution, each.other[i] ?? []])
  it.each(['plain', 'weighted'] as const)('%s', (kind) => {
    const wanted = each[kind]
    const counted = (columns: number) => (kind === 'plain' ? {} : { weights: columns })
    const ofPairs = { values: places(2 * features), ...counted(2 * features) }
    const ofOne = { values: places(features), ...counted(features) }
    expectValue(wanted.attribution_stability, none, [...pairs, each.weights], {
      term: metricTerm('attribution_stability'),
      ...ofPairs,
    })
    for (const [k, share] of Object.entries(wanted.attribution_top_overlap)) {
      const term = metricTerm('attribution_top_overlap', Number(k))
      expectValue(share, none, [...pairs, each.weights], { term, ...ofPairs })
    }
    for (const [k, share] of Object.entries(wanted.attribution_share)) {
      const term = metricTerm('attribution_share', Number(k))
      expectValue(share, none, [...each.one, each.weights], { term, ...ofOne })
    }
    expectValue(wanted.surrogate_r2, none, [each.answer, each.surrogate, each.weights], {
      term: metricTerm('surrogate_r2'),
      values: [0, 1],
      ...counted(2),
    })
  })
})

describe('what defines no number', () => {
  const value = (fn: Parameters<typeof metricTerm>[0], columns: readonly (readonly number[])[], ...args: number[]) =>
    measure({ n: 3, labels: new Float64Array(3), columns: columns.map((column) => Float64Array.from(column)) }, [
      { term: metricTerm(fn, ...args), values: places(columns.length) },
    ])[0]?.value
  const ZEROS = [0, 0, 0]
  it('attributions of nothing', () => {
    expect(value('attribution_share', [ZEROS, ZEROS], 1)).toBeNull()
    expect(value('attribution_stability', [ZEROS, ZEROS, ZEROS, ZEROS])).toBe(1)
    expect(value('attribution_stability', [ZEROS, [1, 2, 3], ZEROS, ZEROS])).toBe(0)
  })
  it('an answer that is always the same, for a surrogate', () => {
    expect(
      value('surrogate_r2', [
        [2, 2, 2],
        [1, 2, 3],
      ]),
    ).toBeNull()
  })
  it('attributions so large that their squares overflow', () => {
    expect(value('attribution_stability', [[1e300, 1e300, 1e300], [2e300, 2e300, 2e300], ZEROS, ZEROS])).toBeCloseTo(1)
  })
  it('a missing cell leaves the row out', () => {
    expect(
      value(
        'attribution_share',
        [
          [1, Number.NaN, 1],
          [1, 5, 1],
        ],
        1,
      ),
    ).toBe(0.5)
  })
})

describe('in a spec', () => {
  let place: Place
  const [one] = golden.cases
  beforeAll(async () => {
    const columns = [...(one?.one ?? []), ...(one?.other ?? []), one?.answer ?? [], one?.surrogate ?? []]
    const lines = columns[0]?.map((_, row) => columns.map((column) => column[row]).join())
    // Twice the first column, and the second.
    const model = buildOnnx({
      inputs: [{ name: 'x', type: 'float', shape: [null, 2] }],
      outputs: [{ name: 'y', type: 'float', shape: [null, 2] }],
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      initializers: [tensor('w', 'float', [2, 2], [2, 0, 0, 1])],
    })
    place = await placeWith({
      'model.onnx': model,
      'rows.csv': `a,b,c,a2,b2,c2,answer,surrogate\n${lines?.join('\n')}\n`,
    })
  })
  afterAll(() => place.remove())

  const number = (names: string) => names.split(' ').map((name) => `      ${name}: { type: number }\n`)
  const DATA = `plumbline: 1
system: { name: explained, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
${number('a b c a2 b2 c2 answer surrogate').join('')}`
  const spec = (must: string, of = 'rows') => `${DATA}clauses:\n  it: { of: ${of}, must: "${must}" }\n`

  it.each([
    ['attribution_stability(a, a2, b, b2, c, c2) >= 0.5', one?.plain.attribution_stability],
    ['attribution_top_overlap(1, a, a2, b, b2, c, c2) >= 0.5', one?.plain.attribution_top_overlap['1']],
    ['attribution_share(1, a, b, c) >= 0.4', one?.plain.attribution_share['1']],
    ['attribution_share(2, a, b, c) >= 0.4', one?.plain.attribution_share['2']],
    ['surrogate_r2(answer, surrogate) >= 0.5', one?.plain.surrogate_r2],
  ])('%s', async (must, wanted) => {
    const found = await place.askData(spec(must))
    expect(found).toMatchObject({ verdict: 'satisfied' })
    const [term] = found !== undefined && 'terms' in found ? (found.terms ?? []) : []
    expect(term?.value).toBeCloseTo(wanted ?? Number.NaN, 9)
    expect(term?.interval?.low).toBeLessThan(wanted ?? 0)
  })
  it('of a model that answers the attributions itself', async () => {
    const model = `models:
  champion:
    artifact: model.onnx
    input: { from: rows, columns: [a, b] }
    outputs: { by_a: { type: number, tensor: y, index: 0 }, by_b: { type: number, tensor: y, index: 1 } }
`
    const must = 'attribution_share(1, by_a, by_b) >= 0.1'
    const [found] = await place.ask(`${DATA}${model}clauses:\n  it: { of: champion, must: "${must}" }\n`)
    const sum = (values: readonly number[] = []) => values.reduce((total, value) => total + Math.abs(value), 0)
    const [a, b] = [2 * sum(one?.one[0]), sum(one?.one[1])]
    const [term] = found !== undefined && 'terms' in found ? (found.terms ?? []) : []
    expect(found).toMatchObject({ verdict: 'satisfied', stage: 'model' })
    expect(term?.value).toBeCloseTo(a / (a + b), 6)
  })
  it('a bound that the interval straddles is undecided', async () => {
    const value = one?.plain.attribution_stability ?? 0
    expect(
      await place.askData(spec(`attribution_stability(a, a2, b, b2, c, c2) >= ${value.toFixed(3)}`)),
    ).toMatchObject({
      verdict: 'inconclusive',
    })
  })
  it.each([
    ['attribution_stability(a, a2, b) >= 0.5', /no model|model/],
    ['attribution_share(4, a, b, c) >= 0.5', /a whole number of at most 3 features/],
    ['attribution_share(1.5, a, b, c) >= 0.5', /a whole number of at most 3 features/],
    ['attribution_top_overlap(3, a, a2, b, b2) >= 0.5', /a whole number of at most 2 features/],
    ['surrogate_r2(answer) >= 0.5', /takes 2 arguments/],
  ])('%s is refused', (must, says) => {
    const { diagnostics } = compile({ main: { path: 'plumb.yaml', text: spec(must) }, others: [] })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(says)
  })
})
