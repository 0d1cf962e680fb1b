import { expect, it } from 'vitest'
import { bandEstimate, drawDistances } from '../../stats/band.ts'
import { confusionOf, f1 } from '../../stats/metrics/confusion.ts'
import { createRandom } from '../../stats/prng.ts'
import { cellPopulation, drawBinomial, rowPopulation } from '../../stats/resample.ts'
import { decisionError } from '../numbers/decisions.ts'
import { decisionsOfTwo } from '../numbers/matrix.ts'
import { relativeError } from '../numbers/losses.ts'
import { gapEffect, numbersWithin } from './group-numbers.ts'
import { spreadWithin } from './spread.ts'

const random = createRandom('plumbline', 'group numbers test')
const shareOf = (trials: number, isShown: () => boolean): number =>
  Array.from({ length: trials }, isShown).filter(Boolean).length / trials

type Statistic = (counts: ArrayLike<number>) => number

/** Whether the band of a gap, of rows that are resampled, lies within the bound. */
function isWithin(groups: readonly { sizes: ArrayLike<number>; of: Statistic }[], bound: number): boolean {
  const now = groups.map(({ sizes, of }) => of(sizes))
  const value = Math.max(...now) - Math.min(...now)
  const populations = groups.map(({ sizes }) => cellPopulation(sizes))
  const errors = drawDistances({ populations, random, replicates: 199 }, (...counts) => {
    const off = groups.map(({ of }, i) => of(counts[i] ?? []) - (now[i] as number))
    return Math.max(...off) - Math.min(...off)
  })
  const around = (error: number) => ({ low: value - error, high: value + error })
  return bandEstimate(value, errors, around, { low: 0, high: Infinity }).interval(0.95).high <= bound
}

it('a gap of F1 is shown to be within its bound about four times in five where detectable', () => {
  const [groups, bound] = [
    [
      [100, 200],
      [150, 250],
    ] as const,
    0.2,
  ]
  const known = groups.map(([p, n]) => {
    const found = decisionError(decisionsOfTwo('f1', p, n), 0.2)
    if (found === undefined) throw new Error('no error')
    return { error: () => found.error, range: { low: 0, high: 1 }, usual: found.value, atMost: false }
  })
  const gap = numbersWithin('gap', known, bound, 0.95) ?? Number.NaN
  const usual = known[0]?.usual ?? 0
  const wrongAt = (p: number, n: number, value: number): number => {
    let [few, many] = [0, 0.5]
    for (let i = 0; i < 40; i++) {
      const middle = (few + many) / 2
      const decisions = decisionsOfTwo('f1', 1e5 * p, 1e5 * n)
      if ((decisions.of(decisions.wrong(middle)) ?? 0) > value) few = middle
      else many = middle
    }
    return few
  }
  const wrong = groups.map(([p, n], i) => wrongAt(p, n, i === 0 ? usual - gap / 2 : usual + gap / 2))
  const shown = shareOf(150, () =>
    isWithin(
      groups.map(([p, n], i) => {
        const [fn, fp] = [drawBinomial(p, wrong[i] ?? 0, random), drawBinomial(n, wrong[i] ?? 0, random)]
        return { sizes: [p - fn, fp, fn, n - fp], of: (counts) => f1(confusionOf(counts)) ?? 0 }
      }),
      bound,
    ),
  )
  expect(Math.abs(shown - 0.8), String(shown)).toBeLessThan(0.12)
})

it('a gap of roots of mean squares is, in their own size', () => {
  const rows = [150, 300, 200]
  const term = {
    fn: 'rmse',
    args: [],
    type: { kind: 'double' },
    expression: 'rmse()',
    estimates: 'population',
  } as const
  const effect = gapEffect(
    rows.map((own) => relativeError(term, own) ?? Number.NaN),
    0.95,
  )
  // The widest gap about 1 that is within 0.5, between the two least sure.
  const gap = 0.5 - effect
  const deviations = [1 - gap / 2, 1, 1 + gap / 2]
  const shown = shareOf(150, () =>
    isWithin(
      rows.map((own, i) => {
        const squares = Float64Array.from({ length: own }, () => ((deviations[i] ?? 1) * random.normal()) ** 2)
        const of: Statistic = (counts) =>
          Math.sqrt(squares.reduce((sum, each, row) => sum + each * (counts[row] ?? 0), 0) / own)
        return { sizes: rowPopulation(own).sizes, of }
      }),
      0.5,
    ),
  )
  expect(shown, String(shown)).toBeGreaterThan(0.68)
  expect(shown).toBeLessThan(0.95)
})

it('of means of numbers between 0 and 1 a gap of shares is an upper bound', () => {
  const [rows, bound] = [[120, 200], 0.25]
  const { detectable: gap = Number.NaN } = spreadWithin('gap', rows, bound, 0.95)
  const shown = shareOf(120, () =>
    isWithin(
      rows.map((own, i) => {
        const mean = 0.5 + (i === 0 ? -gap / 2 : gap / 2)
        const each = Float64Array.from({ length: own }, () => random.float() ** ((1 - mean) / mean))
        const of: Statistic = (counts) => each.reduce((sum, one, row) => sum + one * (counts[row] ?? 0), 0) / own
        return { sizes: rowPopulation(own).sizes, of }
      }),
      bound,
    ),
  )
  expect(shown, String(shown)).toBeGreaterThanOrEqual(0.8)
})
