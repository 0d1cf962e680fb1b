import type { Promotion } from './promotion.ts'

/**
 * The version that was in production before the one there now; undefined where there is none. A rollback takes its
 * version off the pile: what was taken out for a reason is not what a second rollback brings back.
 */
export function versionBefore(history: readonly Promotion[]): Promotion | undefined {
  const pile: Promotion[] = []
  for (const promotion of history) {
    if (promotion.rollback !== undefined && pile.length > 1) pile.pop()
    else if (promotion.digest !== pile.at(-1)?.digest) pile.push(promotion)
  }
  return pile.at(-2)
}
