import { expect, it } from 'vitest'
import { createRandom } from '../prng.ts'
import { labelFreeEstimate } from './estimate.ts'
import type { EstimatedMetric } from './estimated-metrics.ts'
import type { ScoredRows } from './strata.ts'

// Rows that no estimate can be made of: said why, never a number.

const rowsOf = (n: number, score: (row: number) => number, label: (row: number) => number): ScoredRows => {
  const scores = Float64Array.from({ length: n }, (_, row) => score(row))
  return {
    scores,
    decisions: scores.map((each) => (each >= 0.5 ? 1 : 0)),
    labels: Float64Array.from({ length: n }, (_, row) => label(row)),
  }
}
const spread = (row: number): number => (row % 100) / 100
const odd = (row: number): number => (row * 7) % 2
const missing = (): number => Number.NaN

function asked(metric: EstimatedMetric, reference: ScoredRows, rows: ScoredRows) {
  const { estimate, assumptions } = labelFreeEstimate({
    metric,
    reference,
    rows,
    outside: { rows: 0, expected: 0 },
    columns: () => [],
    random: createRandom('label-free', 'bad-input'),
    replicates: 99,
  })
  return { estimate, failed: assumptions.filter(({ verdict }) => verdict === 'fails').map((each) => each.assumption) }
}

const FRESH = rowsOf(300, spread, missing)
const WITHDRAWN = { estimate: { kind: 'undefined', reason: 'assumption-failed' }, failed: ['reference'] }

it.each<[string, ScoredRows]>([
  ['one class only', rowsOf(1000, spread, () => 1)],
  ['no labels', rowsOf(1000, spread, missing)],
  ['no rows', rowsOf(0, spread, odd)],
  ['too few rows', rowsOf(150, spread, odd)],
  ['a decision that was never taken there', rowsOf(1000, (row) => spread(row) / 2, odd)],
])('a reference of %s', (_, reference) => {
  expect(asked('accuracy', reference, FRESH)).toMatchObject(WITHDRAWN)
})

it('constant scores rank nothing: the area is 0.5 and has no interval', () => {
  const reference = rowsOf(1000, () => 0.7, odd)
  const rows = rowsOf(300, () => 0.7, missing)
  expect(asked('roc_auc', reference, rows).estimate).toMatchObject({ kind: 'undefined', value: 0.5 })
  // Nothing is decided negative, so that no negative is left: recall is 1 on every resample, which is no certainty.
  expect(asked('recall', reference, rows).estimate).toMatchObject({ kind: 'undefined', reason: 'no-variation' })
  expect(asked('precision', reference, rows).estimate).toMatchObject({ kind: 'estimate' })
})

it('no rows to speak of', () => {
  const reference = rowsOf(1000, spread, odd)
  expect(asked('accuracy', reference, rowsOf(0, spread, missing)).estimate).toEqual({
    kind: 'undefined',
    reason: 'empty',
  })
  // Nobody is decided positive: there is no precision.
  expect(
    asked(
      'precision',
      reference,
      rowsOf(300, () => 0.1, missing),
    ).estimate.kind,
  ).toBe('undefined')
})
