import { describe, expect, test } from 'vitest'
import { drawDistances } from '../band.ts'
import { createRandom } from '../prng.ts'
import { cellPopulation } from '../resample.ts'
import { BAND_CELLS, cellsOf, MOST_BAND_VALUES, OUTER_VALUES } from './cells.ts'
import { ksEstimateOf, wassersteinEstimate } from './estimates.ts'
import { ksErrorOfCounts, ksOfCounts, mergeSamples, type MergedSamples } from './ks.ts'
import { referenceScale, wassersteinErrorOfCounts } from './wasserstein.ts'

const random = createRandom('cells', 'samples')
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float())
const sample = (n: number, of: () => number): Float64Array => Float64Array.from({ length: n }, of)

/** What the errors of resampled values are, without cells. */
function errorsOf(
  merged: MergedSamples,
  error: (merged: MergedSamples, a: Uint32Array, b: Uint32Array) => number | undefined,
): Float64Array {
  const populations = [cellPopulation(merged.referenceSizes), cellPopulation(merged.windowSizes)]
  const options = { populations, random: createRandom('cells', 'values'), replicates: 999 }
  return drawDistances(options, (a, b) => (a === undefined || b === undefined ? undefined : error(merged, a, b)))
}

describe('bands of many values', () => {
  // The greatest of a heavy tail (Pareto of index 3) make most of a Wasserstein distance's error.
  test.each([
    ['normal', normal, () => normal() + 0.05],
    ['heavy', () => (1 - random.float()) ** (-1 / 3), () => (1 - random.float()) ** (-1 / 3) * 1.05],
    ['coarse', () => Math.round(normal() * 3) + random.float() * 0.0001, () => Math.round(normal() * 3)],
  ] as const)('from cells are those of the values: %s', (_, one, other) => {
    const merged = mergeSamples(sample(4_600, one), sample(2_400, other))
    expect(merged.values.length).toBeGreaterThan(MOST_BAND_VALUES)
    const at = (errors: Float64Array, share: number): number => errors[Math.ceil(1000 * share) - 1] as number
    const value = ksOfCounts(merged, merged.referenceSizes, merged.windowSizes) as number
    const options = { random: createRandom('cells', 'draws'), replicates: 999 }
    const ks = ksEstimateOf(merged, options)
    const moved = wassersteinEstimate(merged, options)
    if (ks.kind !== 'estimate' || moved.kind !== 'estimate') throw new Error('There are many values.')
    const [ksErrors, areas] = [errorsOf(merged, ksErrorOfCounts), errorsOf(merged, wassersteinErrorOfCounts)]
    const scale = referenceScale(merged) as number
    for (const share of [0.8, 0.95]) {
      expect((ks.interval(share).high - value) / at(ksErrors, share)).toBeGreaterThan(0.95)
      expect((ks.interval(share).high - value) / at(ksErrors, share)).toBeLessThan(1.05)
      expect(((moved.interval(share).high - moved.value) * scale) / at(areas, share)).toBeGreaterThan(0.95)
      expect(((moved.interval(share).high - moved.value) * scale) / at(areas, share)).toBeLessThan(1.05)
    }
  })

  test('hold every row once, the outermost values alone, in ascending order', () => {
    const merged = mergeSamples(sample(20_000, normal), sample(7_000, normal))
    const { merged: celled, step } = cellsOf(merged)
    const sum = (of: Uint32Array) => of.reduce((total, each) => total + each, 0)
    expect([sum(celled.referenceSizes), sum(celled.windowSizes)]).toEqual([20_000, 7_000])
    expect(celled.values.length).toBeLessThanOrEqual(BAND_CELLS + 2 * OUTER_VALUES)
    expect(celled.values.subarray(0, OUTER_VALUES)).toEqual(merged.values.subarray(0, OUTER_VALUES))
    expect(celled.values.subarray(-OUTER_VALUES)).toEqual(merged.values.subarray(-OUTER_VALUES))
    expect(celled.values.every((each, i) => i === 0 || each > (celled.values[i - 1] as number))).toBe(true)
    // A cell holds 1 / 2048 of the rows, each side of the same weight: at most twice that of one side.
    expect(step ** 2).toBeLessThan((2 / BAND_CELLS) * (1 / 7_000) + 2 / 7_000 ** 2)
    expect(step).toBeGreaterThan(0)
  })

  test('infinite values are values', () => {
    const values = sample(6_000, normal)
    values[0] = Infinity
    values[1] = -Infinity
    const merged = mergeSamples(values, sample(6_000, normal))
    const { merged: celled } = cellsOf(merged)
    expect([celled.values[0], celled.values.at(-1)]).toEqual([-Infinity, Infinity])
    expect(ksEstimateOf(merged, { random: createRandom('cells', 'infinite') }).kind).toBe('estimate')
  })
})
