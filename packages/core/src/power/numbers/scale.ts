import { errorsAsked } from './normal-effect.ts'

/**
 * The standard deviation (or variance) of normal numbers that is shown to be beyond a bound four times in five: the logarithm of s varies by 1 / √(2 (n − 1)), that of
 * s² by twice as much (M. Kendall, A. Stuart, The Advanced Theory of Statistics 1, 10.5).
 */
export function scaleBeyond(
  of: 'stddev' | 'variance',
  rows: number,
  bound: number,
  atLeast: boolean,
  level: number,
): number | undefined {
  if (rows < 2 || bound <= 0) return undefined
  const away = (of === 'variance' ? 2 : 1) * (errorsAsked(level) / Math.sqrt(2 * (rows - 1)))
  return bound * Math.exp(atLeast ? away : -away)
}
