import { bandEstimate } from '../../stats/band.ts'
import type { Interval } from '../../stats/estimate.ts'
import { wilson } from '../../stats/proportion.ts'
import { createRandom, type Random } from '../../stats/prng.ts'
import { drawBinomial } from '../../stats/resample.ts'
import { leastRows } from '../numbers/least-rows.ts'
import { POWER, type ShareDecidability } from '../numbers/proportion.ts'

/** How far apart groups are: the difference, or the quotient, of the least and the greatest of their shares. */
export type Spread = 'gap' | 'ratio'

/** Draws of the rows of all groups. */
const DRAWS = 499
/** Failures in each group that are tried as the best outcome; without any, nothing is known of how the rows vary. */
const MOST_FAILURES = 4
/** Rows of each group beyond which none are looked for. */
const MOST_ROWS = 1_000_000
const HALVINGS = 12
/** Rates that groups are taken to have when it is asked what is detectable. */
export const USUAL_RATE = 0.5

/**
 * Decidability of `gap <= bound` (`ratio >= bound`) of a share of the rows of several groups, by the band that decides it: the range of what
 * resampled rates are off by (of their logarithms), or where no rate varies Wilson's intervals together (`engine/decide/spread.ts`). The best
 * outcome is no failure in any group, or the same few in each; the worst, all in one group and none in another. `detectable`:
 * the widest gap (lowest ratio), of rates about one half, that is shown to be allowed four times in five. Seeded, so that it is the same each time.
 */
export function spreadWithin(spread: Spread, rows: readonly number[], bound: number, level: number): ShareDecidability {
  const isShown = (of: readonly number[]): boolean => canBeShown(spread, of, bound, level)
  const canHold = rows.every((n) => n > 0) && isShown(rows)
  const needed = leastRows((n) => isShown(rows.map(() => n)), MOST_ROWS, 2)
  const detectable = canHold ? detectableSpread(spread, sharesOf(rows), USUAL_RATE, bound, level) : undefined
  return {
    canHold,
    canFail: canBeRefuted(spread, rows, bound, level),
    ...(needed === undefined ? {} : { rowsToHold: needed }),
    ...(detectable === undefined ? {} : { detectable }),
  }
}

const isAllowed = (spread: Spread, { low, high }: Interval, bound: number): boolean =>
  spread === 'gap' ? high <= bound : low >= bound

function canBeShown(spread: Spread, rows: readonly number[], bound: number, level: number): boolean {
  if (rows.some((n) => n <= 0)) return false
  const together = 1 - (1 - level) / rows.length
  const perfect = rows.map((n) => wilson(n, n, together))
  if (isAllowed(spread, spreadOf(spread, perfect), bound)) return true
  for (let failures = 1; failures <= MOST_FAILURES; failures++) {
    // The same rate in each group, as near as whole rows come to it; nothing is to be gained in groups that are so small.
    const least = Math.min(...rows)
    const rates = rows.map((n) => 1 - Math.round((failures / least) * n) / n)
    if (rates.some((rate) => rate <= 0.5)) break
    if (isAllowed(spread, bandOf(spread, rates, rows, level), bound)) return true
  }
  return false
}

function canBeRefuted(spread: Spread, rows: readonly number[], bound: number, level: number): boolean {
  const together = 1 - (1 - level) / rows.length
  const ordered = rows.filter((n) => n > 0).toSorted((a, b) => b - a)
  // A group that no row is in has no rate, and then there is no gap to be refuted.
  if (ordered.length < rows.length || ordered.length < 2) return false
  const ends = ordered.map((n, i) => (i === 0 ? wilson(n, n, together) : wilson(0, n, together)))
  const { low, high } = spreadOf(spread, ends)
  if (spread === 'gap' ? low > bound : high < bound) return true
  const rates = ordered.map((n, i) => (i === 0 ? 1 : 1 / n))
  const band = bandOf(spread, rates, ordered, level)
  return spread === 'gap' ? band.low > bound : band.high < bound
}

