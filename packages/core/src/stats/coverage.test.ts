import { describe, expect, it } from 'vitest'
import { bootstrap, type Statistic } from './bootstrap.ts'
import { correlationEstimate } from './correlation.ts'
import { aucDifferenceEstimate, aucEstimate, delong } from './delong.ts'
import { histogram, quantileBins } from './distances/bins.ts'
import { divergenceEstimate, ksEstimate, wassersteinEstimate } from './distances/estimates.ts'
import { mergeSamples } from './distances/ks.ts'
import type { Estimation } from './estimate.ts'
import { meanEstimate } from './mean.ts'
import { averagePrecision } from './metrics/average-precision.ts'
import { confusionOf, f1, fBeta } from './metrics/confusion.ts'
import { rankByScore } from './metrics/ranking.ts'
import { absoluteLoss, d2AbsoluteError, lossesOf, tweedieLoss } from './metrics/regression.ts'
import { studentizedMean } from './metrics/studentized-losses.ts'
import { weightedMean } from './metrics/weights.ts'
import { createRandom, type Random } from './prng.ts'
import { clopperPearsonEstimate, weightedProportionEstimate, wilsonEstimate } from './proportion.ts'
import { quantileEstimate } from './quantile.ts'
import { cellPopulation, drawBinomial, rowPopulation } from './resample.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'

/** Share of simulated samples whose interval at `level` holds the truth; samples without an interval do not count. */
function coverage(name: string, rounds: number, truth: number, level: number, sample: (random: Random) => Estimation) {
  const random = createRandom('coverage', name)
  let held = 0
  let decided = 0
  for (let round = 0; round < rounds; round++) {
    const estimation = sample(random)
    if (estimation.kind === 'undefined') continue
    const { low, high } = estimation.interval(level)
    decided++
    if (low <= truth && truth <= high) held++
  }
  expect(decided, 'samples with an interval').toBeGreaterThan(0.9 * rounds)
  return held / decided
}

const normals = (random: Random, n: number) => Array.from({ length: n }, () => random.normal())

function moments(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}

/** Expects 95 % within the given points; 2000 rounds have a standard error of 0.5 points, 500 of 1.0. */
function expectNominal(found: number, below = 0.025, above = 0.025): void {
  expect(found).toBeGreaterThan(0.95 - below)
  expect(found).toBeLessThanOrEqual(0.95 + above)
}

describe('coverage of 95 % intervals', () => {
  it.each([
    [40, 0.5],
    [100, 0.1],
    [300, 0.9],
    [1000, 0.02],
  ])('Wilson: n = %d, p = %d', (n, p) => {
    expectNominal(coverage('wilson', 3000, p, 0.95, (random) => wilsonEstimate(drawBinomial(n, p, random), n)))
  })
  it.each([
    [40, 0.5],
    [100, 0.1],
    [30, 0.01],
  ])('Clopper-Pearson is never below: n = %d, p = %d', (n, p) => {
    const found = coverage('exact', 3000, p, 0.95, (random) => clopperPearsonEstimate(drawBinomial(n, p, random), n))
    expectNominal(found, 0.01, 0.05)
  })
  it.each([
    [200, 0.3],
    [400, 0.9],
  ])('Wilson at the effective number of rows: n = %d, p = %d', (n, p) => {
    expectNominal(
      coverage('weighted', 2000, p, 0.95, (random) => {
        const [sums, squares] = [
          { k: 0, n: 0 },
          { k: 0, n: 0 },
        ]
        for (let row = 0; row < n; row++) {
          const weight = Math.exp(0.7 * random.normal())
          const holds = random.float() < p ? 1 : 0
          sums.n += weight
          sums.k += holds * weight
          squares.n += weight ** 2
          squares.k += holds * weight ** 2
        }
        return weightedProportionEstimate(sums, squares)
      }),
    )
  })
  it.each([3, 30])('t: n = %d', (n) => {
    expectNominal(
      coverage('t', 3000, 0, 0.95, (random) => {
        const { mean, sd } = moments(normals(random, n))
        return meanEstimate(mean, sd, n)
      }),
    )
  })
  it.each([
    [12, 0],
    [50, 0.6],
    [50, -0.9],
  ])('Fisher z: n = %d, rho = %d', (n, rho) => {
    expectNominal(
      coverage('fisher', 2000, rho, 0.95, (random) => {
        const x = normals(random, n)
        const y = x.map((value) => rho * value + Math.sqrt(1 - rho * rho) * random.normal())
        const [a, b] = [moments(x), moments(y)]
        const products = x.reduce((sum, value, i) => sum + (value - a.mean) * ((y[i] ?? 0) - b.mean), 0)
        return correlationEstimate(products / ((n - 1) * a.sd * b.sd), n)
      }),
    )
  })
  it.each([
    [60, 0.5],
    [400, 0.95],
  ])('order statistics are never below: n = %d, q = %d', (n, q) => {
    const found = coverage('order', 2000, normalQuantile(q), 0.95, (random) =>
      quantileEstimate(Float64Array.from(normals(random, n)).sort(), q),
    )
    expectNominal(found, 0.01, 0.05)
  })
})

