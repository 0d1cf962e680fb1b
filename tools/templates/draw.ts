import type { Random } from '../../packages/core/src/stats/prng.ts'

/** A draw from a normal distribution, rounded to some decimals. */
export const normal = (random: Random, mean: number, deviation: number, digits = 2): number =>
  Number((mean + deviation * random.normal()).toFixed(digits))

/** The value, or the nearer end where it lies outside. */
export const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** One of a list, all equally likely. */
export function oneOf<T>(random: Random, [first, ...rest]: readonly [T, ...T[]]): T {
  return [first, ...rest][random.int(rest.length + 1)] ?? first
}
