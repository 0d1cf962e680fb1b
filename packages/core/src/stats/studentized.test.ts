import { describe, expect, it } from 'vitest'
import { bootstrap } from './bootstrap.ts'
import { studentizedDetermination, studentizedMean, studentizedRatio } from './metrics/studentized-losses.ts'
import { r2 } from './metrics/regression.ts'
import { weightedMean } from './metrics/weights.ts'
import { createRandom, type Random } from './prng.ts'
import { rowPopulation } from './resample.ts'
import type { Studentized } from './studentized.ts'

const once = (rows: number): Uint32Array => new Uint32Array(rows).fill(1)

/** The standard error that leaving each row out gives. */
function jackknifeError(studentized: Studentized, rows: number): number {
  const places = Array.from({ length: rows }, (_, row) => {
    const counts = once(rows)
    counts[row] = 0
    return studentized.locate(counts)?.at ?? Number.NaN
  })
  const mean = places.reduce((sum, place) => sum + place, 0) / rows
  return Math.sqrt(((rows - 1) / rows) * places.reduce((sum, place) => sum + (place - mean) ** 2, 0))
}

describe('standard errors on the logarithm', () => {
  const random = createRandom('studentized', 'errors')
  const rows = 2000
  const observed = Float64Array.from({ length: rows }, () => 5 + 2 * random.normal())
  const errors = Float64Array.from({ length: rows }, () => 0.2 + Math.exp(random.normal() / 2) - 1)
  const squares = errors.map((error) => error * error)
  const absolute = errors.map(Math.abs)
  it.each([
    ['a mean', studentizedMean(absolute), weightedMean(absolute)],
    ['the root of one', studentizedMean(squares, 0.5), Math.sqrt(weightedMean(squares) ?? 0)],
    ['a ratio', studentizedRatio(absolute, observed.map(Math.abs)), undefined],
    ['R²', studentizedDetermination(observed, errors, false), r2(observed, squares)],
    ['explained variance', studentizedDetermination(observed, errors, true), undefined],
  ])('of %s are the jackknife’s', (_, studentized, value) => {
    const located = studentized.locate(once(rows))
    if (located === undefined) throw new Error('not located')
    if (value !== undefined) expect(located.value).toBeCloseTo(value, 12)
    expect(studentized.valueAt(located.at)).toBeCloseTo(located.value, 10)
    expect(Math.abs(located.error / jackknifeError(studentized, rows) - 1)).toBeLessThan(0.01)
  })
  it('of R² keep their digits far from 0, and on any scale', () => {
    const far = observed.map((value) => 1e6 + value / 1e3)
    const small = errors.map((error) => error / 1e3)
    const [near, moved] = [
      studentizedDetermination(observed, errors, true),
      studentizedDetermination(far, small, true),
    ].map((each) => each.locate(once(rows)))
    expect(moved?.value).toBeCloseTo(near?.value ?? Number.NaN, 6)
    expect((moved?.error ?? 0) / (near?.error ?? 1)).toBeCloseTo(1, 6)
    expect(
      studentizedDetermination(new Float64Array(5).fill(3), errors.subarray(0, 5), false).locate(once(5)),
    ).toBeUndefined()
  })
  it('do not exist where no row counts, or no loss is above 0', () => {
    expect(studentizedMean(absolute).locate(new Uint32Array(rows))).toBeUndefined()
    expect(studentizedMean(new Float64Array(5)).locate(once(5))).toMatchObject({ value: 0, at: -Infinity })
    expect(studentizedMean(new Float64Array(5).fill(2)).locate(once(5))?.error).toBe(0)
  })
})

const skewed = (random: Random, rows: number): Float64Array =>
  Float64Array.from({ length: rows }, () => (Math.exp(0.7 * random.normal()) - 1.3) ** 2)

function estimateOf(losses: Float64Array, random: Random, replicates = 599) {
  return bootstrap(
    { populations: [rowPopulation(losses.length)], random, replicates },
    {
      evaluate: (counts) => weightedMean(losses, counts),
      studentized: studentizedMean(losses),
      range: { low: 0, high: Infinity },
    },
  )
}

describe('the bootstrap-t', () => {
  it('is nested in the level, inverts to its p-values, and knows nothing below 2 / (B + 1)', () => {
    const random = createRandom('studentized', 'nested')
    const estimate = estimateOf(skewed(random, 60), random)
    if (estimate.kind !== 'estimate') throw new Error(estimate.reason)
    expect(estimate.method).toBe('bootstrap-t')
    let before = { low: estimate.value, high: estimate.value }
    for (const level of [0.5, 0.8, 0.9, 0.95, 0.99, 0.995]) {
      const { low, high } = estimate.interval(level)
      expect(low).toBeLessThanOrEqual(before.low)
      expect(high).toBeGreaterThanOrEqual(before.high)
      expect(low).toBeGreaterThan(0)
      expect(estimate.p(0.99 * low)).toBeLessThanOrEqual(1 - level + 1e-9)
      before = { low, high }
    }
    expect(estimate.interval(0.998)).toEqual({ low: 0, high: Infinity })
    expect(estimate.p(estimate.value)).toBe(1)
  })
  it('leaves rare losses to BCa, and says where nothing varies', () => {
    const random = createRandom('studentized', 'rare')
    const rare = new Float64Array(200)
    rare.fill(1, 0, 3)
    expect(estimateOf(rare, random)).toMatchObject({ kind: 'estimate', method: 'bca' })
    expect(estimateOf(new Float64Array(200).fill(2), random)).toMatchObject({ reason: 'no-variation' })
    expect(estimateOf(skewed(random, 19), random)).toMatchObject({ reason: 'too-few-rows' })
  })
  it('holds the mean of squared skewed errors more often than BCa (200 rows)', () => {
    const random = createRandom('studentized', 'coverage')
    // E (e^(σz) − c)² = e^(2σ²) − 2 c e^(σ²/2) + c².
    const truth = Math.exp(2 * 0.49) - 2.6 * Math.exp(0.245) + 1.69
    const held = { bootstrapT: 0, bca: 0 }
    const rounds = 300
    for (let round = 0; round < rounds; round++) {
      const losses = skewed(random, 200)
      const both = [
        ['bootstrapT', estimateOf(losses, random, 399)],
        [
          'bca',
          bootstrap(
            { populations: [rowPopulation(200)], random, replicates: 399 },
            { evaluate: (counts) => weightedMean(losses, counts) },
          ),
        ],
      ] as const
      for (const [name, estimate] of both) {
        if (estimate.kind !== 'estimate') throw new Error(estimate.reason)
        const { low, high } = estimate.interval(0.95)
        if (low <= truth && truth <= high) held[name]++
      }
    }
    expect(held.bootstrapT / rounds).toBeGreaterThan(0.9)
    expect(held.bootstrapT).toBeGreaterThan(held.bca)
  })
})
