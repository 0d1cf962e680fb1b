import { estimateByInversion, type Interval, type IntervalEstimate } from './estimate.ts'
import { normalCdf, normalQuantile } from './special/normal.ts'
import { studentQuantile } from './special/student-t.ts'

/** A number on a sample, where it lies on a scale on which it is nearly normal, and its standard error there. */
export interface Located {
  readonly value: number
  readonly at: number
  readonly error: number
}

/** What a number needs for the bootstrap-t: its standard error on each resample. */
export interface Studentized {
  /** `undefined` where the number does not exist. */
  locate(...counts: Uint32Array[]): Located | undefined
  /** The number at a place of the scale; it may only rise, or only fall, with the place. */
  valueAt(at: number): number
  /** Kurtosis (3 for a normal law) of what the rows at hand add to the number. */
  kurtosis(...counts: Uint32Array[]): number
}

/** What {@link studentizedEstimate} needs. */
export interface StudentizedParts {
  readonly located: Located
  readonly valueAt: (at: number) => number
  /** (place − observed place) / error of each resample, ascending. */
  readonly deviates: Float64Array
  /** Degrees of freedom of the standard error. */
  readonly degrees: number
  /** Ends of an interval where the resamples say nothing. */
  readonly range: Interval
}

/** Degrees of freedom of a variance of `rows` values of such a kurtosis: Satterthwaite's 2 s⁴ / var(s²), var(s²) = (kurtosis − 1) s⁴ / rows. */
export function degreesOf(rows: number, kurtosis: number): number {
  return Math.max(2, (2 * rows) / Math.max(1e-9, kurtosis - 1))
}

/**
 * The bootstrap-t interval: the standard error of the sample times quantiles of the deviates of resamples. Resamples of heavy tails know
 * their own standard error too well, since what the sample lacks no resample has; so the level is that at which Student's t, with the
 * degrees of freedom that the kurtosis leaves, has the quantile of the normal law (T. Hesterberg, The American Statistician 69, 2015,
 * section 4.2, there for n − 1 degrees). Beyond the deviates the outermost goes on as Student's t does, and below α = 2 / (B + 1) there
 * is none. Sources: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), section 12.5; P. Hall, The Bootstrap and
 * Edgeworth Expansion (1992), section 3.5.
 */
export function studentizedEstimate(parts: StudentizedParts): IntervalEstimate {
  const { located, valueAt, deviates, degrees, range } = parts
  const count = deviates.length
  const smallest = 1 / (count + 1)
  const inside = (value: number): number => Math.min(range.high, Math.max(range.low, value))
  return estimateByInversion(located.value, 'bootstrap-t', (alpha) => {
    if (alpha / 2 < smallest * (1 - 1e-9)) return range
    const quantile = studentQuantile(alpha / 2, degrees)
    const tail = normalCdf(quantile)
    // 1e-9 keeps a whole number that rounding moved from being rounded outwards by one.
    const rank = Math.floor((count + 1) * tail + 1e-9)
    const beyond = rank < 1 ? quantile / normalQuantile(smallest) : 1
    const at = Math.max(rank, 1)
    const least = beyond * Math.min(0, deviates[at - 1] as number)
    const greatest = beyond * Math.max(0, deviates[count - at] as number)
    const ends = [greatest, least].map((deviate) => inside(valueAt(located.at - deviate * located.error)))
    return { low: Math.min(...ends), high: Math.max(...ends) }
  })
}
