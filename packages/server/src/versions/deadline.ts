import { ModelFailure } from './model-failure.ts'

/**
 * Until when an answer is waited for, as whoever works on it sees it. One thing can be given up at a time; an `AbortSignal`
 * and its listener would cost more than all else of a request that waits.
 */
export class Deadline {
  #passed = false
  #controller: AbortController | undefined
  /** Called once when the deadline passes. */
  giveUp: (() => void) | undefined

  /** Whether nobody waits any more. */
  get passed(): boolean {
    return this.#passed
  }

  /** For work that takes a signal; made when it is first asked for. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  /** Says that nobody waits any more. */
  pass(): void {
    this.#passed = true
    this.#controller?.abort()
    this.giveUp?.()
    this.giveUp = undefined
  }
}

/** What is asked gives, or a failure after `ms`: a model that hangs must not hold its callers. */
export function askWithin<T extends object>(ms: number, ask: (deadline: Deadline) => Promise<T> | T): Promise<T> | T {
  const deadline = new Deadline()
  const asked = ask(deadline)
  if (!(asked instanceof Promise)) return asked
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        reject(new ModelFailure('timeout', `It did not answer within ${Math.round(ms)} ms.`))
        deadline.pass()
      },
      Math.max(0, ms),
    )
    asked.then(
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
