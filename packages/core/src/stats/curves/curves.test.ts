import { describe, expect, it } from 'vitest'
import { confusion } from '../metrics/confusion.ts'
import { createRandom } from '../prng.ts'
import { calibrationPoints, costPoints, thresholdPoints } from './points.ts'
import { scoreCurves } from './score-curves.ts'

function drawn(n: number, digits: number) {
  const random = createRandom('curves', String(n))
  const scores = Float64Array.from({ length: n }, () => Number(random.float().toFixed(digits)))
  return { scores, labels: scores.map((score) => (random.float() < score ** 2 ? 1 : 0)) }
}

describe.each([
  [40, 1],
  [500, 2],
  [5000, 6],
  [60_000, 8],
])('%d rows, scores of %d digits', (n, digits) => {
  const { scores, labels } = drawn(n, digits)
  const curves = scoreCurves(labels, scores)
  if (curves === undefined) throw new Error('no curves')
  it('has at most 100 ranges, ascending, of about equally many rows', () => {
    expect(curves.ranges.length).toBeLessThanOrEqual(100)
    expect(curves.ranges.reduce((sum, range) => sum + range.negatives + range.positives, 0)).toBe(n)
    for (const [i, { from, mean }] of curves.ranges.entries()) {
      expect(from).toBeGreaterThan(curves.ranges[i - 1]?.mean ?? -1)
      expect(mean).toBeGreaterThanOrEqual(from)
    }
    const most = Math.max(...curves.ranges.map((range) => range.negatives + range.positives))
    if (digits > 2) expect(most / n).toBeLessThan(0.02)
  })
  it('counts at each threshold what the rows say', () => {
    for (const point of thresholdPoints(curves)) {
      const decided = scores.map((score) => (score >= point.threshold ? 1 : 0))
      expect(point).toEqual({ threshold: point.threshold, ...confusion(labels, decided) })
    }
  })
  it('has tenths whose rows and positives are those of all', () => {
    const points = calibrationPoints(curves)
    expect(points.length).toBeLessThanOrEqual(10)
    expect(points.reduce((sum, { rows }) => sum + rows, 0)).toBe(n)
    expect(points.reduce((sum, { positives }) => sum + positives, 0)).toBe(labels.reduce((sum, y) => sum + y, 0))
  })
  it('costs never more than without the model', () => {
    for (const { cost, without, missed } of costPoints(curves)) {
      expect(cost).toBeLessThanOrEqual(without + 1e-12)
      if (missed === 0 || missed === 1) expect(cost).toBe(0)
    }
  })
})

it('has no curves of one class, of nothing, or of what is missing', () => {
  const of = (labels: readonly number[], scores: readonly number[]) =>
    scoreCurves(Float64Array.from(labels), Float64Array.from(scores))
  expect(of([1, 1], [0.2, 0.3])).toBeUndefined()
  expect(of([], [])).toBeUndefined()
  expect(of([1, 0], [Number.NaN, 0.3])).toBeUndefined()
  expect(of([1, 0, Number.NaN, 0], [0.4, 0.4, 0.1, Infinity])).toEqual({
    ranges: [{ from: 0.4, negatives: 1, positives: 1, mean: 0.4 }],
  })
})
