import type { Interval } from '../../stats/estimate.ts'
import { normalQuantile } from '../../stats/special/normal.ts'
import { POWER } from './proportion.ts'

/** A number whose standard error on the rows at hand follows from its value. */
export interface KnownError {
  /** Standard error where the number is `value`. */
  readonly error: (value: number) => number
  readonly range: Interval
  /** What it usually is, where two of them are compared and neither is known. */
  readonly usual: number
  /** What the error takes for granted, beyond rows and value. */
  readonly given?: string
  /** Whether the error is no less than the true one, so that what follows from it is an upper bound. */
  readonly atMost: boolean
}

const STEPS = 2_000

/** Standard errors that level and power ask for together. */
export const errorsAsked = (level: number): number => normalQuantile((1 + level) / 2) + normalQuantile(POWER)

/**
 * The value nearest to the bound that is shown to be at least (at most) it four times in five, when what is measured is normal about it: its
 * distance is z of the level times the greater of the errors at bound and value, since intervals that follow skewness reach back to that of
 * the bound, and z of the power times that at the value. Undefined where no value within the range is.
 */
export function normalBeyond(
  { error, range }: KnownError,
  bound: number,
  atLeast: boolean,
  level: number,
): number | undefined {
  const [ofLevel, ofPower] = [normalQuantile((1 + level) / 2), normalQuantile(POWER)]
  const best = atLeast ? range.high : range.low
  const from = Math.min(range.high, Math.max(range.low, bound))
  const atBound = error(from)
  for (let step = 0; step <= STEPS; step++) {
    const value = from + ((best - from) * step) / STEPS
    const own = error(value)
    if (Math.abs(value - bound) >= ofLevel * Math.max(atBound, own) + ofPower * own) return value
  }
  return undefined
}
