import type { Random } from '../stats/prng.ts'

/** One item, each equally likely; there must be one. */
export const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(items.length)] as T

/** True with a probability in [0, 1]. */
export const chance = (random: Random, probability: number): boolean => random.float() < probability
