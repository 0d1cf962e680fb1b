import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/distances.json' with { type: 'json' }
import type { Estimation, IntervalEstimate } from '../estimate.ts'
import { createRandom } from '../prng.ts'
import { binOf, histogram, quantileBins } from './bins.ts'
import { hellinger, js, kl, psi } from './divergence.ts'
import { divergenceEstimate, histogramDistances, ksEstimate, wassersteinEstimate } from './estimates.ts'
import { ks, mergeSamples } from './ks.ts'
import { shareDistance } from './share-distances.ts'
import { wassersteinOfCounts } from './wasserstein.ts'

function defined(estimation: Estimation): IntervalEstimate {
  if (estimation.kind === 'undefined') throw new Error(estimation.reason)
  return estimation
}

describe('against NumPy and SciPy', () => {
  golden.cases.forEach((row, index) => {
    it(`case ${index}`, () => {
      const edges = quantileBins(Float64Array.from(row.reference).sort())
      expect(edges.length).toBe(row.edges.length)
      edges.forEach((edge, i) => expectClose(edge, row.edges[i] ?? null, 1e-13, 'edge', 1e-3))
      const withMissing = (values: readonly number[], missing = 0) => [
        ...values,
        ...Array.from({ length: missing }, () => null),
      ]
      const left = histogram(withMissing(row.reference, row.missing[0]), edges)
      const right = histogram(withMissing(row.window, row.missing[1]), edges)
      expect([...left]).toEqual(row.referenceCounts)
      expect([...right]).toEqual(row.windowCounts)
      expectClose(psi(left, right), row.psi, 1e-12, 'psi', 1e-3)
      expectClose(js(left, right), row.js, 1e-11, 'js', 1e-3)
      expectClose(ks(row.reference, row.window), row.ks, 1e-12, 'ks', 1e-2)
      expectClose(kl(left, right), row.kl, 1e-11, 'kl', 1e-3)
      expectClose(hellinger(left, right), row.hellinger, 1e-7, 'hellinger', 1e-3)
      expectClose(shareDistance('total_variation', left, right), row.totalVariation, 1e-12, 'total variation', 1e-3)
      expectClose(shareDistance('linf', left, right), row.linf, 1e-12, 'linf', 1e-3)
      const estimate = wassersteinEstimate(mergeSamples(row.reference, row.window), {
        random: createRandom('w', 'test'),
      })
      expectClose(estimate.value, row.wasserstein as Golden, 1e-11, 'wasserstein', 1e-3)
    })
  })
})

