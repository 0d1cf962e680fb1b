import { describe, expect, it } from 'vitest'
import { bootstrap } from '../../stats/bootstrap.ts'
import { averagePrecision } from '../../stats/metrics/average-precision.ts'
import { confusionOf, f1 } from '../../stats/metrics/confusion.ts'
import { rankByScore } from '../../stats/metrics/ranking.ts'
import { weightedMean } from '../../stats/metrics/weights.ts'
import { createRandom } from '../../stats/prng.ts'
import { cellPopulation, drawBinomial, rowPopulation } from '../../stats/resample.ts'
import { decisionError } from '../numbers/decisions.ts'
import { decisionsOfTwo } from '../numbers/matrix.ts'
import { averagePrecisionError } from '../numbers/ranked.ts'
import { pairedMeans, pairedNumbers } from './paired-numbers.ts'

const random = createRandom('plumbline', 'paired numbers test')
const shareOf = (trials: number, isShown: () => boolean): number =>
  Array.from({ length: trials }, isShown).filter(Boolean).length / trials

/** The lower end of a difference, of rows that are resampled together. */
function lowOf(sizes: ArrayLike<number>, evaluate: (counts?: Uint32Array) => number | undefined): number {
  const found = bootstrap(
    { populations: [cellPopulation(sizes)], random, replicates: 299 },
    { evaluate, range: { low: -1, high: 1 } },
  )
  return found.kind === 'estimate' ? found.interval(0.95).low : -1
}

describe('the means of two models on the same queries', () => {
  it.each([
    ['as far apart as can be', 200, 0],
    ['alike on most', 200, 0],
    ['as far apart as can be', 120, -0.1],
  ])('%s, of %i queries beside %d, are shown four times in five or more', (kind, units, bound) => {
    const difference = pairedMeans(units, bound, 0.95) ?? Number.NaN
    const draw = (): number => {
      if (kind === 'alike on most') return random.float() < 0.5 ? 0 : 2 * difference + 0.3 * (random.float() - 0.5)
      return random.float() < (1 + difference) / 2 ? 1 : -1
    }
    const shown = shareOf(400, () => {
      const each = Float64Array.from({ length: units }, draw)
      return lowOf(rowPopulation(units).sizes, (counts) => weightedMean(each, counts)) >= bound
    })
    expect(shown, String(shown)).toBeGreaterThan(0.75)
    if (kind !== 'alike on most') expect(shown).toBeLessThan(0.87)
  })
})

describe('two models on the same rows', () => {
  it.each([0, 0.5])(
    'their F1 is shown to differ four times in five or more where detectable (%d together)',
    (together) => {
      const [positives, negatives] = [120, 280]
      const decisions = decisionsOfTwo('f1', positives, negatives)
      const usual = decisionError(decisions, 0.2)
      if (usual === undefined) throw new Error('no error')
      const known = { error: () => usual.error, range: decisions.range, usual: usual.value, atMost: false }
      const difference = pairedNumbers(known, 0, 0.95) ?? Number.NaN
      // How often each is wrong, so that the lesser has the usual F1 and the other that much more.
      const wrongAt = (value: number): number => {
        let [few, many] = [0, 0.5]
        for (let i = 0; i < 40; i++) {
          const middle = (few + many) / 2
          if ((decisions.of(decisionsOfTwo('f1', 1e6 * 0.3, 1e6 * 0.7).wrong(middle)) ?? 0) > value) few = middle
          else many = middle
        }
        return few
      }
      const [worse, better] = [wrongAt(usual.value), wrongAt(usual.value + difference)]
      // Kinds of rows: of either label, whether the better and the worse are wrong.
      const draw = (rows: number): readonly number[] => {
        const both = better * (together + (1 - together) * worse)
        const onlyBetter = better - both
        const onlyWorse = worse - both
        const first = drawBinomial(rows, both, random)
        const second = drawBinomial(rows - first, onlyBetter / (1 - both), random)
        const third = drawBinomial(rows - first - second, onlyWorse / (1 - both - onlyBetter), random)
        return [first, second, third, rows - first - second - third]
      }
      const shown = shareOf(150, () => {
        const cells = [...draw(positives), ...draw(negatives)]
        const f1Of = (wrong: readonly number[], counts: ArrayLike<number>): number | undefined => {
          const sum = (places: readonly number[]): number => places.reduce((total, i) => total + (counts[i] ?? 0), 0)
          const right = [0, 1, 2, 3].filter((i) => !wrong.includes(i))
          return f1(confusionOf([sum(right), sum(wrong.map((i) => i + 4)), sum(wrong), sum(right.map((i) => i + 4))]))
        }
        const apart = (counts: ArrayLike<number> = cells): number =>
          (f1Of([0, 1], counts) ?? 0) - (f1Of([0, 2], counts) ?? 0)
        return lowOf(cells, apart) >= 0
      })
      expect(shown, String(shown)).toBeGreaterThanOrEqual(0.8)
    },
  )

  it('their average precision is, of scores that have nothing in common', () => {
    const [positives, negatives] = [150, 350]
    const labels = Uint8Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0))
    const difference = pairedNumbers(averagePrecisionError(positives), 0, 0.95) ?? Number.NaN
    const scores = (shift: number, times = 1) => ({
      labels: Array.from({ length: times }, () => [...labels]).flat(),
      of: (rows: ArrayLike<number>) => Float64Array.from(rows, (label) => random.normal() + shift * label),
    })
    const shiftAt = (value: number): number => {
      let [low, high] = [0, 6]
      for (let i = 0; i < 16; i++) {
        const middle = (low + high) / 2
        const { labels: rows, of } = scores(middle, 40)
        const ranking = rankByScore(rows, of(rows))
        if ((ranking === undefined ? 0 : (averagePrecision(ranking) ?? 0)) < value) low = middle
        else high = middle
      }
      return low
    }
    const [lesser, greater] = [shiftAt(0.5), shiftAt(0.5 + difference)]
    const shown = shareOf(60, () => {
      const [one, other] = [greater, lesser].map((shift) => rankByScore(labels, scores(shift).of(labels)))
      if (one === undefined || other === undefined) return false
      const apart = (counts?: Uint32Array) =>
        (averagePrecision(one, counts) ?? 0) - (averagePrecision(other, counts) ?? 0)
      return lowOf(rowPopulation(labels.length).sizes, apart) >= 0
    })
    expect(shown, String(shown)).toBeGreaterThanOrEqual(0.8)
  })
})
