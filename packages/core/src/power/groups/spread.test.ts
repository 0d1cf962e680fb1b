import { expect, it } from 'vitest'
import { bandEstimate, createRandom, drawBinomial, type Interval, wilson } from '../../stats/index.ts'
import { type Spread, spreadWithin, USUAL_RATE } from './spread.ts'

const random = createRandom('plumbline', 'spread test')
const LEVEL = 0.95

/** The interval of a spread as rows decide it: by resampling what was drawn, or where nothing varies by Wilson's intervals together. */
function decided(spread: Spread, hits: readonly number[], rows: readonly number[], draws = 199): Interval {
  const rates = hits.map((k, i) => k / (rows[i] as number))
  const value = spread === 'gap' ? Math.max(...rates) - Math.min(...rates) : Math.min(...rates) / Math.max(...rates)
  if (rates.every((rate) => rate === 0 || rate === 1)) {
    const parts = rates.map((_, i) => wilson(hits[i] as number, rows[i] as number, 1 - (1 - LEVEL) / rows.length))
    const [lows, highs] = [parts.map(({ low }) => low), parts.map(({ high }) => high)]
    return spread === 'gap'
      ? { low: Math.max(0, Math.max(...lows) - Math.min(...highs)), high: Math.max(...highs) - Math.min(...lows) }
      : { low: Math.min(...lows) / Math.max(...highs), high: Math.min(...highs) / Math.max(...lows) }
  }
  const errors = Float64Array.from({ length: draws }, () => {
    const off = rates.map((rate, i) => {
      const drawn = drawBinomial(rows[i] as number, rate, random) / (rows[i] as number)
      return spread === 'gap' ? drawn - rate : Math.log(drawn / rate)
    })
    const range = Math.max(...off) - Math.min(...off)
    return Number.isNaN(range) ? Infinity : range
  }).sort()
  const around = (off: number): Interval =>
    spread === 'gap'
      ? { low: value - off, high: value + off }
      : { low: value * Math.exp(-off), high: value * Math.exp(off) }
  return bandEstimate(value, errors, around, { low: 0, high: spread === 'gap' ? Infinity : 1 }).interval(LEVEL)
}

const isShown = (spread: Spread, { low, high }: Interval, bound: number): boolean =>
  spread === 'gap' ? high <= bound : low >= bound

it.each([
  ['gap', [12, 12], 0.1],
  ['gap', [12, 40], 0.3],
  ['gap', [30, 30], 0.2],
  ['gap', [90, 90], 0.1],
  ['ratio', [15, 15], 0.8],
  ['ratio', [40, 25], 0.8],
  ['ratio', [60, 60], 0.9],
] as const)('%s of groups of %j within %d can be shown only where some outcome shows it', (spread, rows, bound) => {
  const { canHold, canFail } = spreadWithin(spread, rows, bound, LEVEL)
  let [shown, refuted] = [false, false]
  const [a, b] = rows
  for (let k = 0; k <= a; k++)
    for (const l of new Set([Math.round((k * b) / a), k === 0 ? b : b - (a - k), 0, b])) {
      if (l < 0 || l > b) continue
      const found = decided(spread, [k, l], rows)
      if (Number.isNaN(found.low + found.high)) continue
      shown ||= isShown(spread, found, bound)
      refuted ||= spread === 'gap' ? found.low > bound : found.high < bound
    }
  expect([canHold, canFail]).toEqual([shown, refuted])
})

it.each([
  ['gap', [400, 300], 0.2],
  ['gap', [500, 800, 600], 0.15],
  ['ratio', [900, 700], 0.8],
] as const)(
  '%s of groups of %j within %d is shown four times in five where it is detectable',
  (spread, rows, bound) => {
    const { canHold, detectable = Number.NaN, rowsToHold = 0 } = spreadWithin(spread, rows, bound, LEVEL)
    expect(canHold).toBe(true)
    expect(Math.min(...rows)).toBeGreaterThan(rowsToHold)
    const sorted = rows.toSorted((a, b) => a - b)
    const rates = sorted.map((_, i) => {
      if (i > 1) return USUAL_RATE
      if (spread === 'gap') return USUAL_RATE + ((i === 0 ? -1 : 1) * detectable) / 2
      return USUAL_RATE * detectable ** (i === 0 ? 0.5 : -0.5)
    })
    const trials = 300
    let shown = 0
    for (let i = 0; i < trials; i++) {
      const hits = sorted.map((n, at) => drawBinomial(n, rates[at] as number, random))
      if (isShown(spread, decided(spread, hits, sorted), bound)) shown++
    }
    expect(Math.abs(shown / trials - 0.8), String(shown / trials)).toBeLessThan(0.08)
  },
)
