import type { Asking, Solver } from '@plumbline/core/deep'

/** The solver answers none any more after so many times the time of one question. */
const EACH = 1
/** We begin nothing after so much work of our own, nor start the solver. */
const OWN = 0.7
/** Where the solver was not started, our own work may take its share, too. */
const ALONE = 2.2
/** What a question gets when half of that is used, as a part of its time. */
const SHORT = 0.2
/** A spec of more clauses has so much more of it. */
const CLAUSES = 200
/** What was found to contradict is made minimal, and its repair looked for, in so many times that. */
const MORE = 4
/** Others have their turn so often. */
const TURN_MS = 50

/** What a search is bounded by. Clocks are in milliseconds. */
export interface Bounds {
  /** The time of one question. */
  readonly milliseconds: number
  readonly clauses: number
  /** The time on the wall, of which only waiting for the solver is counted. */
  readonly now: () => number
  /** The time that this thread has worked: what others do on the machine is no reason to look for less. */
  readonly worked: () => number
  readonly signal?: AbortSignal
  /** Starts the solver, with the first question; that is not counted. */
  readonly ready?: () => Promise<unknown>
}

type BoundedAsking = Required<Pick<Asking, 'solver' | 'isSpent' | 'isMute' | 'pause'>> & {
  readonly extended: () => BoundedAsking
}

/**
 * A solver that does not try for ever: each question may take its time, but what all of them take together is bounded, too, and what we
 * work ourselves before and between them. A spec with hundreds of sums of columns is full of questions without an answer, and each
 * costs its time again and again. Those that are not asked any more stay open.
 */
export function boundedSolver(solver: Solver, bounds: Bounds): BoundedAsking {
  const { milliseconds, clauses, now, worked, signal, ready } = bounds
  const one = milliseconds * Math.max(1, clauses / CLAUSES)
  let began = worked()
  let waited = 0
  let turned = now()
  let isStarted = false
  let away: number | undefined
  const used = (): number => {
    // What a finding took is no part of it.
    if (away !== undefined) began += worked() - away
    away = undefined
    return worked() - began
  }
  const isSpent = (): boolean => signal?.aborted === true || used() >= (isStarted ? OWN : ALONE) * one
  const isMute = (): boolean => signal?.aborted === true || waited >= EACH * one || (!isStarted && used() >= OWN * one)
  const bounded: Solver = {
    check: async (query, limits) => {
      if (isMute()) return { kind: 'unknown', reason: 'interrupted', detail: 'questions have taken too long together' }
      await ready?.()
      isStarted = true
      const asked = now()
      const full = waited < (EACH * one) / 2 ? limits.milliseconds : limits.milliseconds * SHORT
      const given = Math.max(1, Math.ceil(Math.min(full, EACH * one - waited)))
      const answer = await solver.check(query, { ...limits, milliseconds: given })
      turned = now()
      waited += turned - asked
      return answer
    },
  }
  return {
    solver: bounded,
    isMute,
    isSpent,
    extended: () => {
      used()
      away = worked()
      return boundedSolver(solver, { ...bounds, clauses: MORE * CLAUSES })
    },
    pause: async () => {
      if (now() - turned < TURN_MS) return
      await new Promise((resolve) => setImmediate(resolve))
      turned = now()
    },
  }
}
