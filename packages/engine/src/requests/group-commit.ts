import { logged, type LogResult, notLogged, type RequestLogFailure } from './failure.ts'

/** Lines that are written together: all that came in one turn of the event loop, or while the disk was busy. */
interface Batch {
  text: string
  rows: number
  readonly done: Promise<LogResult<void>>
  readonly settle: (result: LogResult<void>) => void
}

/** Gathers lines and writes them with one write for all. */
export interface GroupCommit {
  /** Resolves when the lines were written, or were not; all that are written together share the promise. */
  add(text: string, rows: number): Promise<LogResult<void>>
  /** Rows and characters that wait. */
  waiting(): { readonly rows: number; readonly length: number }
  /** Resolves when what was added so far is written, or is not. */
  drained(): Promise<void>
}

/** What is written with, and how much may wait. */
export interface GroupCommitOptions {
  /** Writes all of a text or nothing of it; calls come one after another. */
  readonly write: (text: string, rows: number) => Promise<LogResult<void>>
  /** Characters that may wait for the disk; what comes beyond is refused at once. */
  readonly waitingLimit: number
}

/** A group commit: the cost of a write is shared by the rows that wait for it. */
export function groupCommit({ write, waitingLimit }: GroupCommitOptions): GroupCommit {
  let open: Batch | undefined
  let inFlight: Batch | undefined
  let draining: Promise<void> | undefined

  const drain = async (): Promise<void> => {
    // The turn ends first, so that whoever else is served in it can add to the same write.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (open !== undefined) {
      inFlight = open
      open = undefined
      inFlight.settle(await write(inFlight.text, inFlight.rows))
    }
    inFlight = undefined
    draining = undefined
  }
  const waiting = () => ({
    rows: (open?.rows ?? 0) + (inFlight?.rows ?? 0),
    length: (open?.text.length ?? 0) + (inFlight?.text.length ?? 0),
  })

  return {
    waiting,
    async drained() {
      await draining
    },
    add(text, rows) {
      const { length } = waiting()
      if (length > 0 && length + text.length > waitingLimit) {
        const failure: RequestLogFailure = { kind: 'overloaded', waitingBytes: length }
        return Promise.resolve(notLogged(failure))
      }
      open ??= emptyBatch()
      open.text += text
      open.rows += rows
      const { done } = open
      draining ??= drain()
      return done
    },
  }
}

function emptyBatch(): Batch {
  const { promise, resolve } = Promise.withResolvers<LogResult<void>>()
  return { text: '', rows: 0, done: promise, settle: resolve }
}

/** What an addition of nothing comes to. */
export const nothingToWrite: Promise<LogResult<void>> = Promise.resolve(logged(undefined))
