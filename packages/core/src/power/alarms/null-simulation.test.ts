import { expect, it } from 'vitest'
import {
  aucEstimate,
  createRandom,
  cramersV,
  domainScores,
  hellinger,
  kl,
  mergeSamples,
  psi,
  referenceScale,
  shareDistance,
  wassersteinOfCounts,
} from '../../stats/index.ts'
import { energyNorm, mmdNorm } from '../../stats/tests/norms.ts'
import { chanceWithoutDrift, type NullDistance } from './false-alarms.ts'

const [ROWS, REFERENCE, BINS, TRIALS] = [150, 600, 10, 700] as const
const random = createRandom('plumbline', 'null distances')

const histogram = (rows: number): Float64Array => {
  const counts = new Float64Array(BINS)
  for (let i = 0; i < rows; i++) (counts[random.int(BINS)] as number) += 1
  return counts
}
const sample = (rows: number): Float64Array => Float64Array.from({ length: rows }, () => random.normal())
const ofBins = (measure: (a: Float64Array, b: Float64Array) => number | undefined) => () =>
  measure(histogram(REFERENCE), histogram(ROWS)) ?? 0

function ofNorm(normOf: typeof energyNorm): number {
  const merged = mergeSamples(sample(REFERENCE), sample(ROWS))
  const places = merged.values.length
  const [left, right] = [new Float64Array(places), new Float64Array(places)]
  merged.reference.forEach((kind, i) => {
    if (kind >= 0) left[i] = (merged.referenceSizes[kind] as number) / REFERENCE
  })
  merged.window.forEach((kind, i) => {
    if (kind >= 0) right[i] = (merged.windowSizes[kind] as number) / ROWS
  })
  const values = Float64Array.from(merged.values)
  return normOf(values, referenceScale(merged) ?? 1).norm(left.map((share, i) => (right[i] as number) - share))
}

/** Each as it is measured, on samples of one distribution. */
const MEASURED: Readonly<Partial<Record<NullDistance, () => number>>> = {
  kl: ofBins(kl),
  hellinger: ofBins(hellinger),
  cramers_v: ofBins(cramersV),
  total_variation: ofBins((a, b) => shareDistance('total_variation', a, b)),
  linf: ofBins((a, b) => shareDistance('linf', a, b)),
  wasserstein: () => {
    const merged = mergeSamples(sample(REFERENCE), sample(ROWS))
    return (wassersteinOfCounts(merged, merged.referenceSizes, merged.windowSizes) ?? 0) / (referenceScale(merged) ?? 1)
  },
  energy: () => ofNorm(energyNorm),
  mmd: () => ofNorm(mmdNorm),
  shift_auc: () => {
    const scores = Float64Array.from([...sample(ROWS), ...sample(REFERENCE)])
    const labels = Uint8Array.from(scores, (_, i) => (i < ROWS ? 1 : 0))
    const found = aucEstimate(labels, scores)
    return 'value' in found ? (found.value ?? 0.5) : 0.5
  },
  classifier_auc: () => {
    const values = Float64Array.from([...sample(REFERENCE), ...sample(ROWS)])
    const rows = { columns: [{ kind: 'number', values }], reference: REFERENCE, rows: REFERENCE + ROWS } as const
    const scored = domainScores(rows, random)
    const found = scored === undefined ? undefined : aucEstimate(scored.labels, scored.scores)
    return found !== undefined && 'value' in found ? (found.value ?? 0.5) : 0.5
  },
}

const isSlow = (distance: NullDistance): boolean => distance === 'mmd' || distance === 'classifier_auc'

it.each(Object.keys(MEASURED) as NullDistance[])('%s passes a bound without drift as often as is said', (distance) => {
  const measure = MEASURED[distance] as () => number
  const values = Array.from({ length: isSlow(distance) ? TRIALS / 4 : TRIALS }, measure).toSorted((a, b) => a - b)
  for (const chance of [0.5, 0.1]) {
    const bound = values[Math.floor((1 - chance) * values.length)] as number
    const said = chanceWithoutDrift(distance, bound, ROWS, REFERENCE, BINS)
    expect(Math.abs(said - chance), `${said} beside ${chance} at ${bound}`).toBeLessThan(isSlow(distance) ? 0.1 : 0.06)
  }
})

it('PSI above 0.1 on 100 rows is no drift in a third of cases and more', () => {
  const [large, trials] = [Float64Array.from({ length: BINS }, () => 10_000), 4000]
  const plain = (counts: Float64Array): number =>
    counts.reduce((sum, count) => sum + (0.1 - count / 100) * Math.log(0.1 / (count / 100)), 0)
  let [smoothed, unsmoothed] = [0, 0]
  for (let i = 0; i < trials; i++) {
    const counts = histogram(100)
    if ((psi(large, counts) ?? 0) > 0.1) smoothed++
    if (plain(counts) > 0.1) unsmoothed++
  }
  // 38 in 100 as the index is usually computed; half a row in each bin makes it 32; the χ² that is said of it lies between.
  expect(Math.abs(unsmoothed / trials - 0.38)).toBeLessThan(0.03)
  expect(Math.abs(smoothed / trials - 0.32)).toBeLessThan(0.03)
  const said = chanceWithoutDrift('psi', 0.1, 100, 100_000, BINS)
  expect(said).toBeGreaterThan(smoothed / trials)
  expect(said).toBeLessThan(unsmoothed / trials)
})
