import { describe, expect, it } from 'vitest'
import { anytimeEstimate } from './anytime.ts'
import { bootstrap } from './bootstrap.ts'
import { aucDifferenceEstimate, aucEstimate } from './delong.ts'
import type { Estimation, IntervalEstimate } from './estimate.ts'
import { holm } from './holm.ts'
import { calibrationErrorEstimate } from './metrics/calibration-interval.ts'
import { type Ranking, rankByScore } from './metrics/ranking.ts'
import { studentizedMean } from './metrics/studentized-losses.ts'
import { weightedMean } from './metrics/weights.ts'
import { createRandom, type Random } from './prng.ts'
import { wilsonEstimate } from './proportion.ts'
import { cellPopulation, drawBinomial, rowPopulation } from './resample.ts'
import { normalCdf } from './special/normal.ts'

// How often what is decided at 5 % is decided wrongly: families of slices, pairs of models, whole clusters, samples that grow.

function estimated(estimation: Estimation): IntervalEstimate {
  if (estimation.kind === 'undefined') throw new Error(estimation.reason)
  return estimation
}

/** Share of rounds in which something holds. */
function shareOf(name: string, rounds: number, holds: (random: Random) => boolean): number {
  const random = createRandom('error rates', name)
  let held = 0
  for (let round = 0; round < rounds; round++) if (holds(random)) held++
  return held / rounds
}

const holdsTruth = ({ interval }: IntervalEstimate, truth: number): boolean => {
  const { low, high } = interval(0.95)
  return low <= truth && truth <= high
}

/** Labels and binormal scores of so many rows. */
function binormal(random: Random, positives: number, rows: number, distance: number) {
  const labels = Float64Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0))
  return { labels, scores: labels.map((label) => random.normal() + distance * label) }
}

describe('a family of eight slices whose numbers lie at the bound', () => {
  const families: Readonly<Record<string, (random: Random) => number>> = {
    'shares of 60 rows': (random) => estimated(wilsonEstimate(drawBinomial(60, 0.9, random), 60)).p(0.9),
    'areas of 20 positive rows in 120': (random) => {
      const { labels, scores } = binormal(random, 20, 120, 1.5)
      return estimated(aucEstimate(labels, scores)).p(normalCdf(1.5 / Math.SQRT2))
    },
    'means of 100 skewed losses': (random) => {
      const losses = Float64Array.from({ length: 100 }, () => Math.exp(random.normal() / 2))
      const estimate = bootstrap(
        { populations: [rowPopulation(100)], random, replicates: 799 },
        { evaluate: (counts) => weightedMean(losses, counts), studentized: studentizedMean(losses) },
      )
      return estimated(estimate).p(Math.exp(0.125))
    },
  }
  it.each(Object.keys(families))('%s: some slice is decided in few families', (name) => {
    const pOf = families[name]
    if (pOf === undefined) throw new Error(name)
    const wrong = shareOf(name, 300, (random) =>
      holm(
        Array.from({ length: 8 }, () => pOf(random)),
        0.05,
      ).some(({ rejected }) => rejected),
    )
    // 5 %, the simulation's error of 1.3 points, and what the far tails of intervals by approximation add.
    expect(wrong).toBeLessThan(0.09)
  })
})

describe('two models on the same rows', () => {
  it.each([
    [10, 100, 1.5, 1.5],
    [10, 100, 2.3, 1.5],
    [20, 40, 2.3, 1.5],
    [20, 200, 1.5, 1.5],
    [20, 200, 2.2, 1.2],
    [100, 300, 1, 0.8],
  ])('areas of %d positive rows of %d, distances %d and %d', (positives, rows, one, other) => {
    const truth = normalCdf(one / Math.SQRT2) - normalCdf(other / Math.SQRT2)
    const held = shareOf(`pairs ${positives} ${one} ${other}`, 600, (random) => {
      const { labels, scores } = binormal(random, positives, rows, 0)
      // Scores that share half of their variance.
      const own = (distance: number) =>
        scores.map((score, row) => Math.SQRT1_2 * (score + random.normal()) + distance * (labels[row] as number))
      return holdsTruth(estimated(aucDifferenceEstimate(labels, own(one), own(other))), truth)
    })
    // Of ten rows 92 %, with the simulation's error of a point; of twenty 94 %.
    expect(held).toBeGreaterThan(positives === 10 ? 0.905 : 0.925)
    expect(held).toBeLessThan(0.985)
  })
  it('means of skewed losses that are alike', () => {
    const held = shareOf('paired losses', 300, (random) => {
      const apart = Float64Array.from({ length: 200 }, () => {
        const shared = random.normal()
        return Math.exp((shared + random.normal()) / 2) - Math.exp((shared + random.normal()) / 2)
      })
      const estimate = bootstrap(
        { populations: [rowPopulation(200)], random, replicates: 599 },
        { evaluate: (counts) => weightedMean(apart, counts) },
      )
      return holdsTruth(estimated(estimate), 0)
    })
    expect(held).toBeGreaterThan(0.92)
  })
})

