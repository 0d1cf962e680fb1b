import { describe, expect, it } from 'vitest'
import { expectClose, type Golden } from '../../../golden/stats/close.ts'
import golden from '../../../golden/stats/two-samples.json' with { type: 'json' }
import { mergeSamples } from '../distances/ks.ts'
import { createRandom } from '../prng.ts'
import { chiSquareUpperTail } from '../special/chi-square.ts'
import { kolmogorovUpperTail } from '../special/kolmogorov.ts'
import { chiSquareTest, cramersV, fisherTest, gTest, shareTest, type TestResult } from './contingency.ts'
import {
  andersonDarlingTest,
  andersonDarlingUpperTail,
  cramerVonMisesTest,
  cramerVonMisesUpperTail,
  eppsSingletonTest,
  kolmogorovSmirnovTest,
} from './distribution.ts'
import { mannWhitneyTest, shiftArea, welchTest } from './location.ts'
import { normDistance, normEstimate, permutationTest } from './norms.ts'
import { type TwoSamples, twoSamples } from './two-samples.ts'

const samplesOf = (reference: readonly number[], window: readonly number[]): TwoSamples =>
  twoSamples(mergeSamples(reference, window)) as TwoSamples

function expectResult(
  found: TestResult | undefined,
  [statistic, p]: readonly Golden[],
  relative: number,
  name: string,
) {
  expectClose(found?.statistic, statistic as Golden, relative, `${name} statistic`, 1e-3)
  expectClose(found?.p, p as Golden, relative, `${name} p`)
}

describe('two samples, against SciPy', () => {
  golden.samples.forEach((row, index) => {
    it(`case ${index}: ${row.reference.length} and ${row.window.length} rows`, () => {
      const samples = samplesOf(row.reference, row.window)
      expectResult(kolmogorovSmirnovTest(samples), row.ks, 1e-9, 'ks')
      expectResult(cramerVonMisesTest(samples), row.cramerVonMises, 1e-9, 'cvm')
      expectClose(andersonDarlingTest(samples)?.statistic, row.andersonDarling, 1e-9, 'ad', 1e-3)
      expectResult(eppsSingletonTest(samples), row.eppsSingleton, 1e-8, 'es')
      expectResult(mannWhitneyTest(samples), row.mannWhitney, 1e-9, 'mw')
      expectResult(welchTest(samples), row.welch, 1e-9, 'welch')
      expectClose(normDistance('energy', samples), row.energy, 1e-9, 'energy', 1e-3)
      expectClose(normDistance('mmd', samples), row.mmd, 1e-9, 'mmd', 1e-1)
      const [left, right] = row.counts as [number[], number[]]
      expectResult(chiSquareTest(left, right), row.chiSquare, 1e-9, 'chi2')
      expectResult(gTest(left, right), row.g, 1e-9, 'g')
      expectClose(cramersV(left, right), row.cramersV, 1e-9, 'v', 1e-3)
      expectClose(
        shiftArea(samples),
        (row.mannWhitney[0] as number) / (row.reference.length * row.window.length),
        1e-12,
      )
    })
  })
  it('tables of two by two', () => {
    for (const { table, fisher, z } of golden.tables) {
      const [a, b, c, d] = table as [number, number, number, number]
      expectClose(fisherTest([a, c], [b, d])?.p, fisher, 1e-9, 'fisher')
      const found = shareTest([a, a + c], [b, b + d])
      if (z[0] === null) expect(found).toBeUndefined()
      else expectResult(found, z, 1e-9, 'z')
    }
  })
})

describe('upper tails keep their digits', () => {
  it('χ², Kolmogorov, Cramér and von Mises', () => {
    for (const [x, degrees, p] of golden.limits.chiSquare as [number, number, number][])
      expectClose(chiSquareUpperTail(x, degrees), p, 1e-9, `χ² ${x} ${degrees}`)
    for (const [x, p] of golden.limits.kolmogorov as [number, number][])
      expectClose(kolmogorovUpperTail(x), p, 1e-9, `K ${x}`)
    for (const [x, p] of golden.limits.cramerVonMises as [number, number][])
      expectClose(cramerVonMisesUpperTail(x), p, 1e-9, `ω² ${x}`)
  })
  it('Anderson and Darling, at the published critical points', () => {
    for (const [x, p] of golden.limits.andersonDarling as [number, number][])
      expect(andersonDarlingUpperTail(x), `${x}`).toBeCloseTo(p, 4)
  })
  it('where 1 − cdf has none left', () => {
    expect(cramerVonMisesUpperTail(20)).toBeGreaterThan(0)
    expect(cramerVonMisesUpperTail(20)).toBeLessThan(1e-40)
    expect(andersonDarlingUpperTail(60)).toBeGreaterThan(0)
    expect(chiSquareUpperTail(1400, 1)).toBeGreaterThan(0)
  })
})

