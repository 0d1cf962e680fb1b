import { studentQuantile } from '../../stats/special/student-t.ts'
import { POWER } from './proportion.ts'

/** How the numbers of an expression spread in a slice. */
export interface Spread {
  /** Rows with a number. */
  readonly rows: number
  /** Their standard deviation (divisor n − 1); absent where there are fewer than two. */
  readonly deviation?: number
  /** Their mean, where it was asked for. */
  readonly mean?: number
}

/** What so many numbers can say of their mean. */
export interface MeanDecidability {
  readonly canHold: boolean
  readonly canFail: boolean
  readonly rowsToHold?: number
  /** The mean nearest to the bound that is shown to hold four times in five. */
  readonly detectable?: number
}

/** An interval of Student needs a variance, hence two rows. */
const LEAST = 2

/**
 * Decidability of `mean(x) >= bound` (or `<=`) by the interval of Student at a level, were the numbers to spread as those at hand do:
 * bound ± (t of the level + t of the power) · s / √n. Source: W. G. Cochran, Sampling Techniques (1977), section 4.4; the sum of the
 * two quantiles stands for the noncentral t, a little too large on few rows.
 */
export function meanBeyond(
  { rows, deviation }: Spread,
  bound: number,
  atLeast: boolean,
  level: number,
): MeanDecidability {
  if (rows < LEAST || deviation === undefined) return { canHold: false, canFail: false, rowsToHold: LEAST }
  const step = deviation * (effectOfMean(rows, level) ?? Number.NaN)
  return { canHold: true, canFail: true, detectable: atLeast ? bound + step : bound - step }
}

/** How many standard deviations beyond its bound a mean of so many numbers is shown four times in five; undefined below two rows. */
export function effectOfMean(rows: number, level: number): number | undefined {
  if (rows < LEAST) return undefined
  const degrees = rows - 1
  return (studentQuantile((1 + level) / 2, degrees) + studentQuantile(POWER, degrees)) / Math.sqrt(rows)
}
