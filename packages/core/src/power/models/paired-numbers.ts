import { errorsAsked, type KnownError } from '../numbers/normal-effect.ts'

const STEPS = 2_000

/**
 * The difference of two means of the same n numbers between 0 and 1 that is shown to be at least a bound four times in five, at most: the difference of two such
 * numbers lies between −1 and 1, and varies by 1 − δ² at most (R. Bhatia, C. Davis, American Mathematical Monthly 107 (2000)). Of shares of
 * different rows, too: √(p q) + √(p′ q′) is at most √(1 − δ²).
 */
export function pairedMeans(units: number, bound: number, level: number): number | undefined {
  const asked = errorsAsked(level)
  // Differences at the ends come in steps of 2 / n: half of one may be missing.
  return firstDifference(bound, 1, (difference) => asked * Math.sqrt((1 - difference ** 2) / units) + 1 / units)
}

/**
 * The difference of two numbers of the same rows that is shown to be at least a bound four times in five, at most: whatever goes together, the error of a difference is no
 * more than the sum of both. The lesser one is the usual one, where the greater has room.
 */
export function pairedNumbers({ error, range, usual }: KnownError, bound: number, level: number): number | undefined {
  const asked = errorsAsked(level)
  return firstDifference(bound, range.high - range.low, (difference) => {
    const greater = Math.min(range.high, usual + Math.max(0, difference))
    return asked * (error(greater) + error(Math.max(range.low, greater - difference)))
  })
}

function firstDifference(bound: number, most: number, reach: (difference: number) => number): number | undefined {
  for (let step = 0; step <= STEPS; step++) {
    const difference = bound + ((most - bound) * step) / STEPS
    if (difference - bound >= reach(difference)) return difference
  }
  return undefined
}
