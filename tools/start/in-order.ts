/** Where a task says what it found. */
export interface Shown {
  /** Whether the task speaks at once: all before it have ended. */
  isFirst(): boolean
  /** Says something: at once, or as soon as all before it have ended. */
  write(text: string | Uint8Array): void
}

/** A part of the job; it rejects where it did not do what it is for. */
export interface Task {
  readonly name: string
  /** Names of earlier tasks that must have ended well. */
  readonly needs: readonly string[]
  /** Nothing runs beside it. */
  readonly isAlone?: boolean
  /** Others wait for it: it begins before those that stand before it in the order and could begin as well. */
  readonly isUrgent?: boolean
  readonly run: (shown: Shown) => Promise<void>
}

/** How tasks are run. */
export interface InOrderOptions {
  /** How many run at the same time, from 1. */
  readonly width: number
  readonly write: (text: string | Uint8Array) => void
}

/**
 * Runs tasks as soon as what they need is there, several at a time, and shows them in their order, as if one had run after the
 * other. Rejects with the first failure in that order; what still runs then is the caller's to stop.
 */
export async function inOrder(tasks: readonly Task[], { width, write }: InOrderOptions): Promise<void> {
  refuseDisorder(tasks)
  const waiting = new Set(tasks)
  const running = new Set<Task>()
  const done = new Set<string>()
  const said = new Map<Task, (string | Uint8Array)[]>(tasks.map((task) => [task, []]))
  let first = tasks[0]
  const shownOf = (task: Task): Shown => ({
    isFirst: () => task === first,
    write: (text) => (task === first ? write(text) : void said.get(task)?.push(text)),
  })
  const ends = new Map(tasks.map((task) => [task, Promise.withResolvers<void>()]))
  for (const { promise } of ends.values()) promise.catch(() => undefined)

  const startReady = (): void => {
    const byUrgency = [...waiting].sort((a, b) => Number(b.isUrgent === true) - Number(a.isUrgent === true))
    for (const task of byUrgency) {
      if (running.size >= width || [...running].some(({ isAlone }) => isAlone === true)) return
      if (!task.needs.every((name) => done.has(name))) continue
      // What comes later waits, too: else a task that has to be alone might never be.
      if (task.isAlone === true && running.size > 0) return
      waiting.delete(task)
      running.add(task)
      const ended = task.run(shownOf(task)).then(() => void done.add(task.name))
      void ended.then(ends.get(task)?.resolve, ends.get(task)?.reject)
      void ended
        .catch(() => undefined)
        .then(nextTurn)
        .then(() => {
          running.delete(task)
          startReady()
        })
    }
  }

  startReady()
  for (const task of tasks) {
    first = task
    for (const text of said.get(task) ?? []) write(text)
    await ends.get(task)?.promise
  }
}

/** What has ended is shown before what it made way for begins. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function refuseDisorder(tasks: readonly Task[]): void {
  const known = new Set<string>()
  for (const { name, needs } of tasks) {
    const missing = needs.find((need) => !known.has(need))
    if (missing !== undefined) throw new Error(`${name} needs ${missing}, which does not stand before it`)
    known.add(name)
  }
}
