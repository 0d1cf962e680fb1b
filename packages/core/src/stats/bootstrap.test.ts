import { describe, expect, it } from 'vitest'
import golden from '../../golden/stats/bootstrap.json' with { type: 'json' }
import type { BcaEstimate } from './bca.ts'
import { type BootstrapEstimation, bootstrap, bootstrapAll, replicatesFor, type Statistic } from './bootstrap.ts'
import { averagePrecision } from './metrics/average-precision.ts'
import { confusionKind, confusionOf, f1 } from './metrics/confusion.ts'
import { brierLosses } from './metrics/probability.ts'
import { rankByScore } from './metrics/ranking.ts'
import { weightedMean } from './metrics/weights.ts'
import { createRandom } from './prng.ts'
import { cellPopulation, type Population, rowPopulation } from './resample.ts'
import { cpuMs } from '../../../../tests/support/cpu.ts'

function defined(estimation: BootstrapEstimation): BcaEstimate {
  if (estimation.kind === 'undefined') throw new Error(estimation.reason)
  if (!('replicates' in estimation)) throw new Error(`made by ${estimation.method}`)
  return estimation
}

const meanOf = (values: readonly number[]): Statistic => ({ evaluate: (counts) => weightedMean(values, counts) })

function varianceOf(values: readonly number[]): Statistic {
  return {
    evaluate(counts) {
      const mean = weightedMean(values, counts)
      if (mean === undefined || counts === undefined) return undefined
      const n = counts.reduce((sum, count) => sum + count, 0)
      return (
        (n / (n - 1)) *
        (weightedMean(
          values.map((value) => (value - mean) ** 2),
          counts,
        ) ?? 0)
      )
    },
  }
}

/** The statistic of each golden case, on rows and (f1) also on the cells of the confusion matrix. */
function statisticsOf(row: (typeof golden.cases)[number]): { populations: Population[]; statistic: Statistic }[] {
  const { x = [], a = [], b = [], labels = [], scores = [] } = row
  const rows = rowPopulation(labels.length)
  switch (row.name) {
    case 'mean':
      return [{ populations: [rowPopulation(x.length)], statistic: meanOf(x) }]
    case 'variance':
      return [{ populations: [rowPopulation(x.length)], statistic: varianceOf(x) }]
    case 'brier':
      return [{ populations: [rows], statistic: meanOf([...brierLosses(labels, scores)]) }]
    case 'averagePrecision': {
      const ranking = rankByScore(labels, scores)
      if (ranking === undefined) throw new Error('NaN')
      return [{ populations: [rows], statistic: { evaluate: (counts) => averagePrecision(ranking, counts) } }]
    }
    case 'f1': {
      const kinds = labels.map((label, i) => confusionKind(label, (scores[i] ?? 0) >= 0.5 ? 1 : 0))
      const cells = [0, 1, 2, 3].map((kind) => kinds.filter((each) => each === kind).length)
      return [
        {
          populations: [rows],
          statistic: {
            evaluate(counts) {
              const sums = [0, 0, 0, 0]
              kinds.forEach((kind, i) => (sums[kind] = (sums[kind] ?? 0) + (counts?.[i] ?? 0)))
              return f1(confusionOf(sums))
            },
          },
        },
        {
          populations: [cellPopulation(cells)],
          statistic: { evaluate: (counts) => counts && f1(confusionOf(counts)) },
        },
      ]
    }
    default:
      return [
        {
          populations: [rowPopulation(a.length), rowPopulation(b.length)],
          statistic: { evaluate: (u, v) => (weightedMean(a, u) ?? 0) - (weightedMean(b, v) ?? 0) },
        },
      ]
  }
}