/** Binormal scores: AUC = Φ(shift / √2). */
function binormal(random: Random, positives: number, negatives: number, shift: number) {
  const labels = Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0))
  return { labels, scores: labels.map((label) => shift * label + random.normal()) }
}

describe('coverage of AUC intervals', () => {
  const cases = [
    { positives: 40, negatives: 160, shift: 1.1 },
    { positives: 25, negatives: 25, shift: 0 },
    { positives: 15, negatives: 60, shift: 2.5 },
  ]
  it.each(cases)(
    'DeLong on the logit scale: $positives of $negatives, shift $shift',
    ({ positives, negatives, shift }) => {
      const found = coverage('delong', 1500, normalCdf(shift / Math.SQRT2), 0.95, (random) => {
        const { labels, scores } = binormal(random, positives, negatives, shift)
        return aucEstimate(labels, scores)
      })
      expectNominal(found, 0.03, 0.035)
    },
  )
  it('the plain interval covers less where the AUC is high and a class small', () => {
    const { positives, negatives, shift } = { positives: 15, negatives: 60, shift: 2.5 }
    const truth = normalCdf(shift / Math.SQRT2)
    const draw = (random: Random) => binormal(random, positives, negatives, shift)
    const logit = coverage('scale', 1500, truth, 0.95, (random) => {
      const { labels, scores } = draw(random)
      return aucEstimate(labels, scores)
    })
    const plain = coverage('scale', 1500, truth, 0.95, (random) => {
      const { labels, scores } = draw(random)
      const found = delong(labels, scores)
      const half = 1.959963984540054 * Math.sqrt(found?.variance ?? 0)
      const auc = found?.auc ?? 0
      return {
        kind: 'estimate',
        value: auc,
        method: 'bca',
        interval: () => ({ low: auc - half, high: auc + half }),
        p: () => 1,
      }
    })
    expect(Math.abs(logit - 0.95)).toBeLessThan(Math.abs(plain - 0.95))
  })
  it('paired DeLong', () => {
    const found = coverage('paired', 1500, normalCdf(1 / Math.SQRT2) - normalCdf(0.8 / Math.SQRT2), 0.95, (random) => {
      const labels = Array.from({ length: 150 }, (_, i) => (i < 50 ? 1 : 0))
      const common = normals(random, 150)
      const score = (shift: number) =>
        labels.map((label, i) => shift * label + Math.SQRT1_2 * (common[i] ?? 0) + Math.SQRT1_2 * random.normal())
      return aucDifferenceEstimate(labels, score(1), score(0.8))
    })
    expectNominal(found)
  })
})

describe('coverage of the jackknife of very many rows', () => {
  it.each([2000, 6000])('Brier-like means and average precision (%d rows)', (n) => {
    const large = createRandom('coverage', 'many')
    const population = binormal(large, 60_000, 140_000, 1.2)
    const truth = averagePrecision(rankByScore(population.labels, population.scores) ?? never()) ?? 0
    const found = coverage(`jackknife ${n}`, 150, truth, 0.95, (random) => {
      const positives = drawBinomial(n, 0.3, random)
      const { labels, scores } = binormal(random, positives, n - positives, 1.2)
      const ranked = rankByScore(labels, scores) ?? never()
      return bootstrap(
        { populations: [rowPopulation(n)], random, manyKinds: 1000 },
        { evaluate: (counts) => averagePrecision(ranked, counts) },
      )
    })
    expectNominal(found, 0.06, 0.05)
  })
  it('agrees with the bootstrap of the same rows, two populations included', () => {
    const random = createRandom('jackknife', 'agrees')
    const values = normals(random, 3000).map((value) => Math.exp(value / 2))
    const statistic: Statistic = {
      evaluate: (a, b) => (weightedMean(values, a) ?? 0) - (weightedMean(values.slice(0, 1500), b) ?? 0),
    }
    const populations = [rowPopulation(3000), rowPopulation(1500)]
    const [slow, fast] = [1e9, 1000].map((manyKinds) => bootstrap({ populations, random, manyKinds }, statistic))
    if (slow?.kind !== 'estimate' || fast?.kind !== 'estimate') throw new Error('no estimate')
    expect([slow.method, fast.method]).toEqual(['bca', 'jackknife'])
    const widths = [slow, fast].map((each) => each.interval(0.95).high - each.interval(0.95).low) as [number, number]
    expect(widths[1] / widths[0]).toBeGreaterThan(0.85)
    expect(widths[1] / widths[0]).toBeLessThan(1.15)
    expect(fast.p(fast.interval(0.99).low)).toBeCloseTo(0.01, 6)
  })
  it('says so where nothing varies', () => {
    const random = createRandom('jackknife', 'constant')
    const request = { populations: [rowPopulation(2000)], random, manyKinds: 1000 }
    expect(bootstrap(request, { evaluate: () => 3 })).toMatchObject({ kind: 'undefined', reason: 'no-variation' })
    expect(bootstrap(request, { evaluate: () => undefined })).toMatchObject({ reason: 'undefined-metric' })
  })
})

