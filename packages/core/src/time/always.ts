import type { Verdict } from '../evidence/evidence.ts'

/** What an `always` clause was found to be on the last of some windows. */
export interface AlwaysDecision {
  readonly verdict: Verdict
  /** Present where the condition is violated, and not yet in enough windows: more may follow. */
  readonly reason?: 'pending'
  /** Decided windows in a row, up to and with the last decided one, that violate the condition. */
  readonly streak: number
}

/**
 * `always condition for n`: violated on a window that violates the condition, if it is the nth in a row. `conditions` says
 * what the condition itself was found to be on each window, in time order, the last being the one asked about; they are
 * windows of one length under one serving version. A window that is not decided (too few rows, an interval that straddles
 * the bound, an error) neither extends nor resets the count.
 */
export function decideAlways(conditions: readonly Verdict[], atLeast: number): AlwaysDecision {
  const decided = conditions.filter((verdict) => verdict === 'violated' || verdict === 'satisfied')
  const held = decided.findLastIndex((verdict) => verdict === 'satisfied')
  const streak = decided.length - 1 - held
  const last = conditions.at(-1) ?? 'skipped'
  if (last !== 'violated' || streak >= atLeast) return { verdict: last, streak }
  return { verdict: 'inconclusive', reason: 'pending', streak }
}
