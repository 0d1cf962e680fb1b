import { fork } from 'node:child_process'
import type { ChildMessage, ChildQuestion } from './messages.ts'

/** A process with a solver in it. */
export interface Child {
  readonly ask: (question: ChildQuestion) => void
  /** Ends it at once. */
  readonly kill: () => void
}

/** Starts one; `onMessage` and `onEnd` are called until it has ended, the last with its exit code (null: killed). */
export type StartChild = (
  megabytes: number,
  onMessage: (message: ChildMessage) => void,
  onEnd: (exitCode: number | null) => void,
) => Child

/** Starts Node with `child.ts` (or `.js`). It does not keep this process alive. */
export const startChild: StartChild = (megabytes, onMessage, onEnd) => {
  // By the name of the package, for this file may have been joined with others, elsewhere.
  const built = import.meta.url.endsWith('.js')
  const file = new URL(built ? import.meta.resolve('@plumbline/solver/child') : './child.ts', import.meta.url)
  const child = fork(file, [String(megabytes)], { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  let ended = false
  const end = (exitCode: number | null): void => {
    if (ended) return
    ended = true
    onEnd(exitCode)
  }
  child.on('message', (message) => onMessage(message as ChildMessage))
  child.on('exit', end)
  child.on('error', () => end(null))
  return {
    ask: (question) => {
      // It may have ended between two questions; `onEnd` says so.
      if (child.connected) child.send(question, () => undefined)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