function never(): never {
  throw new Error('a score is NaN')
}

describe('coverage of BCa intervals', () => {
  const replicates = 999
  it('a skewed mean (lognormal, n = 100)', () => {
    const found = coverage('lognormal', 500, Math.exp(0.125), 0.95, (random) => {
      const values = normals(random, 100).map((value) => Math.exp(value / 2))
      const statistic: Statistic = { evaluate: (counts) => weightedMean(values, counts) }
      return bootstrap({ populations: [rowPopulation(100)], random, replicates }, statistic)
    })
    expectNominal(found, 0.035, 0.025)
  })
  it('F1 from the cells of a confusion matrix (n = 300)', () => {
    const shares = [0.15, 0.1, 0.05, 0.7]
    const found = coverage('f1', 1000, 0.3 / 0.45, 0.95, (random) => {
      let rows = 300
      let left = 1
      const cells = shares.map((share) => {
        const drawn = drawBinomial(rows, Math.min(1, share / left), random)
        rows -= drawn
        left -= share
        return drawn
      })
      return bootstrap(
        { populations: [cellPopulation(cells)], random, replicates },
        { evaluate: (counts) => f1(confusionOf(counts ?? [])) },
      )
    })
    expectNominal(found)
  })
  it('average precision (n = 200, ranked rows)', () => {
    // The truth of this score distribution, from one large sample.
    const large = createRandom('coverage', 'large')
    const population = binormal(large, 60_000, 140_000, 1.2)
    const ranking = rankByScore(population.labels, population.scores)
    const truth = ranking ? (averagePrecision(ranking) ?? 0) : 0
    const found = coverage('ap', 400, truth, 0.95, (random) => {
      const positives = drawBinomial(200, 0.3, random)
      const { labels, scores } = binormal(random, positives, 200 - positives, 1.2)
      const ranked = rankByScore(labels, scores)
      return bootstrap(
        { populations: [rowPopulation(200)], random, replicates: 599 },
        { evaluate: (counts) => ranked && averagePrecision(ranked, counts) },
      )
    })
    expectNominal(found, 0.04, 0.03)
  })
  it('Kolmogorov-Smirnov distance, also where it is small', () => {
    for (const distance of [0.05, 0.15, 0.4]) {
      // F(x) = x and G(x) = x + 4 d x (1 − x) on [0, 1] for d ≤ 1/4 are d apart; a larger d is a shift of the uniform.
      const steep = 4 * distance
      const inverse = (u: number) =>
        steep > 1 ? u - distance : (1 + steep - Math.sqrt((1 + steep) ** 2 - 4 * steep * u)) / (2 * steep)
      const found = coverage(`ks ${distance}`, 150, distance, 0.95, (random) =>
        ksEstimate(
          Array.from({ length: 200 }, () => random.float()),
          Array.from({ length: 80 }, () => inverse(random.float())),
          { random, replicates },
        ),
      )
      expectNominal(found, 0.03, 0.05)
    }
  })
  it('Wasserstein distance, also where it is small', () => {
    for (const shift of [0.05, 0.5]) {
      const found = coverage(`wasserstein ${shift}`, 150, shift, 0.95, (random) =>
        wassersteinEstimate(
          mergeSamples(
            normals(random, 250),
            normals(random, 200).map((value) => value + shift),
          ),
          { random, replicates },
        ),
      )
      expectNominal(found, 0.03, 0.05)
    }
  })
  it('total variation and greatest difference of shares', () => {
    const reference = [0.4, 0.3, 0.2, 0.1]
    for (const [name, window, truth] of [
      ['total_variation', [0.3, 0.3, 0.2, 0.2], 0.1],
      ['total_variation', reference, 0],
      ['linf', [0.3, 0.35, 0.2, 0.15], 0.1],
    ] as const) {
      const drawn = (random: Random, shares: readonly number[], n: number) => {
        const counts = shares.map(() => 0)
        for (let i = 0; i < n; i++) {
          const u = random.float()
          let at = 0
          for (let sum = shares[0] as number; at < shares.length - 1 && u >= sum; sum += shares[at] as number) at++
          counts[at] = (counts[at] as number) + 1
        }
        return counts
      }
      const found = coverage(`${name} ${truth}`, 200, truth, 0.95, (random) =>
        divergenceEstimate(name, drawn(random, reference, 500), drawn(random, window, 300), { random, replicates }),
      )
      expectNominal(found, 0.03, 0.05)
    }
  })
  it('PSI of two independent samples, with and without a shift', () => {
    for (const [shift, below] of [
      [0.6, 0.04],
      [0, 0.05],
    ] as const) {
      const large = createRandom('coverage', 'psi')
      const reference = Float64Array.from(normals(large, 2000)).sort()
      const edges = quantileBins(reference)
      // The bins are given; the truth is the PSI of the exact bin probabilities.
      const probabilities = (mean: number) =>
        [...edges, Infinity].map((edge, i) => normalCdf(edge - mean) - normalCdf((edges[i - 1] ?? -Infinity) - mean))
      const [p, q] = [probabilities(0), probabilities(shift)]
      const truth = p.reduce((sum, share, i) => sum + (share - (q[i] ?? 0)) * Math.log(share / (q[i] ?? 1)), 0)
      const found = coverage(`psi ${shift}`, 400, truth, 0.95, (random) =>
        divergenceEstimate(
          'psi',
          histogram(normals(random, 2000), edges),
          histogram(
            normals(random, 1000).map((value) => value + shift),
            edges,
          ),
          { random, replicates },
        ),
      )
      expectNominal(found, below, 0.05)
    }
  })
})

