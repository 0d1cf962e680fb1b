import { CALIBRATION_BINS } from '../../stats/metrics/calibration.ts'
import { leastRows } from './least-rows.ts'
import { errorsAsked } from './normal-effect.ts'

/** What so many rows can show of an expected calibration error. */
export interface CalibrationEffect {
  /** The error that is shown to be at most the bound four times in five, or less. */
  readonly detectable?: number
  /** Where not even a perfectly calibrated score is: how many rows do for that, at most. */
  readonly enough?: { readonly rows: number; readonly value: number }
}

const MOST_ROWS = 10_000_000

/**
 * Standard error of the expected calibration error: at most √(p (1 − p) / n), p the share of positive rows, since Σ w_b p_b (1 − p_b) of the bins is at most
 * p (1 − p), x (1 − x) being concave.
 */
export const calibrationError = (rows: number, positives: number): number =>
  Math.sqrt(((positives / rows) * (1 - positives / rows)) / rows)

/**
 * How much too great it is measured of so many rows, at most: of a calibrated score each bin is off by √(2 / π) of its standard error, and
 * Σ √(w_b v_b) ≤ √(bins · p (1 − p)) by Cauchy and Schwarz. Source of the bias: R. Roelofs et al., Mitigating Bias in Calibration Error Estimation, AISTATS 2022.
 */
export const calibrationExcess = (rows: number, positives: number): number =>
  Math.sqrt((2 * CALIBRATION_BINS) / Math.PI) * calibrationError(rows, positives)

/** Decidability of `calibration_error() <= bound`: the bound less the bias and the errors that level and power ask for. */
export function calibrationAtMost(rows: number, positives: number, bound: number, level: number): CalibrationEffect {
  const reach = (n: number): number =>
    calibrationExcess(n, (positives * n) / rows) + errorsAsked(level) * calibrationError(n, (positives * n) / rows)
  const detectable = bound - reach(rows)
  if (detectable >= 0) return { detectable }
  const needed = bound > 0 ? leastRows((n) => reach(n) <= bound, MOST_ROWS, rows) : undefined
  return needed === undefined ? {} : { enough: { rows: needed, value: 0 } }
}
