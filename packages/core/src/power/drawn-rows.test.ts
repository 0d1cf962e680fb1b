import { expect, it } from 'vitest'
import type { Term } from '../expr/must.ts'
import { bootstrap } from '../stats/bootstrap.ts'
import { createRandom } from '../stats/prng.ts'
import { weightedProportionEstimate, wilson } from '../stats/proportion.ts'
import { rowPopulation } from '../stats/resample.ts'
import { atDrawnRows, drawnRows, saidOfDrawn } from './drawn-rows.ts'
import { saidOfTerm } from './of-term.ts'
import { type RowCount, type Said, spreadKey } from './rows-at-hand.ts'

const random = createRandom('plumbline', 'drawn rows test')
const LEVELS = { lenient: 0.95, strict: 0.95 }

const term = (fn: 'accuracy' | 'jaccard', more: Partial<Term> = {}): Term => ({
  fn,
  args: [],
  type: { kind: 'double' },
  expression: `${fn}()`,
  estimates: 'population',
  ...more,
})

function said(of: Term, count: RowCount, bound: number): Said {
  const drawn = drawnRows(of, count)
  if (typeof drawn === 'string') throw new Error(drawn)
  const found = saidOfTerm({ term: of, bound, atLeast: true }, atDrawnRows({ count }, drawn), LEVELS)
  return saidOfDrawn(found, drawn, count.rows)
}

const shareOf = (trials: number, isShown: () => boolean): number =>
  Array.from({ length: trials }, isShown).filter(Boolean).length / trials

it.each([1, 0.5])(
  'the accuracy of clusters is shown four times in five or more where detectable (%d of a cluster alike)',
  (alike) => {
    const sizes = Array.from({ length: 80 }, (_, i) => 2 + (i % 4))
    const rows = sizes.reduce((sum, size) => sum + size, 0)
    const count: RowCount = { rows, groups: new Map([['c', { groups: sizes.length, largest: 5 }]]) }
    const { detectable = Number.NaN, atMost, unit } = said(term('accuracy', { cluster: 'c' }), count, 0.6)
    expect([atMost, unit]).toEqual([true, 'clusters of c'])
    const shown = shareOf(200, () => {
      const right = sizes.map((size) => {
        const own = random.float() < detectable ? 1 : 0
        return Array.from({ length: size }, () =>
          random.float() < alike ? own : random.float() < detectable ? 1 : 0,
        ).reduce<number>((sum, each) => sum + each, 0)
      })
      const found = bootstrap(
        { populations: [rowPopulation(sizes.length)], random, replicates: 399 },
        {
          range: { low: 0, high: 1 },
          evaluate: (counts) => {
            let [k, n] = [0, 0]
            for (const [i, size] of sizes.entries()) {
              k += (counts?.[i] ?? 1) * (right[i] as number)
              n += (counts?.[i] ?? 1) * size
            }
            return n === 0 ? undefined : k / n
          },
        },
      )
      return found.kind === 'estimate' && found.interval(0.95).low >= 0.6
    })
    expect(shown, String(shown)).toBeGreaterThanOrEqual(0.8)
  },
)

it('the accuracy of weighted rows is shown about four times in five where detectable', () => {
  const weights = Float64Array.from({ length: 300 }, (_, i) => 1 + (i % 4))
  const mean = 2.5
  const deviation = Math.sqrt(weights.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 299)
  const count: RowCount = { rows: 300, spreads: new Map([[spreadKey('w'), { rows: 300, mean, deviation }]]) }
  const { detectable = Number.NaN } = said(term('accuracy', { weights: 'w' }), count, 0.7)
  const shown = shareOf(1000, () => {
    const sums = { k: 0, n: 0 }
    const squares = { k: 0, n: 0 }
    for (const weight of weights) {
      const right = random.float() < detectable ? 1 : 0
      sums.k += right * weight
      sums.n += weight
      squares.k += right * weight * weight
      squares.n += weight * weight
    }
    const found = weightedProportionEstimate(sums, squares)
    return found.kind === 'estimate' && found.interval(0.95).low >= 0.7
  })
  expect(Math.abs(shown - 0.8), String(shown)).toBeLessThan(0.06)
})

it.each([0, 0.2])(
  'intersection over union is shown four times in five or more where detectable (%d answered beside)',
  (beside) => {
    const [positives, negatives] = [150, 400]
    const { detectable = Number.NaN, atMost } = said(term('jaccard'), { rows: 550, positives }, 0.6)
    expect(atMost).toBe(true)
    // With so many answered beside the positive rows, more of these have to be right.
    const recall = Math.min(1, (detectable * (positives + beside * positives)) / positives)
    const shown = shareOf(1000, () => {
      let [k, n] = [0, positives]
      for (let i = 0; i < positives; i++) if (random.float() < recall) k++
      for (let i = 0; i < negatives; i++) if (random.float() < (beside * positives) / negatives) n++
      return wilson(k, n, 0.95).low >= 0.6
    })
    expect(shown, String(shown)).toBeGreaterThanOrEqual(0.77)
  },
)
