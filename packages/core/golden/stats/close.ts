import { expect } from 'vitest'

/** A golden number: infinities are texts, since JSON has none; null stands for NaN. */
export type Golden = number | string | null

/** The number a golden value stands for. */
export function numberOf(golden: Golden): number {
  return golden === null ? Number.NaN : Number(golden)
}

/** Expects `actual` within `relative` of the golden number (absolute below `floor`), and equal where it is not finite. */
export function expectClose(
  actual: number | undefined,
  golden: Golden,
  relative = 1e-12,
  message = '',
  floor = 1e-300,
): void {
  const wanted = numberOf(golden)
  if (Number.isNaN(wanted)) {
    expect(actual, message).toBeUndefined()
    return
  }
  if (actual === wanted) return
  const distance = Math.abs((actual ?? Number.NaN) - wanted) / Math.max(Math.abs(wanted), floor)
  expect(distance, `${message}: ${actual} instead of ${wanted}`).toBeLessThanOrEqual(relative)
}