describe('BCa against scipy.stats.bootstrap', () => {
  for (const row of golden.cases) {
    it(row.name, () => {
      for (const { populations, statistic } of statisticsOf(row)) {
        const random = createRandom('golden', row.name)
        const estimate = defined(bootstrap({ populations, random, replicates: 9999 }, statistic))
        expect(estimate.value).toBeCloseTo(row.value, 12)
        for (const [level = 0, low = 0, high = 0] of row.intervals) {
          const interval = estimate.interval(level)
          // Monte-Carlo error of a tail quantile. The upper end of the variance of lognormal numbers lies among the few
          // greatest replicates: SciPy's own answers for four seeds spread over 0.65 standard errors.
          const tolerance = (row.name === 'variance' ? 0.65 : 0.15) * row.standardError
          expect(Math.abs(interval.low - low), `low at ${level}`).toBeLessThan(tolerance)
          expect(Math.abs(interval.high - high), `high at ${level}`).toBeLessThan(tolerance)
        }
      }
    })
  }
})

describe('one set of replicates answers every level', () => {
  const random = createRandom('levels', 'test')
  const values = Array.from({ length: 80 }, () => Math.exp(random.normal()))
  const estimate = defined(bootstrap({ populations: [rowPopulation(80)], random }, meanOf(values)))

  it('intervals are nested and contain the value', () => {
    let inner = { low: estimate.value, high: estimate.value }
    for (const level of [0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999]) {
      const outer = estimate.interval(level)
      expect(outer.low).toBeLessThanOrEqual(inner.low)
      expect(outer.high).toBeGreaterThanOrEqual(inner.high)
      inner = outer
    }
  })
  it('claims nothing below the smallest α', () => {
    expect(estimate.smallestAlpha).toBe(0.001)
    expect(estimate.interval(0.9995)).toEqual({ low: -Infinity, high: Infinity })
    expect(estimate.p(-100)).toBe(0.001)
  })
  it('p-values invert the intervals', () => {
    const { low, high } = estimate.interval(0.998)
    for (let step = 1; step < 60; step++) {
      const at = low + ((high - low) * step) / 60
      const p = estimate.p(at)
      const excludes = (alpha: number) => {
        const interval = estimate.interval(1 - alpha)
        return at < interval.low || at > interval.high
      }
      if (p < 0.99) expect(excludes(p * 1.00001), `${at}: ${p}`).toBe(true)
      if (p > 0.0011) expect(excludes(p * 0.99999), `${at}: ${p}`).toBe(false)
    }
  })
  it('asks for more replicates where a family needs them', () => {
    expect(replicatesFor(0.05)).toBe(1999)
    expect(replicatesFor(0.05 / 40)).toBe(15_999)
  })
})

describe('joint resampling', () => {
  it('is the same on one pass for several statistics as alone', () => {
    const values = [1, 5, 2, 8, 3, 9, 4, 4, 4, 1].flatMap((value) => [value, value / 2])
    const request = () => ({ populations: [rowPopulation(20)], random: createRandom('joint', 'test'), replicates: 299 })
    const [first, second] = bootstrapAll(request(), [meanOf(values), varianceOf(values)])
    expect(defined(first as BootstrapEstimation).interval(0.9)).toEqual(
      defined(bootstrap(request(), meanOf(values))).interval(0.9),
    )
    expect(second?.kind).toBe('estimate')
  })
  it('of a paired margin is narrower than two samples', () => {
    const random = createRandom('paired', 'test')
    const left = Array.from({ length: 300 }, () => random.normal())
    const right = left.map((value) => value + 0.1 * random.normal() - 0.1)
    const rows = rowPopulation(300)
    const paired = bootstrap(
      { populations: [rows], random, replicates: 499 },
      { evaluate: (counts) => (weightedMean(left, counts) ?? 0) - (weightedMean(right, counts) ?? 0) },
    )
    const apart = bootstrap(
      { populations: [rows, rows], random, replicates: 499 },
      { evaluate: (u, v) => (weightedMean(left, u) ?? 0) - (weightedMean(right, v) ?? 0) },
    )
    const width = (estimation: BootstrapEstimation) => {
      const { low, high } = defined(estimation).interval(0.95)
      return high - low
    }
    expect(width(paired)).toBeLessThan(width(apart) / 4)
    expect(defined(paired).interval(0.95).low).toBeGreaterThan(0)
  })
  it('is reproducible, and different under another purpose', () => {
    const run = (purpose: string) =>
      defined(
        bootstrap(
          { populations: [rowPopulation(25)], random: createRandom('s', purpose), replicates: 99 },
          meanOf(Array.from({ length: 25 }, (_, i) => (i % 5) ** 2)),
        ),
      ).replicates
    expect(run('a')).toEqual(run('a'))
    expect(run('a')).not.toEqual(run('b'))
  })
})

