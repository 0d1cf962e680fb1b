import { type Estimation, type Interval, undefinedEstimate } from './estimate.ts'
import { studentCdf, studentQuantile } from './special/student-t.ts'

/**
 * Student's t interval of a mean from n ≥ 2 values with standard deviation `sd` (divisor n − 1).
 * Source: Student, Biometrika 6 (1908).
 */
export function tInterval(mean: number, sd: number, n: number, level: number): Interval {
  const half = (-studentQuantile((1 - level) / 2, n - 1) * sd) / Math.sqrt(n)
  return { low: mean - half, high: mean + half }
}

/** A mean with its t interval; `undefined` below two values, and for a constant column (nothing is known of its error). */
export function meanEstimate(mean: number, sd: number, n: number): Estimation {
  if (n <= 0) return undefinedEstimate('empty')
  if (!Number.isFinite(mean)) return undefinedEstimate('undefined-metric')
  if (n < 2) return undefinedEstimate('too-few-rows', mean)
  if (!Number.isFinite(sd)) return undefinedEstimate('undefined-metric', mean)
  if (!(sd > 0)) return undefinedEstimate('no-variation', mean)
  return {
    kind: 'estimate',
    value: mean,
    method: 't',
    interval: (level) => tInterval(mean, sd, n, level),
    p: (at) => 2 * studentCdf((-Math.abs(mean - at) * Math.sqrt(n)) / sd, n - 1),
  }
}
