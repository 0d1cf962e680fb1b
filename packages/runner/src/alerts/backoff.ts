import { stats } from '@plumbline/core'

/** The first wait, in milliseconds; each next one is twice as long. */
const FIRST_MS = 1_000
/** The longest wait between two attempts, in milliseconds. */
export const LONGEST_WAIT_MS = 300_000

/**
 * How long to wait after the n-th failed attempt (from 1), in milliseconds: doubled each time up to five minutes, then
 * between half of that and all of it, so that many senders do not return together. The share is drawn from a stream of
 * the seed: the same attempt always waits the same. `asked`, what the receiver asked for, is waited for at least (up to
 * an hour).
 */
export function waitAfter(attempts: number, seed: string, asked?: number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  const share = 0.5 + 0.5 * stats.createRandom(seed, `wait:${attempts}`).float()
  return Math.max(Math.round(full * share), Math.min(asked ?? 0, 3_600_000))
}