describe('where there is no interval', () => {
  const request = (populations: Population[]) => ({
    populations,
    random: createRandom('none', 'test'),
    replicates: 199,
  })
  it('says why', () => {
    expect(bootstrap(request([rowPopulation(0)]), meanOf([]))).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(bootstrap(request([cellPopulation([0, 0])]), meanOf([]))).toEqual({ kind: 'undefined', reason: 'empty' })
    const never: Statistic = { evaluate: () => Number.NaN }
    expect(bootstrap(request([rowPopulation(3)]), never)).toEqual({ kind: 'undefined', reason: 'undefined-metric' })
    expect(bootstrap(request([rowPopulation(3)]), meanOf([0.5, 0.5, 0.5]))).toEqual({
      kind: 'undefined',
      reason: 'no-variation',
      value: 0.5,
    })
  })
  it('few rows have a value and no interval, of whichever population', () => {
    const rows = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
    expect(bootstrap(request([rowPopulation(19)]), meanOf(rows(19)))).toEqual({
      kind: 'undefined',
      reason: 'too-few-rows',
      value: 9,
    })
    expect(bootstrap(request([rowPopulation(20)]), meanOf(rows(20))).kind).toBe('estimate')
    const two: Statistic = { evaluate: (u, v) => (weightedMean(rows(40), u) ?? 0) - (weightedMean(rows(3), v) ?? 0) }
    expect(bootstrap(request([rowPopulation(40), rowPopulation(3)]), two)).toMatchObject({ reason: 'too-few-rows' })
    expect(bootstrap(request([cellPopulation([10, 10])]), { evaluate: (counts) => counts?.[0] ?? 10 }).kind).toBe(
      'estimate',
    )
  })
  it('counts resamples on which the statistic does not exist', () => {
    const needsFirst: Statistic = { evaluate: (counts) => (counts && (counts[0] ?? 0) > 0 ? counts[1] : undefined) }
    const few = bootstrap(request([rowPopulation(6)]), needsFirst)
    expect(few).toEqual({ kind: 'undefined', reason: 'undefined-replicates', value: 1 })
    const many = defined(bootstrap(request([cellPopulation([4, 20, 20])]), needsFirst))
    expect(many.undefinedReplicates).toBeGreaterThan(0)
    expect(many.undefinedReplicates).toBeLessThan(10)
    expect(many.replicates.length + many.undefinedReplicates).toBe(199)
  })
  it('an end that the resamples cannot show is the end of the range', () => {
    // A statistic biased upwards on every resample, as distances at 0 are.
    const estimate = defined(
      bootstrap(request([rowPopulation(30)]), {
        evaluate: (counts) => (counts ?? new Uint32Array()).reduce((sum, count) => sum + (count - 1) ** 2, 0),
        range: { low: 0, high: 900 },
      }),
    )
    const { low, high } = estimate.interval(0.95)
    expect(low).toBe(0)
    expect(high).toBeLessThanOrEqual(estimate.replicates[0] ?? 0)
  })
})

describe('cost', () => {
  it('1999 replicates of 7 500 rows stay within a few seconds of CPU even on a slow machine', () => {
    const random = createRandom('cost', 'test')
    const labels = Array.from({ length: 7500 }, () => (random.float() < 0.22 ? 1 : 0))
    const scores = labels.map((label) => 1 / (1 + Math.exp(-(label + random.normal() - 1))))
    const ranking = rankByScore(labels, scores)
    if (ranking === undefined) throw new Error('NaN')
    const losses = brierLosses(labels, scores)
    const start = cpuMs()
    const results = bootstrapAll({ populations: [rowPopulation(7500)], random }, [
      { evaluate: (counts) => averagePrecision(ranking, counts) },
      { evaluate: (counts) => weightedMean(losses, counts) },
    ])
    expect(results.every((result) => result.kind === 'estimate')).toBe(true)
    expect(cpuMs() - start).toBeLessThan(10_000)
  })
})
