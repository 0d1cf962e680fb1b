import { fork } from 'node:child_process'
import type { Answer, Question } from './messages.ts'

/** How the process ended. */
export interface Ended {
  readonly kind: 'ended'
  /** `with the exit code 1`, `by SIGSEGV`. */
  readonly how: string
}

/** A process that runs a model. */
export interface Child {
  /** The answer to a question, or that the process has ended. One question at a time. */
  readonly ask: (question: Question) => Promise<Answer | Ended>
  /** Ends it at once. */
  readonly kill: () => void
}

/** Starts Node with `child.ts` (or `.js`). It ends with this process and does not keep it alive. */
export function startChild(): Child {
  // By the name of the package, for this file may have been joined with others, elsewhere.
  const built = import.meta.url.endsWith('.js')
  const file = new URL(built ? import.meta.resolve('@plumbline/engine/onnx-child') : './child.ts', import.meta.url)
  // What V8 serializes keeps typed arrays as they are.
  const child = fork(file, { execArgv: [], stdio: 'ignore', serialization: 'advanced' })
  let ended: Ended | undefined
  let waiting: ((answer: Answer | Ended) => void) | undefined
  const tell = (answer: Answer | Ended): void => {
    waiting?.(answer)
    waiting = undefined
  }
  const kill = (): void => void child.kill('SIGKILL')
  const end = (how: string): void => {
    process.off('exit', kill)
    ended ??= { kind: 'ended', how }
    tell(ended)
  }
  child.on('message', (message) => tell(message as Answer))
  child.on('exit', (exitCode, signal) => end(signal === null ? `with the exit code ${exitCode}` : `by ${signal}`))
  child.on('error', (cause) => end(`before it began: ${cause.message}`))
  process.on('exit', kill)
  child.unref()
  child.channel?.unref()
  return {
    kill,
    ask: (question) =>
      new Promise((resolve) => {
        if (ended !== undefined) return resolve(ended)
        waiting = resolve
        // That it has ended between two questions is told by `exit`.
        child.send(question, () => undefined)
      }),
  }
}
