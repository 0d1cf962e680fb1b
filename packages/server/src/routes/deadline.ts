import { ModelFailure } from '../versions/model-failure.ts'

/** What a promise gives, or undefined when it takes longer than `ms`. */
export function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), Math.max(0, ms))
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error as Error)
      },
    )
  })
}

/** What is asked with a signal gives, or a failure after `ms`: a model that hangs must not hold its callers. */
export async function askWithin<T extends object>(
  ms: number,
  ask: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const stop = new AbortController()
  const asked = ask(stop.signal)
  if (!(asked instanceof Promise)) return asked
  const inTime = await within(ms, asked)
  if (inTime !== undefined) return inTime
  stop.abort()
  throw new ModelFailure('timeout', `It did not answer within ${Math.round(ms)} ms.`)
}