describe('rows of clusters that are alike', () => {
  it.each([40, 150])('%d clusters: whole ones are drawn, and the mean is held', (clusters) => {
    const held = shareOf(`clusters ${clusters}`, 300, (random) => {
      const sums = new Float64Array(clusters)
      const sizes = Float64Array.from({ length: clusters }, () => 1 + random.int(9))
      for (let cluster = 0; cluster < clusters; cluster++) {
        const own = random.normal()
        for (let row = 0; row < (sizes[cluster] as number); row++)
          sums[cluster] = (sums[cluster] as number) + own + random.normal()
      }
      const estimate = bootstrap(
        { populations: [cellPopulation(new Uint32Array(clusters).fill(1))], random, replicates: 599 },
        {
          evaluate(counts) {
            const [sum, rows] = [weightedMean(sums, counts), weightedMean(sizes, counts)]
            return sum === undefined || rows === undefined ? undefined : sum / rows
          },
        },
      )
      return holdsTruth(estimated(estimate), 0)
    })
    expect(held).toBeGreaterThan(0.905)
    expect(held).toBeLessThan(0.985)
  })
})

describe('a sample that is looked at eight times while it grows', () => {
  const LOOKS = [100, 150, 220, 330, 500, 750, 1100, 1600]
  const most = LOOKS[LOOKS.length - 1] as number
  const streams: Readonly<Record<string, { readonly truth: number; draw(random: Random): (n: number) => Estimation }>> =
    {
      'an area near 1': {
        truth: normalCdf(2 / Math.SQRT2),
        draw(random) {
          const labels = Float64Array.from({ length: most }, () => (random.float() < 0.2 ? 1 : 0))
          const scores = labels.map((label) => random.normal() + 2 * label)
          return (n) => aucEstimate(labels.subarray(0, n), scores.subarray(0, n))
        },
      },
      'a calibration error': {
        truth: 0.05,
        draw(random) {
          const scores = Float64Array.from({ length: most }, () => 0.1 + 0.8 * random.float())
          const labels = scores.map((score) => (random.float() < score + 0.05 ? 1 : 0))
          return (n) => calibrationErrorEstimate(rankByScore(labels.subarray(0, n), scores.subarray(0, n)) as Ranking)
        },
      },
      'a mean of skewed losses': {
        truth: Math.exp(0.125),
        draw(random) {
          const losses = Float64Array.from({ length: most }, () => Math.exp(random.normal() / 2))
          return (n) => {
            const own = losses.subarray(0, n)
            return bootstrap(
              { populations: [rowPopulation(n)], random, replicates: 199 },
              { evaluate: (counts) => weightedMean(own, counts), studentized: studentizedMean(own) },
            )
          }
        },
      },
    }
  it.each(Object.keys(streams))('%s is held by all looks together', (name) => {
    const stream = streams[name]
    if (stream === undefined) throw new Error(name)
    const held = shareOf(name, 200, (random) => {
      const look = stream.draw(random)
      return LOOKS.every((n) => {
        const estimate = look(n)
        return estimate.kind === 'undefined' || holdsTruth(anytimeEstimate(estimate, n), stream.truth)
      })
    })
    expect(held).toBeGreaterThan(0.935)
  })
  it('the end above a calibration error is not the error itself', () => {
    const estimate = estimated(
      streams['a calibration error']?.draw(createRandom('error rates', 'end'))(100) as Estimation,
    )
    const { low, high } = anytimeEstimate(estimate, 100).interval(0.95)
    const once = estimate.interval(0.95)
    expect(low).toBeLessThanOrEqual(once.low)
    expect(high).toBeGreaterThan(once.high)
    expect(anytimeEstimate(estimate, 100).p(0.9)).toBeLessThan(1e-6)
  })
})
