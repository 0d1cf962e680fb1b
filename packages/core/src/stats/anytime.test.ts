import { describe, expect, it } from 'vitest'
import { anytimeEstimate, betaSequence } from './anytime.ts'
import { affine, type Estimation, type IntervalEstimate } from './estimate.ts'
import { meanEstimate } from './mean.ts'
import { createRandom, type Random } from './prng.ts'
import { wilsonEstimate } from './proportion.ts'

const LOOKS = [50, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400, 3200]

/** Share of streams on which the interval misses the truth at one look or more. */
function missedOnce(
  name: string,
  streams: number,
  truth: number,
  draw: (random: Random) => number,
  estimate: (values: readonly number[]) => Estimation,
): number {
  const random = createRandom('anytime', name)
  let missed = 0
  for (let stream = 0; stream < streams; stream++) {
    const values: number[] = []
    const isMissed = LOOKS.some((rows) => {
      while (values.length < rows) values.push(draw(random))
      const found = estimate(values)
      if (found.kind === 'undefined') return false
      const { low, high } = found.interval(0.95)
      return truth < low || truth > high
    })
    if (isMissed) missed++
  }
  return missed / streams
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): Estimation => {
  const average = sum(values) / values.length
  const squares = values.reduce((total, value) => total + (value - average) ** 2, 0)
  return meanEstimate(average, Math.sqrt(squares / (values.length - 1)), values.length)
}
const always = (found: Estimation, n: number): Estimation =>
  found.kind === 'undefined' ? found : anytimeEstimate(found, n)
const share = (values: readonly number[]): Estimation => wilsonEstimate(sum(values), values.length)

describe('looked at twelve times while rows come in', () => {
  it.each([0.02, 0.3, 0.5, 0.95])('a share of %d: at most 5 %% of streams are ever missed', (p) => {
    const coin = (random: Random): number => (random.float() < p ? 1 : 0)
    expect(missedOnce('fixed', 600, p, coin, share), 'Wilson at each look').toBeGreaterThan(0.12)
    expect(missedOnce('sequence', 600, p, coin, (values) => always(share(values), values.length))).toBeLessThan(0.05)
  })
  it.each([
    ['normal', 0, (random: Random) => random.normal()],
    ['skewed', Math.exp(0.125), (random: Random) => Math.exp(random.normal() / 2)],
  ] as const)('a mean, %s: at most 5 %% of streams are ever missed', (name, truth, draw) => {
    expect(missedOnce(name, 600, truth, draw, mean), "Student's t at each look").toBeGreaterThan(0.12)
    expect(missedOnce(name, 600, truth, draw, (values) => always(mean(values), values.length))).toBeLessThan(0.05)
  })
})

describe('the interval of a sequence', () => {
  const estimates: readonly (readonly [string, IntervalEstimate])[] = [
    ['share', betaSequence(3, 40)],
    ['none', betaSequence(0, 25)],
    ['all', betaSequence(500, 500)],
    ['very many', betaSequence(123_456, 400_000)],
    ['mean', anytimeEstimate(meanEstimate(2, 3, 250) as IntervalEstimate, 250)],
  ]
  it.each(estimates)('of %s is nested, holds the value, and agrees with its p-values', (_, estimate) => {
    const levels = [0.5, 0.8, 0.9, 0.95, 0.99, 0.9999]
    const intervals = levels.map((level) => estimate.interval(level))
    for (const [i, { low, high }] of intervals.entries()) {
      expect(low <= estimate.value && estimate.value <= high).toBe(true)
      const wider = intervals[i + 1]
      if (wider !== undefined) expect(wider.low <= low && wider.high >= high).toBe(true)
      const alpha = 1 - (levels[i] as number)
      for (const end of [low, high]) {
        if (end === 0 || end === 1) continue
        expect(estimate.p(end)).toBeLessThanOrEqual(alpha * 1.001)
        expect(estimate.p(end)).toBeGreaterThan(alpha * 0.98)
      }
    }
  })
  it('is wider than that of one look, and no more than twice as wide at a thousand rows', () => {
    for (const [k, n] of [
      [300, 1000],
      [900, 1000],
    ] as const) {
      const once = wilsonEstimate(k, n) as IntervalEstimate
      const widthOf = (estimate: IntervalEstimate): number => {
        const { low, high } = estimate.interval(0.95)
        return high - low
      }
      expect(widthOf(anytimeEstimate(once, n)) / widthOf(once)).toBeGreaterThan(1.3)
      expect(widthOf(anytimeEstimate(once, n)) / widthOf(once)).toBeLessThan(2)
    }
  })
  it('moves with a scale, as the margin of a comparison does', () => {
    const margin = affine(wilsonEstimate(30, 100) as IntervalEstimate, -1, 0.5)
    const { low, high } = betaSequence(30, 100).interval(0.95)
    expect(anytimeEstimate(margin, 100).interval(0.95)).toEqual({ low: 0.5 - high, high: 0.5 - low })
  })
})
