import type { Solver } from '@plumbline/core/deep'
import { describe, expect, it } from 'vitest'
import { boundedSolver } from './bounded-solver.ts'

const QUERY = { script: '', named: [], read: [] }
const LIMITS = { milliseconds: 100 }

/** A solver that needs `takes` of its clock for each question, and answers those it is told to. */
function slow(takes: number, answers: (question: number) => boolean) {
  let clock = 0
  const given: number[] = []
  const solver: Solver = {
    check: async (_query, { milliseconds }) => {
      clock += Math.min(takes, milliseconds)
      given.push(milliseconds)
      return answers(given.length)
        ? { kind: 'unsat', core: [] }
        : { kind: 'unknown', reason: 'timeout', detail: 'no answer' }
    },
  }
  return { ...boundedSolver(solver, 100, () => clock), given, clock: () => clock }
}

describe('a solver with bounded patience', () => {
  it('gives questions that stay open their time, then a part of it, then none', async () => {
    const { solver, given, clock, isSpent } = slow(1_000, () => false)
    expect(isSpent()).toBe(false)
    const last = []
    for (let i = 0; i < 500; i++) last.push(await solver.check(QUERY, LIMITS))
    expect(given).toEqual([...Array.from({ length: 6 }, () => 100), ...Array.from({ length: 30 }, () => 20)])
    expect(clock()).toBe(1_200)
    expect(isSpent()).toBe(true)
    expect(last.at(-1)).toMatchObject({ kind: 'unknown', reason: 'interrupted' })
  })

  it('asks as many that are answered as there are', async () => {
    const { solver, given } = slow(90, (question) => question % 100 !== 0)
    for (let i = 0; i < 400; i++) await solver.check(QUERY, LIMITS)
    expect(given).toHaveLength(400)
    expect(new Set(given)).toEqual(new Set([100]))
  })
})
