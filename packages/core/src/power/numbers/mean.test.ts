import { expect, it } from 'vitest'
import { meanEstimate } from '../../stats/mean.ts'
import { createRandom } from '../../stats/prng.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { meanBeyond } from './mean.ts'

/** How often the interval of the verdict lies on the allowed side, of numbers with a mean and a deviation. */
function shown(rows: number, mean: number, deviation: number, isShown: (low: number, high: number) => boolean): number {
  const random = createRandom('power', `mean ${rows}`)
  const rounds = 2000
  let found = 0
  for (let round = 0; round < rounds; round++) {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < rows; i++) {
      const number = mean + deviation * normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, random.float())))
      sum += number
      squares += number * number
    }
    const average = sum / rows
    const own = Math.sqrt((squares - rows * average * average) / (rows - 1))
    const estimate = meanEstimate(average, own, rows)
    if (!('interval' in estimate)) continue
    const { low, high } = estimate.interval(0.95)
    if (isShown(low, high)) found++
  }
  return found / rounds
}

it.each([20, 300])('a detectable mean of %d rows is shown four times in five', (rows) => {
  const spread = { rows, deviation: 12 }
  const least = meanBeyond(spread, 50, true, 0.95).detectable ?? Number.NaN
  expect(least).toBeGreaterThan(50)
  expect(Math.abs(shown(rows, least, 12, (low) => low >= 50) - 0.8)).toBeLessThan(0.04)
  const most = meanBeyond(spread, 50, false, 0.95).detectable ?? Number.NaN
  expect(most).toBeCloseTo(100 - least, 10)
  expect(Math.abs(shown(rows, most, 12, (_, high) => high <= 50) - 0.8)).toBeLessThan(0.04)
})

it('of one number nothing can be shown, whatever it is', () => {
  expect(meanBeyond({ rows: 1 }, 5, true, 0.95)).toEqual({ canHold: false, canFail: false, rowsToHold: 2 })
})
