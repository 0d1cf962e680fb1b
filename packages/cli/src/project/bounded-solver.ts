import type { Solver } from '@plumbline/core/deep'

/** So many times the time of one question is spent in full on questions that stay open, and so much again on shorter ones. */
const PATIENCE = 6
/** What a question gets after that, as a part of its time. */
const SHORT = 0.2

/**
 * A solver that does not try for ever: each question may take its time, but what questions without an answer took together is bounded, too. A
 * spec with hundreds of sums of columns is full of such questions, and each costs its time again and again. Those that are not asked
 * any more stay open; answered ones cost nothing of it. `now` is in milliseconds.
 */
export function boundedSolver(
  solver: Solver,
  milliseconds: number,
  now: () => number,
): { readonly solver: Solver; readonly isSpent: () => boolean } {
  const most = PATIENCE * milliseconds
  let spent = 0
  const isSpent = (): boolean => spent >= 2 * most
  const bounded: Solver = {
    check: async (query, limits) => {
      if (isSpent())
        return { kind: 'unknown', reason: 'interrupted', detail: 'open questions have taken too long together' }
      const short = Math.ceil(limits.milliseconds * SHORT)
      const began = now()
      const answer = await solver.check(query, spent < most ? limits : { ...limits, milliseconds: short })
      if (answer.kind === 'unknown') spent += now() - began
      return answer
    },
  }
  return { solver: bounded, isSpent }
}