describe('bins', () => {
  it('are open on the left, closed on the right, and unbounded', () => {
    expect([-Infinity, 0.9, 1, 1.1, 2, 2.1, Infinity].map((value) => binOf([1, 2], value))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ])
  })
  it('keep a heavy value apart at either end', () => {
    expect(quantileBins([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toEqual([0])
    expect(quantileBins([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual([0])
    expect(quantileBins([5, 5, 5])).toEqual([])
    expect(quantileBins([])).toEqual([])
  })
  it('count null, undefined and NaN as missing', () => {
    expect([...histogram([1, null, Number.NaN, undefined, 7], [3])]).toEqual([1, 1, 3])
  })
  it('count a row as often as it weighs', () => {
    expect([...histogram([1, null, 7], [3], Uint32Array.of(2, 5, 3))]).toEqual([2, 3, 5])
  })
})

describe('laws', () => {
  it('zero for equal shares, symmetric, within range, undefined without rows', () => {
    expect(psi([5, 10, 0], [5, 10, 0])).toBe(0)
    expect(js([5, 10, 0], [5, 10, 0])).toBe(0)
    expectClose(psi([9, 1], [2, 8]), psi([2, 8], [9, 1]) ?? null)
    expect(js([1e9, 0], [0, 1e9])).toBeLessThanOrEqual(1)
    expect(js([1e9, 0], [0, 1e9])).toBeGreaterThan(0.999)
    expect(psi([0, 0], [1, 2])).toBeUndefined()
    expect(js([1, 2], [0, 0])).toBeUndefined()
    expect(ks([], [1])).toBeUndefined()
    expect(ks([1], [])).toBeUndefined()
  })
  it('ks equals the definition on random samples with ties, infinities and signed zeros', () => {
    const random = createRandom('ks', 'test')
    const draw = () => [-Infinity, -1, -0, 0, 0.5, 2, Infinity][random.int(7)] ?? 0
    for (let round = 0; round < 200; round++) {
      const a = Array.from({ length: 1 + random.int(12) }, draw)
      const b = Array.from({ length: 1 + random.int(12) }, draw)
      const share = (values: number[], at: number) => values.filter((value) => value <= at).length / values.length
      const expected = Math.max(...[...a, ...b].map((at) => Math.abs(share(a, at) - share(b, at))))
      expectClose(ks(a, b), expected, 1e-12, 'ks', 1e-3)
    }
  })
})

describe('intervals', () => {
  const random = createRandom('distances', 'test')
  const reference = Array.from({ length: 3000 }, () => random.normal()).sort((a, b) => a - b)
  const edges = quantileBins(reference)
  const same = Array.from({ length: 1000 }, () => random.normal())
  const shifted = Array.from({ length: 1000 }, () => random.normal() + 0.8)

  it('separate a shifted window from a stable one', () => {
    const left = histogram(reference, edges)
    for (const distance of ['psi', 'js'] as const) {
      const stable = defined(divergenceEstimate(distance, left, histogram(same, edges), { random }))
      const moved = defined(divergenceEstimate(distance, left, histogram(shifted, edges), { random }))
      expect(stable.interval(0.95).low).toBe(0)
      expect(stable.interval(0.95).high).toBeLessThan(0.05)
      expect(moved.interval(0.95).low).toBeGreaterThan(stable.interval(0.95).high)
    }
    const stable = defined(ksEstimate(reference, same, { random, replicates: 499 }))
    const moved = defined(ksEstimate(reference, shifted, { random, replicates: 499 }))
    expect(stable.interval(0.95).high).toBeLessThan(0.1)
    expect(moved.interval(0.95).low).toBeGreaterThan(0.2)
  })
  it('of constant columns are exact bounds, not certainty', () => {
    const equal = defined(divergenceEstimate('psi', [1000, 0], [400, 0], { random }))
    expect(equal.method).toBe('zero-failures')
    expect(equal.interval(0.95).low).toBe(0)
    expect(equal.interval(0.95).high).toBeGreaterThan(equal.value)
    expect(equal.interval(0.95).high).toBeLessThan(0.1)
    expect(defined(divergenceEstimate('psi', [3, 0], [2, 0], { random })).interval(0.95).high).toBeGreaterThan(0.2)
    const apart = defined(divergenceEstimate('js', [1000, 0], [0, 400], { random }))
    expect(apart.interval(0.95).low).toBeGreaterThan(0.8)
    expect(apart.interval(0.95).high).toBe(1)
    expect(defined(divergenceEstimate('js', [1, 0], [0, 1], { random })).interval(0.95).low).toBe(0)
    const constant = defined(ksEstimate([1, 1, 1, 1], [1, 1], { random }))
    expect(constant.interval(0.95).high).toBeGreaterThan(0.8)
    expect(defined(ksEstimate([1], [2], { random })).interval(0.95)).toEqual({ low: 0, high: 1 })
  })
  it('of an empty side do not exist', () => {
    expect(divergenceEstimate('psi', [0, 0], [1, 1], { random })).toEqual({ kind: 'undefined', reason: 'empty' })
    expect(ksEstimate([], [1], { random })).toEqual({ kind: 'undefined', reason: 'empty' })
  })
})

describe('edges of a reference with few values', () => {
  it('ascend, also where the value below the greatest is lower than an interpolated edge', () => {
    const edges = quantileBins([-5, -3, -3, -2, -1, 1, 4, 4])
    expect(edges).toEqual(edges.toSorted((a, b) => a - b))
    expect(new Set(edges).size).toBe(edges.length)
    expect(binOf(edges, 4)).toBe(edges.length)
  })
})

describe('every distance of two histograms', () => {
  const random = createRandom('every distance', 'test')
  const names = Object.keys(histogramDistances) as (keyof typeof histogramDistances)[]
  const draw = (bins: number, least: number) => Array.from({ length: bins }, () => least + random.int(40))

  it.each(names)('%s is 0 for equal shares, grows with what moves, and stays in its range', (name) => {
    const { evaluate, range } = histogramDistances[name]
    for (let round = 0; round < 100; round++) {
      const counts = draw(2 + random.int(9), 1)
      expect(evaluate(counts, counts)).toBeCloseTo(0, 12)
      const other = draw(counts.length, 0)
      other[0] = 1
      const value = evaluate(counts, other) ?? Number.NaN
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(range.high)
    }
    const base = [500, 500, 0]
    const moved = [0.1, 0.3, 0.5].map((share) => evaluate(base, [500 - 500 * share, 500, 500 * share]) ?? Number.NaN)
    expect(moved).toEqual(moved.toSorted((a, b) => a - b))
    expect(evaluate([0, 0], [1, 2])).toBeUndefined()
  })

  it.each(names)('%s has an interval around its value, narrower with more rows', (name) => {
    const wide = defined(divergenceEstimate(name, [40, 60, 50], [30, 20, 60], { random }))
    const narrow = defined(divergenceEstimate(name, [4000, 6000, 5000], [3000, 2000, 6000], { random }))
    for (const estimate of [wide, narrow]) {
      const { low, high } = estimate.interval(0.95)
      expect(low).toBeLessThanOrEqual(estimate.value)
      expect(high).toBeGreaterThan(estimate.value)
    }
    const width = ({ interval }: IntervalEstimate) => interval(0.95).high - interval(0.95).low
    expect(width(narrow)).toBeLessThan(width(wide) / 3)
  })
})

describe('Wasserstein distance', () => {
  it('of a shift is the shift, in standard deviations of the reference', () => {
    const reference = [1, 2, 3, 4, 5]
    const shifted = reference.map((value) => value + 3)
    expect(
      defined(wassersteinEstimate(mergeSamples(reference, shifted), { random: createRandom('s', 'test') })).value,
    ).toBeCloseTo(3 / Math.sqrt(2.5), 12)
  })
  it('is undefined without spread or with a value at infinity', () => {
    const random = createRandom('u', 'test')
    expect(wassersteinEstimate(mergeSamples([5, 5], [6, 7]), { random })).toMatchObject({ kind: 'undefined' })
    expect(wassersteinEstimate(mergeSamples([5, 6], [6, Infinity]), { random })).toMatchObject({ kind: 'undefined' })
    expect(wassersteinEstimate(mergeSamples([], [6, 7]), { random })).toMatchObject({ reason: 'empty' })
    const merged = mergeSamples([0, 1], [0, 1])
    expect(wassersteinOfCounts(merged, [1, 1], [0, 0])).toBeUndefined()
  })
})
