import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import { averagePrecision } from '../../stats/metrics/average-precision.ts'
import { calibrationErrorEstimate } from '../../stats/metrics/calibration-interval.ts'
import { type Ranking, rankByScore } from '../../stats/metrics/ranking.ts'
import { topShare } from '../../stats/metrics/top-share.ts'
import type { Weights } from '../../stats/metrics/weights.ts'
import { createRandom } from '../../stats/prng.ts'
import { rowPopulation } from '../../stats/resample.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { calibrationAtMost } from './calibration.ts'
import { type KnownError, normalBeyond } from './normal-effect.ts'
import { averagePrecisionCanHold, averagePrecisionError, averagePrecisionRows, topError } from './ranked.ts'

const random = createRandom('plumbline', 'ranked test')
type Metric = (ranking: Ranking, weights?: Weights) => number | undefined

/** The interval that decides a number of ranked rows. */
function decided(metric: Metric, labels: Uint8Array, scores: Float64Array, replicates = 199) {
  const ranking = rankByScore(labels, scores)
  const found = bootstrap(
    { populations: [rowPopulation(labels.length)], random, replicates },
    {
      evaluate: (counts) => (ranking === undefined ? undefined : metric(ranking, counts)),
      range: { low: 0, high: 1e9 },
    },
  )
  return found.kind === 'estimate' ? found.interval(0.95) : undefined
}

/** Rows whose score is normal, that of positive ones so much higher. */
function drawRows(positives: number, negatives: number, shift: number) {
  const labels = Uint8Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0))
  return { labels, scores: Float64Array.from(labels, (label) => random.normal() + label * shift) }
}

/** The shift at which the metric of the whole population, normal scores at their quantiles, has a value. */
function shiftOf(metric: Metric, positives: number, negatives: number, value: number): number {
  const times = Math.ceil(2_000 / positives)
  const own = [positives * times, negatives * times] as const
  const labels = Uint8Array.from({ length: own[0] + own[1] }, (_, i) => (i < own[0] ? 1 : 0))
  const scores = Float64Array.from(labels, (label, i) =>
    normalQuantile(label === 1 ? (i + 0.5) / own[0] : (i - own[0] + 0.5) / own[1]),
  )
  let [low, high] = [0, 8]
  for (let i = 0; i < 14; i++) {
    const middle = (low + high) / 2
    const ranking = rankByScore(
      labels,
      scores.map((score, row) => score + (labels[row] as number) * middle),
    )
    if ((ranking === undefined ? 0 : (metric(ranking) ?? 0)) < value) low = middle
    else high = middle
  }
  return high
}

function power(metric: Metric, positives: number, negatives: number, known: KnownError, bound: number, trials = 100) {
  const detectable = normalBeyond(known, bound, true, 0.95)
  if (detectable === undefined) return undefined
  const shift = shiftOf(metric, positives, negatives, detectable)
  let shown = 0
  for (let trial = 0; trial < trials; trial++) {
    const { labels, scores } = drawRows(positives, negatives, shift)
    if ((decided(metric, labels, scores)?.low ?? -1) >= bound) shown++
  }
  return shown / trials
}

describe('average precision', () => {
  it.each([
    [60, 140, 0.6],
    [100, 100, 0.8],
    [50, 450, 0.4],
    [40, 960, 0.5],
    [150, 600, 0.3],
  ])('of %i and %i rows is shown to be %d four times in five where detectable', (positives, negatives, bound) => {
    const found = power(averagePrecision, positives, negatives, averagePrecisionError(positives), bound)
    expect(found, String(found)).toBeGreaterThan(0.73)
    expect(found).toBeLessThan(1)
  })
})