it('one row on either side says nothing of squares of ranks', () => {
  expect(cramerVonMisesTest(samplesOf([1], [2]))).toBeUndefined()
  expect(cramerVonMisesTest(samplesOf([1], [2, 3]))?.p).toBeGreaterThan(0)
})

describe('false alarms without a difference', () => {
  const rounds = Number(process.env['PLUMB_COVERAGE_ROUNDS'] ?? 400)
  const tests: readonly (readonly [string, (samples: TwoSamples) => number | undefined])[] = [
    ['ks', (samples) => kolmogorovSmirnovTest(samples).p],
    ['cvm', (samples) => cramerVonMisesTest(samples)?.p],
    ['ad', (samples) => andersonDarlingTest(samples)?.p],
    ['es', (samples) => eppsSingletonTest(samples)?.p],
    ['mw', (samples) => mannWhitneyTest(samples)?.p],
    ['welch', (samples) => welchTest(samples)?.p],
  ]
  it.each([
    [30, 50],
    [200, 80],
  ])('%d and %d rows: at most about α of normal samples fall below α', (m, n) => {
    const random = createRandom('alarms', `${m}`)
    const normals = (rows: number) => Array.from({ length: rows }, () => random.normal())
    const alarms = new Map(tests.map(([name]) => [name, 0]))
    for (let round = 0; round < rounds; round++) {
      const samples = samplesOf(normals(m), normals(n))
      for (const [name, test] of tests) if ((test(samples) ?? 1) < 0.05) alarms.set(name, (alarms.get(name) ?? 0) + 1)
    }
    // Three standard errors above 5 %, and never idle.
    const most = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / rounds) + 0.005
    for (const [name, count] of alarms) {
      expect(count / rounds, name).toBeLessThan(most)
      expect(count / rounds, name).toBeGreaterThan(0.015)
    }
  })
  it('the permutation tests see a shift and are quiet without one', () => {
    const random = createRandom('permutation', 'test')
    const normals = (rows: number, shift = 0) => Array.from({ length: rows }, () => random.normal() + shift)
    for (const name of ['energy', 'mmd'] as const) {
      let alarms = 0
      for (let round = 0; round < 60; round++)
        if ((permutationTest(name, samplesOf(normals(20), normals(15)), random)?.p ?? 1) <= 0.1) alarms++
      expect(alarms, name).toBeLessThanOrEqual(14)
      expect(permutationTest(name, samplesOf(normals(60), normals(60, 1)), random)?.p).toBe(0.001)
    }
  })
})

describe('coverage of the bands of energy and MMD', () => {
  it.each(['energy', 'mmd'] as const)('%s: the interval holds the distance of the populations', (name) => {
    const random = createRandom('norm', name)
    const draw = (rows: number, shift: number) => Array.from({ length: rows }, () => random.normal() + shift)
    // σ = 1: the population's distances, from very many rows.
    const truth = normDistance(name, samplesOf(draw(60_000, 0), draw(60_000, 0.5))) as number
    let held = 0
    const rounds = Number(process.env['PLUMB_COVERAGE_ROUNDS'] ?? 100)
    for (let round = 0; round < rounds; round++) {
      const estimate = normEstimate(name, samplesOf(draw(250, 0), draw(200, 0.5)), { random, replicates: 299 })
      if (estimate.kind !== 'estimate') throw new Error(estimate.reason)
      const { low, high } = estimate.interval(0.95)
      if (low <= truth && truth <= high) held++
    }
    expect(held / rounds).toBeGreaterThanOrEqual(0.92)
  })
})

describe('samples that cannot be tested say so', () => {
  it('an empty side, a constant, an infinity, too few rows', () => {
    expect(twoSamples(mergeSamples([], [1]))).toBeUndefined()
    const constant = samplesOf([2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2])
    expect(mannWhitneyTest(constant)).toBeUndefined()
    expect(welchTest(constant)).toBeUndefined()
    expect(andersonDarlingTest(constant)).toBeUndefined()
    expect(eppsSingletonTest(constant)).toBeUndefined()
    expect(normDistance('mmd', constant)).toBeUndefined()
    expect(permutationTest('energy', constant, createRandom('a', 'b'))).toBeUndefined()
    expect(kolmogorovSmirnovTest(constant).p).toBe(1)
    expect(welchTest(samplesOf([1], [2, 3]))).toBeUndefined()
    expect(welchTest(samplesOf([1, 2], [2, Infinity]))).toBeUndefined()
    expect(normDistance('energy', samplesOf([1, 2], [2, Infinity]))).toBeUndefined()
    expect(chiSquareTest([0, 0], [1, 2])).toBeUndefined()
    expect(chiSquareTest([3, 0], [5, 0])?.p).toBe(1)
    expect(fisherTest([0, 0], [1, 2])).toBeUndefined()
  })
})
