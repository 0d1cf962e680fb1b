import { expect, it } from 'vitest'
import { fisherZ } from '../../stats/correlation.ts'
import { createRandom } from '../../stats/prng.ts'
import { orderStatisticInterval } from '../../stats/quantile.ts'
import { correlationBeyond, quantileBeyond } from './ordered.ts'

const random = createRandom('power', 'ordered')
const ROUNDS = 2_000

// scipy 1.x: the least n with 0.99^n <= 0.025 and the like; 6 for the median of any sample at 95 %.
it.each([
  [0.5, false, 6],
  [0.5, true, 6],
  [0.99, false, 368],
  [0.99, true, 1],
  [0.9, false, 36],
  [0.1, true, 36],
])('a quantile %d has the end that it is shown by from so many rows on', (q, atLeast, least) => {
  if (least > 1) {
    const few = quantileBeyond(least - 1, q, atLeast, 0.95)
    expect([few.canHold, few.rowsToHold]).toEqual([false, least])
  }
  expect(quantileBeyond(Math.max(least, 4), q, atLeast, 0.95).canHold).toBe(true)
})

it.each([
  [40, 0.5, false],
  [60, 0.9, false],
  [60, 0.9, true],
  [400, 0.99, false],
  [250, 0.2, true],
])('a quantile of %d rows is shown four times in five where so many rows are allowed', (rows, q, atLeast) => {
  const { detectable = Number.NaN } = quantileBeyond(rows, q, atLeast, 0.95)
  expect(atLeast ? 1 - detectable : detectable).toSatisfy((share: number) => (atLeast ? share < q : share > q))
  let shown = 0
  for (let round = 0; round < ROUNDS; round++) {
    // Uniform numbers beside the bound that leaves this share on the allowed side.
    const bound = atLeast ? 1 - detectable : detectable
    const sorted = Float64Array.from({ length: rows }, () => random.float()).sort()
    const { low, high } = orderStatisticInterval(sorted, q, 0.95)
    if (atLeast ? low >= bound : high <= bound) shown++
  }
  expect(Math.abs(shown / ROUNDS - 0.8)).toBeLessThan(0.04)
})

it.each([
  [30, 0.3, true],
  [200, 0.5, true],
  [200, 0.1, false],
])('a correlation of %d rows is shown four times in five where it is detectable', (rows, bound, atLeast) => {
  const { detectable = Number.NaN } = correlationBeyond(rows, bound, atLeast, 0.95)
  let shown = 0
  for (let round = 0; round < ROUNDS; round++) {
    let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0]
    for (let i = 0; i < rows; i++) {
      const a = random.normal()
      const b = detectable * a + Math.sqrt(1 - detectable ** 2) * random.normal()
      x += a
      y += b
      xx += a * a
      yy += b * b
      xy += a * b
    }
    const r = (rows * xy - x * y) / Math.sqrt((rows * xx - x * x) * (rows * yy - y * y))
    const { low, high } = fisherZ(r, rows, 0.95)
    if (atLeast ? low >= bound : high <= bound) shown++
  }
  expect(Math.abs(shown / ROUNDS - 0.8)).toBeLessThan(0.04)
})

it('of three pairs no correlation is shown', () => {
  expect(correlationBeyond(3, 0.5, true, 0.95)).toEqual({ canHold: false, canFail: false, rowsToHold: 4 })
})