describe('coverage of what came later', () => {
  it('F₂ of 200 rows', () => {
    const rates = [0.24, 0.07, 0.06, 0.63]
    const truth = fBeta(2, confusionOf(rates)) ?? never()
    const found = coverage('F2', 300, truth, 0.95, (random) => {
      const cells = [0, 0, 0, 0] as [number, number, number, number]
      for (let row = 0; row < 200; row++) {
        const at = random.float()
        cells[at < 0.24 ? 0 : at < 0.31 ? 1 : at < 0.37 ? 2 : 3]++
      }
      return bootstrap(
        { populations: [cellPopulation(cells)], random, replicates: 599 },
        { evaluate: (counts) => fBeta(2, confusionOf(counts ?? cells)), range: { low: 0, high: 1 } },
      )
    })
    expect(found).toBeGreaterThan(0.915)
    expect(found).toBeLessThan(0.985)
  })
  it.each(['a deviance of counts', 'the explained absolute error'])('%s of 200 rows', (name) => {
    // Counts as a Poisson process has them; the model is a little off.
    const make = (random: Random, rows: number) => {
      const means = Float64Array.from({ length: rows }, () => Math.exp(0.8 + 0.6 * random.normal()))
      const observed = means.map((mean) => {
        let [count, left] = [0, random.float()]
        for (let p = Math.exp(-mean); left > p && count < 200; p *= mean / ++count) left -= p
        return count
      })
      return { observed, predicted: means.map((mean) => 0.9 * mean + 0.3) }
    }
    const isDeviance = name.startsWith('a deviance')
    const of = ({ observed, predicted }: ReturnType<typeof make>) =>
      isDeviance ? lossesOf(tweedieLoss(1), observed, predicted) : lossesOf(absoluteLoss, observed, predicted)
    const evaluate = (made: ReturnType<typeof make>) => {
      const losses = of(made)
      return isDeviance
        ? (counts?: Uint32Array) => weightedMean(losses, counts)
        : d2AbsoluteError(made.observed, losses)
    }
    const truth = evaluate(make(createRandom('coverage', `${name} at large`), 400_000))() ?? never()
    const found = coverage(name, 250, truth, 0.95, (random) => {
      const made = make(random, 200)
      return bootstrap(
        { populations: [rowPopulation(200)], random, replicates: 599 },
        { evaluate: evaluate(made), ...(isDeviance ? { studentized: studentizedMean(of(made)) } : {}) },
      )
    })
    expect(found).toBeGreaterThan(0.915)
    expect(found).toBeLessThan(0.985)
  })
})
