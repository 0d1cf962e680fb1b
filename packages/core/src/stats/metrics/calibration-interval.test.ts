import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../prng.ts'
import { calibrationError } from './calibration.ts'
import { calibrationErrorEstimate } from './calibration-interval.ts'
import { type Ranking, rankByScore } from './ranking.ts'

/** Uniform scores on (0.1, 0.9); the rate of positives lies `off` above them. */
function ranked(random: Random, rows: number, off: number): Ranking {
  const scores = Float64Array.from({ length: rows }, () => 0.1 + 0.8 * random.float())
  const labels = scores.map((score) => (random.float() < score + off ? 1 : 0))
  const ranking = rankByScore(labels, scores)
  if (ranking === undefined) throw new Error('a score is NaN')
  return ranking
}

describe('the interval of the calibration error', () => {
  it.each([
    [200, 0],
    [200, 0.04],
    [200, 0.1],
    [60, 0.1],
    [1000, 0.04],
  ])('%d rows, %d off: holds that of the population', (rows, off) => {
    const random = createRandom('calibration', `${rows} ${off}`)
    const rounds = 600
    let held = 0
    for (let round = 0; round < rounds; round++) {
      const ranking = ranked(random, rows, off)
      const estimate = calibrationErrorEstimate(ranking)
      if (estimate.kind === 'undefined') throw new Error(estimate.reason)
      expect(estimate.value).toBeCloseTo(calibrationError(ranking) ?? Number.NaN, 12)
      const { low, high } = estimate.interval(0.95)
      expect(low).toBeLessThanOrEqual(estimate.value)
      expect(high).toBeGreaterThanOrEqual(estimate.value)
      if (low <= off && off <= high) held++
    }
    expect(held / rounds).toBeGreaterThan(0.925)
    expect(held / rounds).toBeLessThan(0.99)
  })
  it('is nested, and its p-values invert it', () => {
    const estimate = calibrationErrorEstimate(ranked(createRandom('calibration', 'nested'), 500, 0.1))
    if (estimate.kind === 'undefined') throw new Error(estimate.reason)
    const [inner, outer] = [estimate.interval(0.8), estimate.interval(0.99)]
    expect(outer.low).toBeLessThan(inner.low)
    expect(outer.high).toBeGreaterThan(inner.high)
    expect(estimate.p(inner.low)).toBeCloseTo(0.2, 6)
    expect(estimate.p(outer.high)).toBeCloseTo(0.01, 6)
  })
  it('does not exist below five rows a bin, without rows, and of scores that are no probabilities', () => {
    expect(calibrationErrorEstimate(ranked(createRandom('calibration', 'few'), 49, 0))).toMatchObject({
      kind: 'undefined',
      reason: 'too-few-rows',
    })
    const none = rankByScore(new Float64Array(0), new Float64Array(0)) as Ranking
    expect(calibrationErrorEstimate(none)).toEqual({ kind: 'undefined', reason: 'empty' })
    const wild = rankByScore(Float64Array.of(1, 0), Float64Array.of(2, 0)) as Ranking
    expect(calibrationErrorEstimate(wild)).toEqual({ kind: 'undefined', reason: 'undefined-metric' })
  })
  it('speaks of one score for all rows, all labels alike included', () => {
    const same = rankByScore(
      Float64Array.from({ length: 100 }, (_, i) => (i < 30 ? 1 : 0)),
      new Float64Array(100).fill(0.5),
    ) as Ranking
    const apart = calibrationErrorEstimate(same)
    if (apart.kind === 'undefined') throw new Error(apart.reason)
    expect(apart.value).toBeCloseTo(0.2, 12)
    expect(apart.interval(0.95).low).toBeGreaterThan(0.05)
    expect(apart.interval(0.95).high).toBeLessThan(0.35)
    const sure = calibrationErrorEstimate(
      rankByScore(new Float64Array(100).fill(1), new Float64Array(100).fill(1)) as Ranking,
    )
    if (sure.kind === 'undefined') throw new Error(sure.reason)
    expect(sure.interval(0.95)).toEqual({ low: 0, high: expect.any(Number) })
  })

  describe('of rows that are not drawn one by one', () => {
    const ranking = ranked(createRandom('calibration', 'drawn'), 400, 0.08)
    const ends = (of: Ranking, drawn: Parameters<typeof calibrationErrorEstimate>[1], level = 0.95) => {
      const estimate = calibrationErrorEstimate(of, drawn)
      if (estimate.kind === 'undefined') throw new Error(estimate.reason)
      return { value: estimate.value, ...estimate.interval(level) }
    }
    const rows = (of: (row: number) => number): Float64Array => Float64Array.from({ length: 400 }, (_, row) => of(row))

    it('does not depend on the unit of the weights, and is wider where they differ', () => {
      const differing = rows((row) => (row % 2 === 0 ? 1.9 : 0.1))
      const [one, seven] = [ends(ranking, { weights: rows(() => 1) }), ends(ranking, { weights: rows(() => 7) })]
      expect(seven.value).toBeCloseTo(one.value, 12)
      expect([seven.low, seven.high].map((end) => end.toFixed(9))).toEqual(
        [one.low, one.high].map((end) => end.toFixed(9)),
      )
      const { low, high } = ends(ranking, { weights: differing })
      expect(high - low).toBeGreaterThan(1.15 * (one.high - one.low))
    })

    it('is the plain one where each row is its own cluster, and that of the rows where each came twice', () => {
      const own = Uint32Array.from({ length: 400 }, (_, row) => row)
      const plain = ends(ranking, {})
      const alone = ends(ranking, { clusters: own })
      for (const end of ['value', 'low', 'high'] as const) expect(alone[end]).toBeCloseTo(plain[end], 3)
      const random = createRandom('calibration', 'twice')
      const scores = Float64Array.from({ length: 400 }, () => 0.1 + 0.8 * random.float())
      const labels = scores.map((score) => (random.float() < score + 0.08 ? 1 : 0))
      const twice = (values: Float64Array): Float64Array =>
        Float64Array.from({ length: 800 }, (_, i) => values[i >> 1] ?? 0)
      const [once, doubled] = [rankByScore(labels, scores), rankByScore(twice(labels), twice(scores))]
      if (once === undefined || doubled === undefined) throw new Error('a score is NaN')
      const together = ends(doubled, { clusters: Uint32Array.from({ length: 800 }, (_, i) => i >> 1) })
      const single = ends(once, {})
      expect(together.high - together.low).toBeCloseTo(single.high - single.low, 2)
      expect(together.high - together.low).toBeGreaterThan(1.25 * (ends(doubled, {}).high - ends(doubled, {}).low))
    })

    it('has none where few rows bear all the weight, or few clusters were drawn', () => {
      const nineteen = Uint32Array.from({ length: 400 }, (_, row) => row % 19)
      expect(calibrationErrorEstimate(ranking, { clusters: nineteen })).toMatchObject({ reason: 'too-few-rows' })
      const estimate = calibrationErrorEstimate(ranking, { weights: rows((row) => (row < 20 ? 1 : 1e-6)) })
      expect(estimate).toMatchObject({ kind: 'undefined', reason: 'too-few-rows' })
    })
  })
})
