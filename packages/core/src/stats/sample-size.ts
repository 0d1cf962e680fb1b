import type { IntervalEstimate } from './estimate.ts'

/**
 * About how many rows would decide a comparison if the measured margin stayed as it is: the side of the interval
 * facing 0 shrinks as 1/√n. A rough answer to "what would change the verdict", not a power calculation: with that many
 * rows the chance to decide is about one half. `undefined` for a margin of 0 or an interval without an end there.
 */
export function rowsNeeded(margin: IntervalEstimate, rows: number, level: number): number | undefined {
  const { low, high } = margin.interval(level)
  const facing = margin.value > 0 ? margin.value - low : high - margin.value
  const needed = rows * (facing / margin.value) ** 2
  return Number.isFinite(needed) && needed >= 0 ? Math.max(1, Math.ceil(needed * (1 - 1e-12))) : undefined
}
