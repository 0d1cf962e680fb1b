import { ModelFailure } from '../versions/model-failure.ts'

/** The time that one request has for others. */
export interface Deadline {
  /** Milliseconds that are left, at least 0. */
  left(): number
}

/** Starts the time of a request. */
export function startDeadline(ms: number, monotonic: () => number): Deadline {
  const end = monotonic() + ms
  return { left: () => Math.max(0, end - monotonic()) }
}

/** What a promise gives, or undefined when it takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** What is asked with a signal gives, or a failure after `ms`: a model that hangs must not hold its callers. */
export async function askWithin<T>(ms: number, ask: (signal: AbortSignal) => Promise<T> | T): Promise<T> {
  const stop = new AbortController()
  const asked = Promise.resolve(ask(stop.signal)).then((answered) => ({ answered }))
  // A failure after the deadline has nobody to tell.
  asked.catch(() => undefined)
  const inTime = await within(ms, asked)
  if (inTime !== undefined) return inTime.answered
  stop.abort()
  throw new ModelFailure('timeout', `It did not answer within ${Math.round(ms)} ms.`)
}
