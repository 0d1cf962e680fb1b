import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import { studentizedMean } from '../../stats/metrics/studentized-losses.ts'
import { weightedMean } from '../../stats/metrics/weights.ts'
import { createRandom } from '../../stats/prng.ts'
import { rowPopulation } from '../../stats/resample.ts'
import { boundedMeanBeyond } from './bounded-mean.ts'

const random = createRandom('plumbline', 'bounded mean test')
const UNIT = { low: 0, high: 1 }

/** The interval that decides a mean of numbers of queries. */
function decided(each: Float64Array, replicates = 399, isLoss = false) {
  const found = bootstrap(
    { populations: [rowPopulation(each.length)], random, replicates },
    {
      evaluate: (counts) => weightedMean(each, counts),
      range: UNIT,
      ...(isLoss ? { studentized: studentizedMean(each) } : {}),
    },
  )
  return found.kind === 'estimate' ? found.interval(0.95) : undefined
}

/** Numbers between 0 and 1 with a mean, drawn in ways that queries are. */
const SHAPES: Readonly<Record<string, (mean: number) => number>> = {
  ends: (mean) => (random.float() < mean ? 1 : 0),
  // 1, a half, a third, …: the mean of 1 with p and of 1/2 else is (1 + p) / 2, so lower means mix in 0.
  ranks: (mean) => (random.float() < mean / 0.8 ? (random.float() < 0.6 ? 1 : 0.5) : 0),
  // The greatest of k uniform numbers has the mean k / (k + 1), also for k that is no whole number.
  even: (mean) => random.float() ** ((1 - mean) / mean),
}

const shownShare = (trials: number, isShown: () => boolean): number =>
  Array.from({ length: trials }, isShown).filter(Boolean).length / trials

describe('a mean of numbers between 0 and 1', () => {
  it.each([
    ['ends', 60, 0.6],
    ['ends', 150, 0.85],
    ['ends', 400, 0.2],
    ['ranks', 80, 0.5],
    ['even', 60, 0.6],
    ['even', 150, 0.85],
  ] as const)(
    '%s of %i queries is shown to be %d four times in five or more where detectable',
    (shape, units, bound) => {
      const { detectable = Number.NaN } = boundedMeanBeyond({ units, range: UNIT }, bound, true, 0.95)
      const draw = SHAPES[shape] as (mean: number) => number
      const shown = shownShare(300, () => {
        const each = Float64Array.from({ length: units }, () => draw(detectable))
        return (decided(each)?.low ?? -1) >= bound
      })
      expect(shown, String(shown)).toBeGreaterThan(0.75)
      // Of numbers at the ends it is no more than it says.
      if (shape === 'ends') expect(shown).toBeLessThan(0.87)
    },
  )

  it.each([
    ['ends', 200, 0.25],
    ['even', 200, 0.25],
    ['even', 400, 0.15],
  ] as const)('%s as losses of %i rows are shown to be at most %d where detectable', (shape, units, bound) => {
    const { detectable = Number.NaN } = boundedMeanBeyond({ units, range: UNIT }, bound, false, 0.95)
    const draw = SHAPES[shape] as (mean: number) => number
    const shown = shownShare(200, () => {
      const each = Float64Array.from({ length: units }, () => 1 - draw(1 - detectable))
      return (decided(each, 399, true)?.high ?? 2) <= bound
    })
    expect(shown, String(shown)).toBeGreaterThan(0.75)
  })
})
