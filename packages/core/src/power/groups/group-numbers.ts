import { createRandom } from '../../stats/prng.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import type { KnownError } from '../numbers/normal-effect.ts'
import { POWER } from '../numbers/proportion.ts'
import { type DrawnGroup, detectableSpread, type Spread } from './spread.ts'

const DRAWS = 1_999

/**
 * The widest gap (lowest ratio) of a number of several groups that is shown to be within a bound four times in five, where what is measured of each is normal
 * about the true one with the error that its rows give it: the errors of independent groups add as their variances.
 */
export function numbersWithin(
  spread: Spread,
  groups: readonly KnownError[],
  bound: number,
  level: number,
): number | undefined {
  const [first] = groups
  if (first === undefined) return undefined
  const drawn = groups.map(
    ({ error, range }): DrawnGroup => ({
      // Ordered by how sure they are.
      rows: 1 / error(first.usual) ** 2,
      draw(value, random) {
        const off = value + error(Math.min(range.high, Math.max(range.low, value))) * random.normal()
        return Math.min(range.high, Math.max(spread === 'ratio' ? Number.MIN_VALUE : range.low, off))
      },
    }),
  )
  return detectableSpread(spread, drawn, first.usual, bound, level)
}

/**
 * How far within its bound a gap has to lie to be shown four times in five, of groups whose numbers have these standard errors: the range of their errors at the
 * level, and the quantile of the power times the error of the difference of the two least sure.
 */
export function gapEffect(errors: readonly number[], level: number): number {
  const random = createRandom('plumbline', 'how far groups are off')
  const ranges = Float64Array.from({ length: DRAWS }, () => {
    const off = errors.map((error) => error * random.normal())
    return Math.max(...off) - Math.min(...off)
  }).sort()
  const range = ranges[Math.min(DRAWS - 1, Math.ceil((DRAWS + 1) * level) - 1)] as number
  const [one = 0, other = 0] = errors.toSorted((a, b) => b - a)
  return range + normalQuantile(POWER) * Math.hypot(one, other)
}
