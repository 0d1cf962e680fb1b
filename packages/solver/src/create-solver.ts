import {
  readCore,
  readValues,
  type SmtQuery,
  type Solver,
  type SolverAnswer,
  type SolverLimits,
} from '@plumbline/core/deep'
import { type ChildMessage, OUT_OF_MEMORY } from './messages.ts'
import { type Child, type StartChild, startChild } from './start-child.ts'

/** What a solver may take, and how its process is started. */
export interface SolverOptions {
  /** Memory of the process, its 100 MB at the start included; more ends it. Default: 1024. */
  readonly megabytes?: number
  readonly startChild?: StartChild
}

/** A solver that holds a process. */
export interface ProcessSolver extends Solver {
  /** Starts the process, if none runs; resolves once it takes questions, or with why none will. */
  load(): Promise<Unknown | undefined>
  /** Ends the process; questions that wait are answered `interrupted`. */
  close(): Promise<void>
}

/** How long z3 may take to load. */
const START_MS = 30_000
/** z3 looks at its clock now and then: it is ended when it has not stopped so long after it should have. */
const graceOf = (milliseconds: number): number => milliseconds + 1_000

type Unknown = Extract<SolverAnswer, { kind: 'unknown' }>

const unknown = (reason: Unknown['reason'], detail: string): Unknown => ({ kind: 'unknown', reason, detail })

interface Running {
  readonly child: Child
  readonly ready: Promise<Unknown | undefined>
  readonly ended: Promise<void>
  /** Whom the next message, or the end, is for. */
  listener: ((said: ChildMessage | { readonly kind: 'end'; readonly exitCode: number | null }) => void) | undefined
}

/** z3 in a process of its own, one question at a time; started with the first, again after each end. */
export function createSolver({ megabytes = 1024, startChild: start = startChild }: SolverOptions = {}): ProcessSolver {
  let running: Running | undefined
  let before: Promise<unknown> = Promise.resolve()
  let count = 0
  let closed = false
  let absent: Unknown | undefined

  const launch = (): Running => {
    let readied: (answer: Unknown | undefined) => void = () => undefined
    let finished: () => void = () => undefined
    const timer = setTimeout(() => made.child.kill(), START_MS)
    const settle = (answer: Unknown | undefined): void => {
      clearTimeout(timer)
      readied(answer)
    }
    const made: Running = {
      ready: new Promise((resolve) => {
        readied = resolve
      }),
      ended: new Promise((resolve) => {
        finished = resolve
      }),
      listener: undefined,
      child: start(
        megabytes,
        (message) => {
          if (message.kind === 'ready') settle(undefined)
          else if (message.kind === 'not-installed') settle(unknown('not-installed', message.detail))
          else made.listener?.(message)
        },
        (exitCode) => {
          if (running === made) running = undefined
          settle(unknown('crashed', `the solver's process ended before it was ready (${exitCode ?? 'killed'})`))
          made.listener?.({ kind: 'end', exitCode })
          finished()
        },
      ),
    }
    return made
  }

  /** A process that takes questions, or why there is none. */
  const ready = async (): Promise<Running | Unknown> => {
    if (absent !== undefined) return absent
    const current = (running ??= launch())
    const refused = await current.ready
    if (refused === undefined) return current
    // One that cannot load z3 waits for questions in vain.
    current.child.kill()
    if (running === current) running = undefined
    if (refused.reason === 'not-installed') absent = refused
    return refused
  }

  const ask = async (query: SmtQuery, limits: SolverLimits): Promise<SolverAnswer> => {
    if (closed || isWithdrawn(limits)) return unknown('interrupted', 'it was not asked')
    const current = await ready()
    if (!('child' in current)) return current
    if (isWithdrawn(limits)) return unknown('interrupted', 'the question was withdrawn')
    const id = count++
    return new Promise((resolve) => {
      let cause: SolverAnswer = unknown('crashed', "the solver's process ended")
      const stop = (why: SolverAnswer): void => {
        cause = why
        current.child.kill()
      }
      const interrupt = (): void => stop(unknown('interrupted', 'the question was withdrawn'))
      const timer = setTimeout(
        () => stop(unknown('timeout', `no answer in ${limits.milliseconds} ms`)),
        graceOf(limits.milliseconds),
      )
      const settle = (answer: SolverAnswer): void => {
        clearTimeout(timer)
        limits.signal?.removeEventListener('abort', interrupt)
        current.listener = undefined
        resolve(answer)
      }
      limits.signal?.addEventListener('abort', interrupt, { once: true })
      current.listener = (said) => {
        if (said.kind === 'end') {
          const full = said.exitCode === OUT_OF_MEMORY
          settle(full ? unknown('memory', `more than ${megabytes} MB`) : cause)
        } else if (said.kind === 'answer' && said.id === id) {
          // One that says goodbye takes no more questions.
          if (said.last && running === current) running = undefined
          settle(answerOf(query, said.verdict.trim(), said.more))
        }
      }
      current.child.ask({
        id,
        script: query.script,
        cores: query.named.length > 0,
        read: query.read,
        ...(query.minimize === undefined ? {} : { minimize: query.minimize }),
        milliseconds: limits.milliseconds,
        ...(limits.steps === undefined ? {} : { steps: limits.steps }),
      })
    })
  }

  return {
    load: async () => {
      const current = await ready()
      return 'child' in current ? undefined : current
    },
    check: (query, limits) => {
      const answer = before.then(() => ask(query, limits))
      before = answer
      return answer
    },
    close: async () => {
      closed = true
      const last = running
      last?.child.kill()
      await last?.ended
    },
  }
}

/** It may be withdrawn while it waits. */
const isWithdrawn = ({ signal }: SolverLimits): boolean => signal?.aborted === true

/** What z3's text means. Whatever is not understood is no answer. */
function answerOf(query: SmtQuery, verdict: string, more: string): SolverAnswer {
  if (verdict === 'sat') {
    const values = query.read.length === 0 ? [] : readValues(more)
    return values === undefined ? unknown('crashed', `it gave no values: ${more.trim()}`) : { kind: 'sat', values }
  }
  if (verdict === 'unsat') {
    const core = query.named.length === 0 ? [] : readCore(more)
    return core === undefined ? unknown('crashed', `it gave no core: ${more.trim()}`) : { kind: 'unsat', core }
  }
  if (verdict !== 'unknown') return unknown('crashed', verdict)
  const late = /timeout|canceled/.test(more)
  return unknown(late ? 'timeout' : 'incomplete', more.trim())
}
