import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binColumn, binOf } from './bins.js'
import { measure, rank } from './metrics.js'
import { permutation, uniform } from './random.js'

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true })
const column = fc.oneof(
  fc.array(float32, { minLength: 1, maxLength: 50 }),
  fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 50 }),
  fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 600, maxLength: 700 }),
)

describe('bins', () => {
  it('agree with the comparison the exported model makes, and are at most 255', () => {
    fc.assert(
      fc.property(column, (numbers) => {
        const values = Float32Array.from(numbers)
        const { edges, codes } = binColumn(values)
        expect(edges.length).toBeLessThan(255)
        values.forEach((value, i) => {
          for (let k = 0; k < edges.length; k += 1) {
            if (codes[i]! <= k !== value <= edges[k]!) expect.fail(`${value} at edge ${edges[k]}`)
          }
        })
        for (let k = 1; k < edges.length; k += 1) expect(edges[k]!).toBeGreaterThan(edges[k - 1]!)
      }),
      { numRuns: 100, seed: 1 },
    )
  })

  it('separate neighbouring float32 numbers', () => {
    const next = Math.fround(1 + 2 ** -23)
    const { edges } = binColumn(Float32Array.of(1, next))
    expect(Array.from(edges)).toEqual([1])
    expect(binOf(edges, 1)).toBe(0)
    expect(binOf(edges, next)).toBe(1)
  })

  it('do not cut a constant column', () => {
    expect(binColumn(Float32Array.of(7, 7, 7)).edges).toHaveLength(0)
  })
})

/** The metrics by their definitions, pair by pair and step by step. */
function naive(scores: readonly number[], labels: readonly number[]) {
  const positives = scores.filter((_, i) => labels[i] === 1)
  const negatives = scores.filter((_, i) => labels[i] === 0)
  const wins = positives.flatMap((p) => negatives.map((n): number => (p > n ? 1 : p === n ? 0.5 : 0)))
  const thresholds = [...new Set(scores)].sort((a, b) => b - a)
  const at = (t: number) => ({
    found: positives.filter((p) => p >= t).length,
    decided: scores.filter((s) => s >= t).length,
  })
  const steps = thresholds.map((t, i) => {
    const before = i === 0 ? 0 : at(thresholds[i - 1]!).found
    return ((at(t).found - before) / positives.length) * (at(t).found / at(t).decided)
  })
  const { found, decided } = at(0.5)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    roc_auc: sum(wins) / wins.length,
    average_precision: sum(steps),
    brier: sum(scores.map((s, i) => (s - labels[i]!) ** 2)) / scores.length,
    log_loss: -sum(scores.map((s, i) => Math.log(Math.max(1e-15, labels[i] === 1 ? s : 1 - s)))) / scores.length,
    accuracy: scores.filter((s, i) => Number(s >= 0.5) === labels[i]).length / scores.length,
    precision: found / decided,
    recall: found / positives.length,
    f1: (2 * found) / (decided + positives.length),
    positive_rate: decided / scores.length,
  }
}

const scored = fc
  .array(
    fc.record({
      score: fc.integer({ min: 0, max: 10 }),
      label: fc.constantFrom(0, 1),
      copies: fc.integer({ min: 0, max: 3 }),
    }),
    {
      minLength: 2,
      maxLength: 40,
    },
  )
  .filter((rows) => [0, 1].every((label) => rows.some((row) => row.label === label && row.copies > 0)))

describe('metrics', () => {
  it('are what their definitions give, ties and repeated rows included', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const ranking = rank(
          Float64Array.from(rows, (row) => row.score / 10),
          Uint8Array.from(rows, (row) => row.label),
        )
        const repeated = rows.flatMap((row) => Array.from({ length: row.copies }, () => row))
        const expected = naive(
          repeated.map((row) => row.score / 10),
          repeated.map((row) => row.label),
        )
        const actual = measure(ranking, 0.5, (row) => rows[row]!.copies)
        for (const [name, value] of Object.entries(expected)) {
          const measured = actual[name as keyof typeof expected]
          if (Number.isNaN(value)) expect(measured, name).toBeNaN()
          else expect(measured, name).toBeCloseTo(value, 10)
        }
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('give the calibration error of ten bins of equal mass', () => {
    const scores = Float64Array.from({ length: 100 }, (_, i) => i / 100)
    // Nobody defaults: the mean risk itself is the error.
    const { calibration_error, roc_auc } = measure(rank(scores, new Uint8Array(100)), 0.5)
    expect(calibration_error).toBeCloseTo(0.495, 12)
    expect(roc_auc).toBeNaN()
    // Each bin of ten rows has risks 0.05 around k/10 + 0.045 and exactly k defaults: 0.045 off everywhere.
    const labels = Uint8Array.from({ length: 100 }, (_, i) => Number(i % 10 < Math.floor(i / 10)))
    expect(measure(rank(scores, labels), 0.5).calibration_error).toBeCloseTo(0.045, 12)
  })
})

describe('randomness', () => {
  it('is even, and the same for the same seed only', () => {
    const draw = (seed: number) => {
      const random = uniform(seed)
      return Array.from({ length: 10_000 }, random)
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(0)).not.toEqual(draw(1))
    const tenths = draw(1).reduce(
      (counts, value) => counts.with(Math.floor(value * 10), counts[Math.floor(value * 10)]! + 1),
      Array(10).fill(0),
    )
    // Chi-square with 9 degrees of freedom: 27.9 is its 99.9 % quantile.
    expect(tenths.reduce((sum: number, count: number) => sum + (count - 1_000) ** 2 / 1_000, 0)).toBeLessThan(27.9)
  })

  it('permutes without losing anybody', () => {
    const order = permutation(1_000, uniform(9))
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
    expect(Array.from(order)).not.toEqual(Array.from({ length: 1_000 }, (_, i) => i))
  })
})