/** Between which values the spread lies where each rate lies in its interval. */
function spreadOf(spread: Spread, parts: readonly Interval[]): Interval {
  const [lows, highs] = [parts.map(({ low }) => low), parts.map(({ high }) => high)]
  const [least, greatest] = [
    { low: Math.min(...lows), high: Math.min(...highs) },
    { low: Math.max(...lows), high: Math.max(...highs) },
  ]
  return spread === 'gap'
    ? { low: Math.max(0, greatest.low - least.high), high: greatest.high - least.low }
    : { low: least.low / greatest.high, high: Math.min(1, least.high / Math.max(greatest.low, Number.MIN_VALUE)) }
}

const valueOf = (spread: Spread, rates: readonly number[]): number =>
  spread === 'gap' ? Math.max(...rates) - Math.min(...rates) : Math.min(...rates) / Math.max(...rates)

/** What resampled rates are off by: the range of the differences, or of the differences of logarithms. */
function errorsOf(
  spread: Spread,
  rates: readonly number[],
  draws: readonly DrawnGroup['draw'][],
  random: Random,
): Float64Array {
  return Float64Array.from({ length: DRAWS }, () => {
    const off = rates.map((rate, i) => {
      const drawn = draws[i]?.(rate, random) ?? Number.NaN
      return spread === 'gap' ? drawn - rate : Math.log(drawn / rate)
    })
    const range = Math.max(...off) - Math.min(...off)
    return Number.isNaN(range) ? Infinity : range
  }).sort()
}

const drawing = (): Random => createRandom('plumbline', 'what groups can show')

function bandOf(spread: Spread, rates: readonly number[], rows: readonly number[], level: number): Interval {
  const value = valueOf(spread, rates)
  const around =
    spread === 'gap'
      ? (off: number): Interval => ({ low: value - off, high: value + off })
      : (off: number): Interval => ({ low: value * Math.exp(-off), high: value * Math.exp(off) })
  const range = { low: 0, high: spread === 'gap' ? Infinity : 1 }
  const draws = sharesOf(rows).map(({ draw }) => draw)
  return bandEstimate(value, errorsOf(spread, rates, draws, drawing()), around, range).interval(level)
}

/** A group as it may be drawn: its number of rows orders groups by how sure they are, and its rate varies with the draw. */
export interface DrawnGroup {
  readonly rows: number
  draw(rate: number, random: Random): number
}

const sharesOf = (rows: readonly number[]): readonly DrawnGroup[] =>
  rows.map((n) => ({ rows: n, draw: (rate, random) => drawBinomial(n, rate, random) / n }))

/** Rates about the usual one whose spread is so much: two at its ends, the others between. */
function ratesAt(spread: Spread, value: number, groups: number, usual: number): readonly number[] {
  const [low, high] =
    spread === 'gap'
      ? [usual - value / 2, Math.min(1, usual + value / 2)]
      : [usual * Math.sqrt(value), Math.min(1, usual / Math.sqrt(value))]
  return Array.from({ length: groups }, (_, i) => (i === 0 ? low : i === 1 ? high : usual))
}

/** The widest gap (lowest ratio) about the usual rate that is shown to be allowed four times in five; undefined where none is. */
export function detectableSpread(
  spread: Spread,
  groups: readonly DrawnGroup[],
  usual: number,
  bound: number,
  level: number,
): number | undefined {
  // The smallest groups are the least sure: they stand at the ends.
  const ordered = groups.toSorted((a, b) => a.rows - b.rows)
  const shownAt = (value: number): boolean => {
    const rates = ratesAt(spread, value, ordered.length, usual)
    const draws = ordered.map(({ draw }) => draw)
    const width = errorsOf(spread, rates, draws, drawing())[Math.min(DRAWS - 1, Math.ceil((DRAWS + 1) * level) - 1)]
    const random = createRandom('plumbline', 'what groups show')
    let shown = 0
    for (let each = 0; each < DRAWS; each++) {
      const drawn = valueOf(
        spread,
        rates.map((rate, i) => draws[i]?.(rate, random) ?? Number.NaN),
      )
      const end = spread === 'gap' ? drawn + (width as number) : drawn * Math.exp(-(width as number))
      if (spread === 'gap' ? end <= bound : end >= bound) shown++
    }
    return shown >= POWER * DRAWS
  }
  const best = spread === 'gap' ? 0 : 1
  if (!shownAt(best)) return undefined
  let [shown, open] = [best, bound]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (shown + open) / 2
    if (shownAt(middle)) shown = middle
    else open = middle
  }
  return shown
}
