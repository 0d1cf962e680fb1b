import { stats } from '@plumbline/core'
import type { TermOutcome, TermSample } from '../decide/measured.ts'
import type { GroupRequest } from './group-terms.ts'
import { expanded, type NumberCounts } from './number-counts.ts'

/** Distances and tests of two samples of numbers, without bins. */
export type SampleTermName = 'ks' | 'wasserstein' | stats.NormName | 'shift_auc' | SampleTestName

type SampleTestName =
  | 'ks_p'
  | 'cramer_von_mises_p'
  | 'anderson_darling_p'
  | 'epps_singleton_p'
  | 'mann_whitney_p'
  | 't_p'
  | 'energy_p'
  | 'mmd_p'

/** Tests of two rows of counts. */
export type TableTestName = 'chi2_p' | 'g_p' | 'fisher_p' | 'z_p'

type Result = { readonly p: number } | undefined

const SAMPLE_TESTS: Readonly<
  Record<SampleTestName, (samples: stats.TwoSamples, random: () => stats.Random) => Result>
> = {
  ks_p: stats.kolmogorovSmirnovTest,
  cramer_von_mises_p: stats.cramerVonMisesTest,
  anderson_darling_p: stats.andersonDarlingTest,
  epps_singleton_p: stats.eppsSingletonTest,
  mann_whitney_p: stats.mannWhitneyTest,
  t_p: stats.welchTest,
  energy_p: (samples, random) => stats.permutationTest('energy', samples, random()),
  mmd_p: (samples, random) => stats.permutationTest('mmd', samples, random()),
}

/** The distances and tests that need the values of both sides. */
export const SAMPLE_TERMS: ReadonlySet<string> = new Set([
  'ks',
  'wasserstein',
  'shift_auc',
  ...Object.keys(stats.NORMS),
  ...Object.keys(SAMPLE_TESTS),
])

/** The tests of counts. */
export const TABLE_TESTS: ReadonlySet<string> = new Set(['chi2_p', 'g_p', 'fisher_p', 'z_p'])

/** Measures a distance or test of two samples of numbers. */
export function measureSamples(
  request: Pick<GroupRequest, 'term' | 'random' | 'replicates'>,
  fn: SampleTermName,
  reference: NumberCounts,
  window: NumberCounts,
): TermOutcome {
  const { term, replicates } = request
  const missing = reference.missing + window.missing
  const nothing = (reason: stats.UndefinedReason): TermOutcome => ({
    ok: true,
    value: { term, value: null, missing, estimate: stats.undefinedEstimate(reason) },
  })
  if (reference.total === 0 || window.total === 0) return nothing('empty')
  if (fn === 'wasserstein' && term.estimates === 'rows') {
    const value = stats.scaledWasserstein(reference, window)
    return value === undefined ? nothing('undefined-metric') : { ok: true, value: { term, value, missing } }
  }
  const merged = stats.mergeCounted(reference, window)
  const test = (SAMPLE_TESTS as Partial<typeof SAMPLE_TESTS>)[fn as SampleTestName]
  if (test !== undefined) {
    const samples = stats.twoSamples(merged)
    if (samples === undefined) return nothing('empty')
    const found = test(samples, request.random)
    return found === undefined ? nothing('undefined-metric') : { ok: true, value: { term, value: found.p, missing } }
  }
  const options = { random: request.random(), replicates }
  const { evaluate, estimate, high } = distanceOf(fn as DistanceName, merged, [reference, window], options)
  const value = evaluate(merged.referenceSizes, merged.windowSizes)
  if (value === undefined) return nothing('undefined-metric')
  if (term.estimates === 'rows') return { ok: true, value: { term, value, missing } }
  const sample: TermSample = {
    populations: [stats.cellPopulation(merged.referenceSizes), stats.cellPopulation(merged.windowSizes)],
    statistic: {
      evaluate: (a, b) => (a === undefined || b === undefined ? undefined : evaluate(a, b)),
      range: { low: 0, high },
    },
  }
  return { ok: true, value: { term, value, missing, estimate: estimate(), sample } }
}

type DistanceName = Exclude<SampleTermName, SampleTestName>

interface Distance {
  readonly evaluate: (reference: Uint32Array, window: Uint32Array) => number | undefined
  readonly estimate: () => stats.Estimation
  readonly high: number
}

function distanceOf(
  fn: DistanceName,
  merged: stats.MergedSamples,
  sides: readonly [NumberCounts, NumberCounts],
  options: stats.DistanceOptions,
): Distance {
  const resampled = (a: Uint32Array, b: Uint32Array): stats.TwoSamples | undefined =>
    stats.twoSamples({ ...merged, referenceSizes: a, windowSizes: b })
  switch (fn) {
    case 'ks':
      return {
        evaluate: (a, b) => stats.ksOfCounts(merged, a, b),
        estimate: () => stats.ksEstimateOf(merged, options),
        high: 1,
      }
    case 'wasserstein': {
      const scale = stats.referenceScale(merged)
      return {
        evaluate: (a, b) => {
          const moved = stats.wassersteinOfCounts(merged, a, b)
          return moved === undefined || scale === undefined ? undefined : moved / scale
        },
        estimate: () => stats.wassersteinEstimate(merged, options),
        high: Infinity,
      }
    }
    case 'shift_auc':
      return {
        evaluate: (a, b) => {
          const both = resampled(a, b)
          return both === undefined ? undefined : stats.shiftArea(both)
        },
        estimate: () => {
          const [left, right] = [expanded(sides[0]), expanded(sides[1])]
          const labels = new Uint8Array(left.length + right.length).fill(1, left.length)
          const scores = new Float64Array(labels.length)
          scores.set(left)
          scores.set(right, left.length)
          return stats.aucEstimate(labels, scores)
        },
        high: 1,
      }
    default:
      return {
        evaluate: (a, b) => {
          const both = resampled(a, b)
          return both === undefined ? undefined : stats.normDistance(fn, both)
        },
        estimate: () => {
          const both = resampled(merged.referenceSizes, merged.windowSizes)
          return both === undefined ? stats.undefinedEstimate('empty') : stats.normEstimate(fn, both, options)
        },
        high: Infinity,
      }
  }
}

/** Measures a test of two rows of counts; for two values, `missing` cells stand in the last bin but one or last and are left out. */
export function measureTables(
  { term }: Pick<GroupRequest, 'term'>,
  fn: TableTestName,
  reference: Uint32Array,
  window: Uint32Array,
  missing: number,
): TermOutcome {
  const found = tableTest(fn, reference, window)
  const base = { term, missing }
  return {
    ok: true,
    value:
      found === undefined
        ? { ...base, value: null, estimate: stats.undefinedEstimate('undefined-metric') }
        : { ...base, value: found.p },
  }
}

function tableTest(fn: TableTestName, reference: Uint32Array, window: Uint32Array): Result {
  const pair = (counts: Uint32Array): readonly [number, number] => [counts[0] ?? 0, counts[1] ?? 0]
  const share = ([a, b]: readonly [number, number]): readonly [number, number] => [a, a + b]
  switch (fn) {
    case 'chi2_p':
      return stats.chiSquareTest(reference, window)
    case 'g_p':
      return stats.gTest(reference, window)
    case 'fisher_p':
      return stats.fisherTest(pair(reference), pair(window))
    case 'z_p':
      return stats.shareTest(share(pair(reference)), share(pair(window)))
  }
}
