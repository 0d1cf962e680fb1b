import { describe, expect, it } from 'vitest'
import { aucEstimate } from '../../stats/delong.ts'
import { createRandom } from '../../stats/prng.ts'
import { wilson } from '../../stats/proportion.ts'
import { aucAtLeast, mostShown } from './auc.ts'
import { shareAtLeast, shareAtMost } from './proportion.ts'

describe('shares', () => {
  it('can be shown exactly where some outcome of the rows shows them', () => {
    for (const [n, bound] of [
      [1, 0.5],
      [5, 0.5],
      [10, 0.8],
      [20, 0.8],
      [73, 0.95],
      [72, 0.95],
      [500, 0.99],
    ] as const) {
      const outcomes = Array.from({ length: n + 1 }, (_, k) => wilson(k, n, 0.95))
      const found = shareAtLeast(n, bound, 0.95)
      expect(found.canHold, `${n} ${bound}`).toBe(outcomes.some(({ low }) => low >= bound))
      expect(found.canFail, `${n} ${bound}`).toBe(outcomes.some(({ high }) => high < bound))
      const needed = found.rowsToHold ?? 0
      expect(wilson(needed, needed, 0.95).low).toBeGreaterThanOrEqual(bound)
      expect(wilson(needed - 1, needed - 1, 0.95).low).toBeLessThan(bound)
    }
  })

  it('are shown four times in five where they are detectable', () => {
    const random = createRandom('power', 'share')
    const [n, bound] = [200, 0.7]
    const { detectable = 0 } = shareAtLeast(n, bound, 0.95)
    let shown = 0
    for (let trial = 0; trial < 4000; trial++) {
      let k = 0
      for (let i = 0; i < n; i++) if (random.float() < detectable) k++
      if (wilson(k, n, 0.95).low >= bound) shown++
    }
    expect(shown / 4000).toBeGreaterThan(0.775)
    expect(shown / 4000).toBeLessThan(0.825)
  })

  it('at most a bound are the complement', () => {
    expect(shareAtMost(200, 0.3, 0.95).detectable).toBeCloseTo(1 - (shareAtLeast(200, 0.7, 0.95).detectable ?? 0), 10)
  })
})

describe('the ROC area', () => {
  it('cannot be shown with a handful of rows, and can with more', () => {
    expect(aucAtLeast(3, 20, 0.9, 0.95).canHold).toBe(false)
    expect(aucAtLeast(200, 800, 0.7, 0.95)).toMatchObject({ canHold: true, canFail: true })
    expect(aucAtLeast(0, 20, 0.7, 0.95)).toEqual({ canHold: false, canFail: false })
  })

  it.each([0.8, 0.95, 0.999])(
    'shows at %d no more in any order, ties included, than is taken for possible',
    (level) => {
      for (const [p, q] of [
        [2, 2],
        [2, 6],
        [3, 3],
        [4, 3],
        [3, 5],
      ] as const) {
        const most = Math.max(...orders(p, q).map((order) => lowEnd(order, level)))
        const taken = mostShown(p, q, level)
        expect(taken, `${p} ${q}`).toBeGreaterThanOrEqual(most - 1e-12)
        // Below a half no bound is of any use.
        expect(taken, `${p} ${q}`).toBeLessThan(Math.max(0.6, most + 0.05))
      }
    },
  )

  it('is not called out of reach because a perfect order, which has no variance, shows less than one with a tie', () => {
    const scores = (tie: number): Float64Array =>
      Float64Array.from({ length: 1060 }, (_, i) => (i < 60 ? 1 : i === 60 ? tie : 0))
    const labels = Uint8Array.from({ length: 1060 }, (_, i) => (i < 60 ? 1 : 0))
    const low = (of: Float64Array): number => {
      const found = aucEstimate(labels, of)
      return 'interval' in found ? found.interval(0.95).low : 0
    }
    expect(low(scores(0))).toBeLessThan(0.96)
    expect(low(scores(1))).toBeGreaterThan(0.98)
    expect(aucAtLeast(60, 1000, 0.98, 0.95).canHold).toBe(true)
  })

  it('is shown at least four times in five where it is detectable', () => {
    const random = createRandom('power', 'auc')
    const [p, q, bound] = [100, 300, 0.7]
    const { detectable = 0 } = aucAtLeast(p, q, bound, 0.95)
    // Two normals apart by √2·Φ⁻¹(A) have the area A; the quantile by bisection of the simulated one would be circular.
    const shift = Math.SQRT2 * probit(detectable)
    const labels = Uint8Array.from({ length: p + q }, (_, i) => (i < p ? 1 : 0))
    let shown = 0
    for (let trial = 0; trial < 600; trial++) {
      const scores = Float64Array.from({ length: p + q }, (_, i) => random.normal() + (i < p ? shift : 0))
      const found = aucEstimate(labels, scores)
      if ('interval' in found && found.interval(0.95).low >= bound) shown++
    }
    // The formula's variance is that of exponential scores, a little too large for normal ones.
    expect(shown / 600).toBeGreaterThan(0.77)
    expect(shown / 600).toBeLessThan(0.96)
  })
})

type Order = readonly (readonly [positives: number, negatives: number])[]

/** Every order of rows of two labels: blocks of rows with the same score. */
function orders(p: number, q: number): readonly Order[] {
  if (p === 0 && q === 0) return [[]]
  const blocks = Array.from(
    { length: (p + 1) * (q + 1) - 1 },
    (_, i) => [(i + 1) % (p + 1), Math.floor((i + 1) / (p + 1))] as const,
  )
  return blocks.flatMap(([a, b]) => orders(p - a, q - b).map((rest): Order => [[a, b], ...rest]))
}

function lowEnd(order: Order, level: number): number {
  const rows = order.flatMap(([a, b], score) => [
    ...Array.from({ length: a }, () => [1, score] as const),
    ...Array.from({ length: b }, () => [0, score] as const),
  ])
  const found = aucEstimate(
    rows.map(([label]) => label),
    rows.map(([, score]) => score),
  )
  return 'interval' in found ? found.interval(level).low : 0
}

/** Quantile of the normal by A&S 26.2.23: an implementation of its own. */
function probit(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p))
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
}
