import { describe, expect, it } from 'vitest'
import { bootstrap, cellPopulation, createRandom, wilson } from '../../stats/index.ts'
import { aucDifferenceEstimate } from '../../stats/delong.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { pairedAreasAtLeast } from './paired-areas.ts'
import { pairedSharesAtLeast } from './paired-shares.ts'

const random = createRandom('plumbline', 'models test')

/** The lower end that decides: rows resampled together, or without variation Wilson's of both. */
function lowEnd(better: number, worse: number, rows: number, replicates = 799): number {
  const found = bootstrap(
    { populations: [cellPopulation([better, worse, rows - better - worse])], random, replicates },
    { evaluate: (counts) => ((counts?.[0] ?? 0) - (counts?.[1] ?? 0)) / rows, range: { low: -1, high: 1 } },
  )
  if (found.kind === 'estimate') return found.interval(0.95).low
  if (found.reason === 'too-few-rows') return -1
  if (better === rows) return wilson(rows, rows, 0.975).low - wilson(0, rows, 0.975).high
  // Both right everywhere tells most of two that are alike.
  return worse === rows ? -1 : wilson(rows, rows, 0.975).low - 1
}

describe('two shares of the same rows', () => {
  it.each([
    [4, 0],
    [6, -0.2],
    [9, 0.5],
    [14, 0.6],
    [14, 0.8],
    [25, 0.05],
  ])('%i rows show a difference of %d exactly where some outcome shows it', (rows, bound) => {
    const ends: number[] = []
    for (let better = 0; better <= rows; better++)
      for (let worse = 0; better + worse <= rows; worse++) ends.push(lowEnd(better, worse, rows))
    const { canHold, rowsToHold = rows } = pairedSharesAtLeast(rows, bound, 0.95)
    expect(canHold).toBe(Math.max(...ends) >= bound)
    expect(pairedSharesAtLeast(rowsToHold, bound, 0.95).canHold).toBe(true)
  })

  it.each([
    [600, 0, 0.1],
    [900, -0.02, 0.2],
    [1500, 0.03, 0.15],
  ])('of %i rows beside %d, differing on %d, are shown four times in five where detectable', (rows, bound, differ) => {
    const { detectable = Number.NaN } = pairedSharesAtLeast(rows, bound, 0.95, differ)
    const trials = 300
    let shown = 0
    for (let trial = 0; trial < trials; trial++) {
      let [better, worse] = [0, 0]
      for (let row = 0; row < rows; row++) {
        const at = random.float()
        if (at < (differ + detectable) / 2) better++
        else if (at < differ) worse++
      }
      if (lowEnd(better, worse, rows, 399) >= bound) shown++
    }
    expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.08)
  })

  it('without enough of a difference nothing is called detectable', () => {
    expect(pairedSharesAtLeast(40, 0, 0.95, 0.02).detectable).toBeUndefined()
  })
})

describe('two ROC areas of the same rows', () => {
  it('show some difference from two rows of each label on, and none before', () => {
    const labels = [1, 1, 0, 0]
    const better = [3, 2, 1, 0]
    const orders = Array.from({ length: 256 }, (_, i) => [i & 3, (i >> 2) & 3, (i >> 4) & 3, (i >> 6) & 3])
    const ends = orders.map((order) => {
      const each = aucDifferenceEstimate(labels, better, order)
      return 'interval' in each ? each.interval(0.95).low : -1
    })
    expect(Math.max(...ends)).toBeGreaterThan(0)
    expect(pairedAreasAtLeast(2, 2, 0, 0.95)).toMatchObject({ canHold: true, canFail: true })
    expect(pairedAreasAtLeast(1, 20, 0, 0.95)).toEqual({ canHold: false, canFail: false })
    const one = aucDifferenceEstimate([1, 0, 0], [2, 1, 0], [0, 1, 2])
    expect(one.kind).toBe('undefined')
  })

  it('are shown four times in five where the difference is detectable', () => {
    const [p, n, bound] = [250, 750, 0]
    const { detectable = Number.NaN } = pairedAreasAtLeast(p, n, bound, 0.95)
    const labels = Uint8Array.from({ length: p + n }, (_, i) => (i < p ? 1 : 0))
    const shifts = [0.8 + detectable, 0.8].map((area) => Math.SQRT2 * normalQuantile(area))
    // Scores that go together by so much make areas whose errors do by about 0.5 (Hanley and McNeil 1983, table I).
    const together = 0.55
    const trials = 300
    let shown = 0
    for (let trial = 0; trial < trials; trial++) {
      const common = Float64Array.from({ length: p + n }, () => random.normal())
      const [left, right] = shifts.map((shift) =>
        common.map((c, i) => Math.sqrt(together) * c + Math.sqrt(1 - together) * random.normal() + (i < p ? shift : 0)),
      )
      const found = aucDifferenceEstimate(labels, left ?? [], right ?? [])
      if ('interval' in found && found.interval(0.95).low >= bound) shown++
    }
    expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.09)
  })
})
