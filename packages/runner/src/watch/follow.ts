import type { Host } from '@plumbline/core'
import type { LedgerResult } from '@plumbline/store'
import type { Alerts } from '../alerts/alerts.ts'
import { done, stopped, type WatchResult } from './failure.ts'
import type { Passed, Watch } from './watch.ts'

/** How a watch is followed. */
export interface FollowOptions {
  readonly host: Host
  readonly watch: Watch
  readonly alerts: Alerts
  /** One pass, and one attempt for each alert that waits. */
  readonly once: boolean
  /** Ends when all that was due at this instant is decided; microseconds since 1970 UTC. */
  readonly until?: number
  /** Real time between two passes, in milliseconds. */
  readonly intervalMs: number
  /** Waits so many milliseconds of real time, or until the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  readonly onPass?: (passed: Passed) => void
  readonly signal?: AbortSignal
}

/**
 * Pass after pass until it is told to end. Alerts are sent beside the passes: a receiver that does not answer keeps no
 * window waiting. Gives the last pass; a failure of disk or ledger ends it at once.
 */
export async function followWatch(options: FollowOptions): Promise<WatchResult<Passed>> {
  const { watch, alerts, once, until, signal } = options
  const sent: { last?: LedgerResult<void>; now?: Promise<LedgerResult<void>> | undefined } = {}
  const send = (): Promise<LedgerResult<void>> => {
    sent.now ??= alerts.deliver(signal).then((result) => {
      sent.now = undefined
      sent.last = result
      return result
    })
    return sent.now
  }
  const ended = async (result: WatchResult<Passed>): Promise<WatchResult<Passed>> => {
    // What is under way ends first, then what came to wait meanwhile gets its attempt.
    const before = await sent.now
    const last = isAborted(signal) || before?.ok === false ? before : await send()
    if (last?.ok === false && result.ok) return stopped({ kind: 'ledger', failure: last.failure })
    return result
  }
  while (true) {
    if (isAborted(signal)) return ended(stopped({ kind: 'interrupted' }))
    const passed = await watch.pass()
    if (!passed.ok) return ended(passed)
    options.onPass?.(passed.value)
    if (once || (until !== undefined && passed.value.position >= until)) return ended(done(passed.value))
    void send()
    if (sent.last?.ok === false) return stopped({ kind: 'ledger', failure: sent.last.failure })
    await untilNext(options, passed.value.next)
  }
}

/** How often a simulated clock is looked at between two passes, in milliseconds of real time: a look at one file. */
const CLOCK_LOOK_MS = 5

/** Waits for the next pass; of a simulated clock, whose hours last a moment, no longer than until the next window is due. */
async function untilNext({ host, intervalMs, sleep, signal }: FollowOptions, next: number | undefined): Promise<void> {
  const { clock } = host
  if (clock.simulated !== true || next === undefined) return sleep(intervalMs, signal)
  for (let left = intervalMs; left > 0 && clock.now() * 1000 < next && !isAborted(signal); left -= CLOCK_LOOK_MS)
    await sleep(Math.min(left, CLOCK_LOOK_MS), signal)
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
