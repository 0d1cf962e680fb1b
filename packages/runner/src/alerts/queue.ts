import type { Alert } from './alert.ts'
import { LONGEST_WAIT_MS, waitAfter } from './backoff.ts'

/** An alert that waits for its receiver. */
export type Waiting = {
  readonly alert: Alert
  /** When it was put here, in milliseconds since 1970 UTC. */
  readonly queuedAt: number
}

/** What waits for one receiver, in order: a violation is never told after its end. Plain JSON. */
export type Queue = {
  readonly receiver: string
  readonly waiting: readonly Waiting[]
  /** Failed attempts since the last that went well. */
  readonly attempts: number
  /** Before this nothing is tried, in milliseconds since 1970 UTC. */
  readonly notBefore: number
  /** When the receiver last took something, in milliseconds since 1970 UTC. */
  readonly toldAt: number
}

/** More than so many alerts do not wait for one receiver: the oldest are given up. */
export const MOST_WAITING = 1_000
/** An alert is given up after so long, in milliseconds: three days. */
export const LONGEST_LIFE_MS = 3 * 24 * 3_600_000

/** Nothing waits. */
export function emptyQueue(receiver: string): Queue {
  return { receiver, waiting: [], attempts: 0, notBefore: 0, toldAt: 0 }
}

/** Adds an alert at the end; one that waits already is not added again. */
export function enqueue(queue: Queue, alert: Alert, now: number): Queue {
  if (queue.waiting.some((each) => each.alert.id === alert.id)) return queue
  return { ...queue, waiting: [...queue.waiting, { alert, queuedAt: now }] }
}

/** Takes an alert out, wherever it stands. */
export function withoutAlert(queue: Queue, id: string): Queue {
  const waiting = queue.waiting.filter(({ alert }) => alert.id !== id)
  return waiting.length === queue.waiting.length ? queue : { ...queue, waiting }
}

/** Whether something may be sent. A wait longer than any that is ever set means that the clock went back: it is over. */
export function isDue({ waiting, notBefore }: Queue, now: number): boolean {
  return waiting.length > 0 && (now >= notBefore || notBefore - now > 12 * LONGEST_WAIT_MS)
}

/** Alerts that are given up: too old, or too many before the newest. */
export function expired({ waiting }: Queue, now: number): readonly Waiting[] {
  const tooMany = waiting.length - MOST_WAITING
  return waiting.filter(({ queuedAt }, i) => i < tooMany || now - queuedAt > LONGEST_LIFE_MS)
}

/** After the receiver took what it was sent. */
export function afterSuccess(queue: Queue, now: number): Queue {
  return { ...queue, attempts: 0, notBefore: 0, toldAt: now }
}

/** After it could not be reached, or asked to come again (in `asked` milliseconds). */
export function afterFailure(queue: Queue, now: number, asked?: number): Queue {
  const attempts = queue.attempts + 1
  const seed = `${queue.receiver}:${queue.waiting[0]?.alert.id ?? ''}`
  return { ...queue, attempts, notBefore: now + waitAfter(attempts, seed, asked) }
}