describe('the top rows', () => {
  it.each([
    ['precision', 'top_precision', 0.1, 150, 850, 0.4],
    ['precision', 'top_precision', 0.2, 100, 300, 0.5],
    ['gain', 'gain', 0.2, 100, 500, 0.4],
    ['gain', 'gain', 0.3, 60, 300, 0.6],
    ['lift', 'lift', 0.1, 100, 700, 2],
  ] as const)(
    '%s (%s of %d) of %i and %i rows is shown to be %d where detectable',
    (part, metric, share, p, n, bound) => {
      const of: Metric = (ranking, weights) => topShare(share, ranking, weights)?.[part]
      const found = power(of, p, n, topError(metric, share, p + n, p), bound)
      expect(found, String(found)).toBeGreaterThan(0.75)
    },
  )
})

describe('the calibration error', () => {
  /** The upper end of the interval that decides. */
  function calibrated(labels: Uint8Array, scores: Float64Array): number {
    const ranking = rankByScore(labels, scores)
    const found = ranking === undefined ? undefined : calibrationErrorEstimate(ranking)
    return found?.kind === 'estimate' ? found.interval(0.95).high : 1
  }

  /** Scores whose rows are positive as often as they say, or more often by so much where there is room. */
  function drawScores(rows: number, off: number, spread: number) {
    const scores = Float64Array.from({ length: rows }, () => 0.5 + spread * (random.float() - 0.5))
    return { scores, labels: Uint8Array.from(scores, (score) => (random.float() < score + off ? 1 : 0)) }
  }

  it.each([
    [1000, 0.1, 0.6],
    [1000, 0.1, 0.05],
    [3000, 0.06, 0.6],
    [400, 0.2, 0.6],
  ])('of %i rows is shown to be at most %d where detectable', (rows, bound, spread) => {
    const { detectable = Number.NaN } = calibrationAtMost(rows, rows / 2, bound, 0.95)
    let shown = 0
    const trials = 80
    for (let trial = 0; trial < trials; trial++) {
      const { labels, scores } = drawScores(rows, detectable, spread)
      if (calibrated(labels, scores) <= bound) shown++
    }
    expect(shown / trials, String(shown / trials)).toBeGreaterThanOrEqual(0.8)
  })

  it('of so few rows that not even a calibrated score shows it, of as many as would do it is shown', () => {
    const { detectable, enough } = calibrationAtMost(200, 100, 0.05, 0.95)
    expect(detectable).toBeUndefined()
    const { rows = 0 } = enough ?? {}
    let shown = 0
    for (let trial = 0; trial < 60; trial++) {
      const { labels, scores } = drawScores(rows, 0, 0.8)
      if (calibrated(labels, scores) <= 0.05) shown++
    }
    expect(shown / 60).toBeGreaterThanOrEqual(0.8)
  })
})

describe('an order', () => {
  it.each([
    [10, 15, 0.9],
    [10, 15, 0.99],
    [4, 18, 0.9],
    [2, 30, 0.5],
  ])('of %i and %i rows shows an average precision of %d exactly where one with few mistakes does', (p, n, bound) => {
    const canHold = averagePrecisionCanHold(p, n, bound, 0.95)
    let shown = false
    // All orders of a negative among the positives, and two.
    for (let one = 0; one <= p; one++)
      for (let two = one; two <= p; two++) {
        if (one === p && two === p) continue
        const order = [
          ...Array.from({ length: one }, () => 1),
          0,
          ...Array.from({ length: two - one }, () => 1),
          ...(two < p ? [0] : []),
          ...Array.from({ length: p - two }, () => 1),
        ]
        const rows = [...order, ...Array.from({ length: p + n - order.length }, () => 0)]
        const interval = decided(
          averagePrecision,
          Uint8Array.from(rows),
          Float64Array.from(rows, (_, i) => -i),
          799,
        )
        shown ||= interval !== undefined && interval.low >= bound
      }
    expect(canHold || !shown).toBe(true)
    if (!canHold) {
      const rows = averagePrecisionRows(p, n, bound, 0.95) ?? 0
      const more = Math.round((rows * p) / (p + n))
      expect(averagePrecisionCanHold(more, rows - more, bound, 0.95)).toBe(true)
    }
  })
})
