import { hostOk } from '@plumbline/core'
import { memoryHost } from '@plumbline/store'
import { expect, test } from 'vitest'
import type { Alerts } from '../alerts/alerts.ts'
import { done } from './failure.ts'
import { followWatch } from './follow.ts'

const NOTHING_TO_TELL: Alerts = {
  observe: () => undefined,
  caughtUp: () => undefined,
  save: async () => hostOk(undefined),
  deliver: async () => ({ ok: true, value: undefined }),
  waiting: () => 0,
  due: () => false,
  firing: () => [],
}

/** Follows a watch whose next window is due at 90 ms of its clock, until it has passed twice; when the second pass came. */
async function secondPass(simulated: boolean): Promise<{ readonly at: number; readonly pauses: readonly number[] }> {
  let now = 0
  let passes = 0
  const stop = new AbortController()
  const host = memoryHost()
  const pauses: number[] = []
  const clock = { now: () => now, monotonic: () => now, ...(simulated ? { simulated } : {}) } as const
  await followWatch({
    host: { ...host, clock },
    watch: {
      pass: async () => {
        if (++passes === 2) stop.abort()
        return done({ position: now * 1000, next: 90_000, problems: [], written: 0 })
      },
      standing: () => 'satisfied',
      close: async () => undefined,
    },
    alerts: NOTHING_TO_TELL,
    once: false,
    intervalMs: 1_000,
    // The clock goes ten times as fast as the time that is waited.
    sleep: async (ms) => {
      pauses.push(ms)
      now += 10 * ms
    },
    signal: stop.signal,
  })
  return { at: now, pauses }
}

test('a simulated clock is looked at between passes: what is due is not kept waiting', async () => {
  const { at, pauses } = await secondPass(true)
  expect(at).toBe(100)
  expect(pauses.slice(0, 2)).toEqual([5, 5])
})

test('on the clock of the machine a pass follows a pass after the interval', async () => {
  expect((await secondPass(false)).pauses[0]).toBe(1_000)
})
